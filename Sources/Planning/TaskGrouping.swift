import Model
import Parsing

/// Finds the groups of a fragment, and what is wrong with their `needs`.
package struct TaskGrouping {
  package private(set) var groups: [Int: TaskGroup] = [:]
  package private(set) var diagnostics = Diagnostics()
  private let nodes: [Fragment.Node]
  /// Nodes by the ids of their tasks.
  private var places: [String: Int] = [:]

  package init(_ nodes: [Fragment.Node]) {
    self.nodes = nodes
    guard nodes.contains(where: { $0.plainTask?.task.needs != nil }) else { return }
    notePlaces()
    var start = 0
    while start < nodes.count {
      let end = nodes[start...].firstIndex { $0.plainTask == nil } ?? nodes.count
      if nodes[start..<end].contains(where: { $0.plainTask?.task.needs != nil }) { add(start..<end) }
      start = end + 1
    }
  }

  private mutating func notePlaces() {
    for (index, node) in nodes.enumerated() {
      guard let task = node.anyTask?.task, let id = task.id else { continue }
      if places.updateValue(index, forKey: id) != nil {
        diagnostics.add(.error("there is another task with the id '\(id)' in the play", at: task.span))
      }
    }
  }

  private mutating func add(_ range: Range<Int>) {
    let tasks = nodes[range].compactMap(\.plainTask)
    let effects = tasks.map(TaskReferences.init)
    var after: [[Int]] = [], lastPlain: Int?
    for (offset, task) in tasks.enumerated() {
      if let needs = task.task.needs {
        let named = needs.compactMap { place(of: $0, neededBy: task, in: range) }
        let seen = (0..<offset).filter { effects[offset].mustSee(effects[$0]) }
        after.append(Set(named + seen).sorted())
      } else {
        // All before the last such task are before this one, too.
        after.append(Array((lastPlain ?? 0)..<offset))
        lastPlain = offset
      }
    }
    if let cycle = NeedsCycle.first(in: after) {
      let path = cycle.map { tasks[$0].task.id ?? tasks[$0].shownTitle }.joined(separator: " -> ")
      diagnostics.add(
        .error("tasks wait for each other: \(path)", advice: "take one of these out of 'needs'", at: tasks[cycle[0]].task.span))
      return
    }
    groups[range.lowerBound] = TaskGroup(range: range, after: after)
  }

  /// The offset of a needed task; nil where it is before the group anyway, or can't be.
  private mutating func place(of id: String, neededBy task: PlannedTask, in range: Range<Int>) -> Int? {
    guard let place = places[id] else {
      let advice = nearestName(to: id, among: Array(places.keys)).map { "did you mean '\($0)'?" }
      diagnostics.add(.error("no task of the play has the id '\(id)'", advice: advice, at: task.task.span))
      return nil
    }
    if range.contains(place) { return place - range.lowerBound }
    if place > range.lowerBound {
      diagnostics.add(
        .error(
          "'\(id)' comes later, behind a block, role or include, and can't be waited for here",
          advice: "move it before this task's block, role or include", at: task.task.span))
    }
    return nil
  }
}

extension Fragment.Node {
  /// A task that may stand in a group.
  fileprivate var plainTask: PlannedTask? {
    guard case .task(let task) = self, !task.isImplicit else { return nil }
    return ["meta", "include_tasks", "include_role", "include"].contains(task.module) ? nil : task
  }

  fileprivate var anyTask: PlannedTask? {
    switch self {
    case .task(let task), .flushHandlers(let task): task
    case .blockBegin, .bodyEnd, .rescueEnd, .blockEnd, .roleBegin, .roleEnd: nil
    }
  }
}

extension PlannedTask {
  fileprivate var shownTitle: String { task.keywords.name?.constant?.string ?? "\(task.module.written) (\(place))" }
}
