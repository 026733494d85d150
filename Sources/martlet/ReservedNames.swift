import Model
import Parsing
import Templating

/// Variables that have the names of keywords or of functions of templates: whoever writes one is told.
struct ReservedNames {
  private(set) var diagnostics = Diagnostics()

  /// ansible-core's own list, without `vars`, which it passes over.
  private static let names: Set<String> = [
    "action", "always", "any_errors_fatal", "args", "async", "async_val", "become", "become_exe", "become_flags", "become_method",
    "become_user", "block", "changed_when", "check_mode", "collections", "connection", "cycler", "debugger", "delay", "delegate_facts",
    "delegate_to", "dict", "diff", "environment", "fact_path", "failed_when", "force_handlers", "gather_facts", "gather_timeout",
    "handlers", "hosts", "ignore_errors", "ignore_unreachable", "joiner", "lipsum", "local_action", "lookup", "loop", "loop_control",
    "loop_with", "max_fail_percentage", "module_defaults", "name", "namespace", "no_log", "notify", "now", "omit", "order", "poll",
    "port", "post_tasks", "pre_tasks", "q", "query", "range", "register", "remote_user", "rescue", "retries", "roles", "run_once",
    "serial", "strategy", "tags", "tasks", "throttle", "timeout", "undef", "until", "vars_files", "vars_prompt", "when", "with_",
  ]

  init(_ plays: [Play], extra: some Sequence<String>) {
    for name in extra where Self.names.contains(name) { diagnostics.add(Self.warning(name, nil)) }
    for play in plays {
      check(play.keywords.vars.keys, play.span)
      for node in play.nodes { visit(node) }
    }
  }

  private mutating func visit(_ node: TaskNode) {
    switch node {
    case .task(let task): visit(task)
    case .block(let block): check(block.keywords.vars.keys, block.span)
    case .role(let use):
      check(use.role.defaults.keys, use.span)
      check(use.role.vars.keys, use.span)
    }
  }

  private mutating func visit(_ task: RunbookTask) {
    // These two are a task's in Ansible's eyes wherever they stand.
    check(task.keywords.vars.keys.filter { $0 != "tags" && $0 != "when" }, task.span)
    if let name = task.register?.constant?.string { check([name], task.span) }
    if ModuleName.builtin(task.module.written) == "set_fact" { check(task.arguments.values.keys, task.arguments.span) }
  }

  private mutating func check(_ names: some Sequence<String>, _ span: SourceSpan) {
    for name in names where Self.names.contains(name) { diagnostics.add(Self.warning(name, span)) }
  }

  private static func warning(_ name: String, _ span: SourceSpan?) -> Diagnostic {
    .warning("Found variable using reserved name '\(name)'.", advice: "give the variable another name", at: span)
  }
}
