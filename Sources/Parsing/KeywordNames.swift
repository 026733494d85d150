/// The keywords of each kind of thing in a runbook: ansible-core 2.19's, and Martlet's own.
package enum KeywordNames {
  package static let base: Set<String> = [
    "any_errors_fatal", "become", "become_exe", "become_flags", "become_method", "become_user", "check_mode",
    "connection",
    "debugger", "diff", "environment", "ignore_errors", "ignore_unreachable", "module_defaults", "name", "no_log",
    "port",
    "remote_user", "run_once", "tags", "throttle", "timeout", "vars",
  ]
  package static let importPlaybook = base.union(["when"])
  package static let roleUse = base.union(["when", "collections", "delegate_to", "delegate_facts", "role"])
  package static let block = base.union([
    "when", "collections", "delegate_to", "delegate_facts", "notify", "block", "rescue", "always",
  ])
  package static let task = base.union([
    "when", "collections", "delegate_to", "delegate_facts", "notify", "action", "local_action", "args", "async",
    "changed_when",
    "delay", "failed_when", "loop", "loop_control", "poll", "register", "retries", "until",
  ]).union(ownOfTasks)
  package static let handler = task.union(["listen"])
  package static let play = base.union([
    "collections", "fact_path", "force_handlers", "gather_facts", "gather_subset", "gather_timeout", "handlers",
    "hosts",
    "max_fail_percentage", "order", "post_tasks", "pre_tasks", "roles", "serial", "strategy", "tasks", "user",
    "vars_files",
    "vars_prompt",
  ]).union(ownOfPlays)
  package static let concurrency: Set<String> = ["key", "limit"]
  package static let canary: Set<String> = ["pause", "until", "timeout", "delay"]
  package static let loopControl: Set<String> = [
    "break_when", "extended", "extended_allitems", "index_var", "label", "loop_var", "pause",
  ]
  package static let varsPrompt: Set<String> = [
    "name", "prompt", "default", "private", "confirm", "encrypt", "salt_size", "salt", "unsafe",
  ]
  /// Keywords that an `include_tasks` or `include_role` may have; the rest belongs into `apply`.
  package static let include: Set<String> = [
    "action", "local_action", "args", "collections", "debugger", "ignore_errors", "loop", "loop_control", "name",
    "no_log",
    "register", "run_once", "tags", "timeout", "vars", "when", "listen", "id", "needs",
  ]
  /// Martlet's own.
  package static let ownOfPlays: Set<String> = ["id", "needs", "canary", "on_failure"]
  package static let ownOfTasks: Set<String> = ["id", "needs", "retry_safe", "rollback", "concurrency"]
}
