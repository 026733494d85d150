import Model
import Parsing

/// Keywords that are read but not carried out yet: whoever writes one is told, at its task.
struct UnsupportedKeywords {
  private(set) var diagnostics = Diagnostics()

  init(_ plays: [Play]) {
    for play in plays {
      if play.needs != nil { warn("needs", "plays run in written order", at: play.span) }
      visit(play.preTasks + play.roles.map(TaskNode.role) + play.tasks + play.postTasks + play.handlers)
    }
  }

  private mutating func visit(_ nodes: [TaskNode]) {
    for node in nodes {
      switch node {
      case .task(let task): visit(task)
      case .block(let block): visit(block.tasks + block.rescue + block.always)
      case .role(let use): visit(use.role.tasks + use.role.handlers)
      }
    }
  }

  private mutating func visit(_ task: RunbookTask) {
    if !task.rollback.isEmpty { warn("rollback", "nothing is taken back after a failure", at: task.span) }
  }

  private mutating func warn(_ keyword: String, _ instead: String, at span: SourceSpan) {
    diagnostics.add(.warning("'\(keyword)' is not carried out yet: \(instead)", at: span))
  }
}
