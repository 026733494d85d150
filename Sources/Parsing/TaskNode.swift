import Model
import OrderedCollections
import Templating

/// What stands in a list of tasks, once static imports are read.
package indirect enum TaskNode: Sendable {
  case task(RunbookTask)
  case block(TaskBlock)
  /// `import_role`, or a role among `roles:`.
  case role(RoleUse)
}

/// A block; also what an `import_tasks` becomes: its children under the import's keywords.
package struct TaskBlock: Sendable {
  package enum Origin: Sendable { case block, importTasks }

  package var span: SourceSpan
  package var origin: Origin
  package var keywords = Keywords()
  package var tasks: [TaskNode]
  package var rescue: [TaskNode] = []
  package var always: [TaskNode] = []

  package init(span: SourceSpan, origin: Origin, tasks: [TaskNode]) {
    self.span = span
    self.origin = origin
    self.tasks = tasks
  }
}

/// One task as written.
package struct RunbookTask: Sendable {
  package var span: SourceSpan
  package var keywords = Keywords()
  /// The name as written; `ModuleName` gives the short one.
  package var module: ModuleName
  package var arguments: TaskArguments
  package var loop: Loop?
  package var register: SourceValue?
  package var changedWhen: [Condition]?
  package var failedWhen: [Condition]?
  package var until: [Condition]?
  package var retries: SourceValue?
  package var delaySeconds: SourceValue?
  package var asyncSeconds: SourceValue?
  package var pollSeconds: SourceValue?
  /// Handlers only: topics besides the name.
  package var listen: [SourceValue] = []
  /// Martlet's own: the task's id, and what it is ordered after. `needs: []` makes a root.
  package var id: String?
  package var needs: [String]?
  /// Martlet's own: the step may be sent again when it is not known whether it ran.
  package var retrySafe: SourceValue?
  /// Martlet's own: what takes the task's change back.
  package var rollback: [TaskNode] = []
  /// Martlet's own: a limit on how many steps run at once, shared by name.
  package var concurrency: SourceValue?
  /// `action: "{{ name }}"`: the module is known only at run time.
  package var moduleTemplate: Template?
  /// `apply` of `include_tasks` and `include_role`: keywords for what is included.
  package var apply: Keywords?
  /// What relative names in the task are resolved against.
  package var context: SourceContext?

  package init(span: SourceSpan, module: ModuleName, arguments: TaskArguments) {
    self.span = span
    self.module = module
    self.arguments = arguments
  }
}

/// The arguments of a task, from `module: {…}`, `module: k=v`, `args:` and `action:`, merged as Ansible merges them.
package struct TaskArguments: Sendable {
  package var values: OrderedDictionary<String, SourceValue> = [:]
  /// Text of a free-form module (`command`, `shell`, `raw`, `script`, `meta`, `include_*`), `k=v` words already taken out.
  package var freeForm: SourceValue?
  /// `copy: "{{ all_arguments }}"`: rendered to a dict at run time; `values` win.
  package var variable: SourceValue?
  /// Keys that are templates themselves (`set_fact: {"{{ name }}": 1}`), by the key as written.
  package var keyTemplates: [String: Template] = [:]
  /// Where each argument stands, for messages about its value.
  package var spans: [String: SourceSpan] = [:]
  package var span: SourceSpan

  package init(span: SourceSpan) { self.span = span }
}

/// `loop`, `with_*` and `loop_control`.
package struct Loop: Sendable {
  package enum Source: Sendable {
    case loop(SourceValue)
    /// `with_NAME`: a lookup by that name over the terms.
    case lookup(name: String, terms: SourceValue)
  }

  package var source: Source
  package var span: SourceSpan
  package var variable: SourceValue?
  package var indexVariable: SourceValue?
  package var label: SourceValue?
  package var pauseSeconds: SourceValue?
  package var isExtended: SourceValue?
  package var includesAllItems: SourceValue?
  package var breakWhen: [Condition] = []

  package init(source: Source, span: SourceSpan) {
    self.source = source
    self.span = span
  }
}
