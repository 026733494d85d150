import Model
import OrderedCollections
import Templating

// The typed tree of a runbook. It stands here and not in Model, because it holds compiled templates, which Model must not
// know of.

/// A file of plays, with every `import_playbook` already read and put in its place.
package struct Runbook: Sendable {
  package var path: String
  package var plays: [Play]

  package init(path: String, plays: [Play]) {
    self.path = path
    self.plays = plays
  }
}

package struct Play: Sendable {
  package var span: SourceSpan
  /// The folder of the file that the play stands in: `playbook_dir`.
  package var directory: String
  package var keywords = Keywords()
  /// The pattern list, joined by `,` once rendered.
  package var hosts: SourceValue
  package var gatherFacts: SourceValue?
  package var gatherSubset: SourceValue?
  package var gatherTimeout: SourceValue?
  package var factPath: SourceValue?
  /// Each entry is a file name, or a list of which the first that exists counts.
  package var varsFiles: [SourceValue] = []
  package var varsPrompts: [VarsPrompt] = []
  package var preTasks: [TaskNode] = []
  package var roles: [RoleUse] = []
  package var tasks: [TaskNode] = []
  package var postTasks: [TaskNode] = []
  package var handlers: [TaskNode] = []
  package var strategy: SourceValue?
  package var serial: [SourceValue] = []
  package var maxFailPercentage: SourceValue?
  package var forceHandlers: SourceValue?
  package var order: SourceValue?
  /// Martlet's own: `id` and `needs` between plays.
  package var id: String?
  package var needs: [String]?
  /// Martlet's own: what must be between two batches of `serial`.
  package var canary: Canary?
  /// Martlet's own: a host that fails takes back what the run changed on it (`on_failure: rollback`).
  package var rollsBackOnFailure = false
  /// Keywords of the `import_playbook`s that brought the play, outermost first. Their vars beat the play's own.
  package var importKeywords: [Keywords] = []

  /// The play's own variables under those of the imports that brought it.
  package var allVars: OrderedDictionary<String, SourceValue> {
    importKeywords.reversed().reduce(into: keywords.vars) { $0.merge($1.vars) { $1 } }
  }

  package init(span: SourceSpan, directory: String, hosts: SourceValue) {
    self.span = span
    self.directory = directory
    self.hosts = hosts
  }
}

/// A pause after each batch, and conditions that must come to hold before the next one starts.
package struct Canary: Sendable {
  package var span: SourceSpan
  package var pauseSeconds: SourceValue?
  package var until: [Condition] = []
  /// How long conditions may take to hold (300), and how long between two looks (5).
  package var timeoutSeconds: SourceValue?
  package var delaySeconds: SourceValue?

  package init(span: SourceSpan) { self.span = span }
}

package struct VarsPrompt: Sendable {
  package var name: String
  package var prompt: SourceValue
  package var isPrivate = true
  package var mustConfirm = false
  package var defaultValue: SourceValue?
  package var encrypt: String?
  package var saltSize: Int?
  package var salt: String?
  package var isUnsafe = false

  package init(name: String, prompt: SourceValue) {
    self.name = name
    self.prompt = prompt
  }
}

/// A role with the keywords and parameters of one use of it: in `roles:`, `import_role`, or `dependencies`.
package struct RoleUse: Sendable {
  package var role: Role
  package var keywords: Keywords
  /// `{role: x, web_port: 80}`: parameters beat set_fact.
  package var parameters: OrderedDictionary<String, SourceValue>
  package var span: SourceSpan
  /// `tasks_from` and its like already chose the files that `role` holds.
  package var isImport: Bool
  /// Of `include_role`: it comes in while the play runs.
  package var isDynamic = false
  /// `allow_duplicates`, `public` and `rolespec_validate` of an import or include; nil where not given.
  package var allowsDuplicates: SourceValue?
  package var isPublic: SourceValue?
  package var validatesArguments: SourceValue?

  package init(
    role: Role, keywords: Keywords, parameters: OrderedDictionary<String, SourceValue>, span: SourceSpan,
    isImport: Bool = false
  ) {
    self.role = role
    self.keywords = keywords
    self.parameters = parameters
    self.span = span
    self.isImport = isImport
  }
}
