import Model
import Parsing

/// Keywords that are read but not carried out yet: whoever writes one is told, at its task.
struct UnsupportedKeywords {
  private(set) var diagnostics = Diagnostics()
  private var rollsBack = false

  init(_ plays: [Play]) {
    for play in plays {
      rollsBack = play.rollsBackOnFailure
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
    if !task.rollback.isEmpty, !rollsBack {
      diagnostics.add(.warning("'rollback' is never run here: its play does not say 'on_failure: rollback'", at: task.span))
    }
  }
}
