import Model
import Parsing

/// A stretch of a play's graph in written order: the play's own tasks, its handlers, or what an include brought.
///
/// Tasks form a chain with marks where blocks and roles begin and end, as byte code has them. A host's cursor is an index
/// here, the blocks open around it, and the stack of fragments it was included from.
package struct Fragment: Sendable {
  package enum Node: Sendable {
    case task(PlannedTask)
    /// Runs what the host's notifications ask for, then goes on.
    case flushHandlers(PlannedTask)
    case blockBegin(Section)
    /// The body is done: on to `always`.
    case bodyEnd
    /// The rescue is done, the failure forgotten: on to `always`.
    case rescueEnd
    /// A failure that waited on `always` goes on outwards from here.
    case blockEnd
    /// A host that completed this role already, with the same parameters, jumps behind `end`.
    case roleBegin(RoleKey, end: Int)
    case roleEnd(RoleKey)
  }

  /// Where a block's parts start.
  package struct Section: Sendable, Equatable {
    package var rescue: Int
    package var hasRescue: Bool
    package var always: Int
    package var end: Int

    package init(rescue: Int, hasRescue: Bool, always: Int, end: Int) {
      self.rescue = rescue
      self.hasRescue = hasRescue
      self.always = always
      self.end = end
    }
  }

  package var nodes: [Node] = []
  /// Stretches of nodes that `needs` orders, by where they start.
  package var groups: [Int: TaskGroup] = [:]

  package init(nodes: [Node] = []) { self.nodes = nodes }

  /// Without those of `rescue` and `always`: what ansible-playbook lists.
  package var tasksOutsideOfRescues: [PlannedTask] {
    var kept: [Node] = []
    var index = 0, resumeAt: [Int: Int] = [:]
    while index < nodes.count {
      if case .blockBegin(let section) = nodes[index] { resumeAt[section.rescue] = section.end }
      if let end = resumeAt[index] { index = end } else { kept.append(nodes[index]) }
      index += 1
    }
    return Fragment(nodes: kept).tasks
  }

  package var tasks: [PlannedTask] {
    nodes.compactMap {
      switch $0 {
      case .task(let task), .flushHandlers(let task): task
      case .blockBegin, .bodyEnd, .rescueEnd, .blockEnd, .roleBegin, .roleEnd: nil
      }
    }
  }
}
