import Parsing

extension Play {
  /// All tasks, blocks and roles that stand in it, each before what it holds.
  var nodes: [TaskNode] {
    (preTasks + roles.map(TaskNode.role) + tasks + postTasks + handlers).flatMap(\.withInner)
  }
}

extension TaskNode {
  fileprivate var withInner: [TaskNode] {
    let inner: [TaskNode] =
      switch self {
      case .task: []
      case .block(let block): block.tasks + block.rescue + block.always
      case .role(let use): use.role.tasks + use.role.handlers
      }
    return [self] + inner.flatMap(\.withInner)
  }
}
