import OrderedCollections
import Model

/// A module's `module.yml`: the one source for validation, documentation and the editor schema. Field names are those of
/// Ansible's module documentation.
package struct ModuleManifest: Sendable {
  package enum Kind: String, Sendable {
    /// `module.sh` runs on the host.
    case shell
    /// Runs, wholly or partly, on the controller: an action of ours by that name.
    case action
    /// A user's executable from `library/`: JSON in, JSON out. Its parameters are not known.
    case executable
  }

  /// Short name, as the folder's.
  package var name: String
  /// Fully qualified names under which runbooks know it: `ansible.builtin.copy`.
  package var qualifiedNames: [String] = []
  package var kind: Kind
  package var directory: String
  package var shortDescription = ""
  package var description: [String] = []
  package var notes: [String] = []
  package var options: OrderedDictionary<String, ModuleOption> = [:]
  /// The name of the option that free-form text stands for, such as `cmd`.
  package var freeFormOption: String?
  /// Any further parameter is taken (`set_fact`, `debug` does not).
  package var acceptsAnyOption = false
  package var mutuallyExclusive: [[String]] = []
  package var requiredTogether: [[String]] = []
  package var requiredOneOf: [[String]] = []
  package var requiredIf: [RequiredIf] = []
  package var requiredBy: OrderedDictionary<String, [String]> = [:]
  /// What a result says where an option is missing, if not the usual words.
  package var missingTexts: [String: String] = [:]
  package var supportsCheckMode = true
  /// Check mode foretells all that a run would do.
  package var checksFully = false
  /// `module.sh` has a function NAME_quick, which tells in the host's shared shell what needs no fork.
  package var hasQuickLook = false
  /// What drift is told by: nil where a step leaves nothing that is recorded.
  package var manages: Managed?
  /// All that it changes are files, which hosts keep for undo.
  package var changesFilesOnly = false
  /// Groups by which `module_defaults` may speak of it: `community.docker.docker`.
  package var actionGroups: Set<String> = []
  /// Modules whose functions this one calls, such as `apt` for `package`.
  package var uses: [String] = []
  package var examples = ""
  package var returns: OrderedDictionary<String, Value> = [:]

  package enum Managed: Sendable, Equatable {
    /// What this option names; the module says in check mode whether it still is as asked for.
    case named(option: String)
    /// The whole file that this option names, compared by what was left in it.
    case file(option: String)

    package var option: String {
      switch self {
      case .named(let option), .file(let option): option
      }
    }
  }

  package struct RequiredIf: Sendable {
    package var option: String
    package var value: Value
    package var required: [String]
    /// One of them is enough.
    package var isAny: Bool

    package init(option: String, value: Value, required: [String], isAny: Bool) {
      self.option = option
      self.value = value
      self.required = required
      self.isAny = isAny
    }
  }

  package init(name: String, kind: Kind, directory: String) {
    self.name = name
    self.kind = kind
    self.directory = directory
  }
}

package struct ModuleOption: Sendable {
  package enum Kind: String, Sendable { case str, int, float, bool, list, dict, path, raw, jsonarg, json, bytes, bits }

  package var kind: Kind = .str
  package var elements: Kind?
  package var isRequired = false
  package var defaultValue: Value?
  package var choices: [Value] = []
  package var aliases: [String] = []
  /// The value never prints, wherever it goes.
  package var isSecret = false
  package var suboptions: OrderedDictionary<String, ModuleOption> = [:]
  package var description: [String] = []
  /// A number stands for permission bits: 420 is `0644`.
  package var isFileMode = false
  /// Text is split into words as a POSIX shell would, for a command that is run without one.
  package var splitsWords = false
  /// One value counts as a list of it; in a dict that holds for each of its values.
  package var isOneOrMore = false
  /// The body of a web request in the format that the option `body_format` names; it goes by standard input.
  package var isRequestBody = false
  /// Why a value other than the default is refused: an option of the reference that we can't honour.
  package var unsupported: String?

  package init() {}
}

/// What modules there are. Parsing asks it about every task; ModuleLibrary answers from disk.
package protocol ModuleIndex: Sendable {
  /// The manifest of a module by short or qualified name; nil if there is none.
  func manifest(named name: String) -> ModuleManifest?
  /// All names, for suggestions.
  var names: [String] { get }
  /// All groups that modules say they are in.
  var actionGroups: Set<String> { get }
  /// A role's or a runbook's `library/`, met while parsing: its executables are modules from here on.
  func addLibraryFolder(_ folder: String)
}

extension ModuleIndex {
  /// An index of fixed modules takes no more.
  package func addLibraryFolder(_ folder: String) {}

  package var actionGroups: Set<String> { Set(names.flatMap { manifest(named: $0)?.actionGroups ?? [] }) }
}
