import Model
import Parsing

/// Keywords that are read but not carried out: whoever writes one is told, at its task; of `debugger` once.
struct UnsupportedKeywords {
  private(set) var diagnostics = Diagnostics()
  private var rollsBack = false
  private var hasDebugger = false

  init(_ plays: [Play]) {
    for play in plays {
      rollsBack = play.rollsBackOnFailure
      note(play.keywords, play.span)
      for node in play.nodes { visit(node) }
    }
  }

  private mutating func visit(_ node: TaskNode) {
    switch node {
    case .task(let task): visit(task)
    case .block(let block): note(block.keywords, block.span)
    case .role(let use): note(use.keywords, use.span)
    }
  }

  private mutating func note(_ keywords: Keywords, _ span: SourceSpan) {
    guard !hasDebugger, let debugger = keywords.debugger, debugger.constant != "never" else { return }
    hasDebugger = true
    diagnostics.add(
      .warning(
        "'debugger' is not supported: the run goes on where Ansible would ask what to do",
        advice: "'--step' asks before each task, '-vvv' shows what a task was called with", at: span))
  }

  private mutating func visit(_ task: RunbookTask) {
    note(task.keywords, task.span)
    if !task.rollback.isEmpty, !rollsBack {
      diagnostics.add(.warning("'rollback' is never run here: its play does not say 'on_failure: rollback'", at: task.span))
    }
  }
}
