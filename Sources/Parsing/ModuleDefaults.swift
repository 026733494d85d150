import Templating
import Model

/// One entry of `module_defaults`: arguments for a module, or for the modules of an action group, where a task gives none.
package struct ModuleDefaults: Sendable {
  /// A module's name as written, or `group/NAME` with the group's full name.
  package var name: String
  /// A dict, or a template that comes to one.
  package var values: SourceValue
  package var span: SourceSpan
  /// What the group's name stands for; nil for a module's entry.
  package var group: ActionGroup?

  package init(name: String, values: SourceValue, span: SourceSpan) {
    self.name = name
    self.values = values
    self.span = span
  }
}

/// Modules that `module_defaults` may speak of together.
package struct ActionGroup: Sendable {
  /// `docker` is `ansible.builtin.docker`.
  package var fullName: String
  /// Full names of the modules in it, by what collections on disk say.
  package var modules: Set<String> = []
  /// Itself, and the groups that it takes in: modules of ours say themselves which groups they are in.
  package var groups: Set<String> = []

  package init(named name: String) {
    fullName = name.split(separator: ".").count < 3 ? "ansible.builtin.\(name)" : name
  }

  package func holds(_ manifest: ModuleManifest) -> Bool {
    !groups.isDisjoint(with: manifest.actionGroups) || !modules.isDisjoint(with: manifest.allNames)
  }

  /// The namespace and the collection of a group or module.
  static func collection(of fullName: String) -> String { fullName.split(separator: ".").prefix(2).joined(separator: ".") }
}

extension ModuleManifest {
  /// All names that runbooks may give the module. An executable stands in for one of the language's own under its short names only.
  package var allNames: Set<String> {
    if kind == .executable { return [name, "ansible.legacy.\(name)"] }
    let short = Set([name] + qualifiedNames.compactMap { $0.split(separator: ".").last.map(String.init) })
    return short.union(short.flatMap { ["ansible.legacy.\($0)", "ansible.builtin.\($0)"] }).union(qualifiedNames)
  }
}
