import Model
import Planning
import Templating

/// The handlers of a play, to be found by name or topic.
struct PlayHandlers {
  private struct Entry {
    let index: Int
    let task: PlannedTask
  }

  private var entries: [Entry] = []

  /// Takes in the handlers' fragment from this node on: at the start all of it, later what an include added.
  mutating func add(_ fragment: Fragment, from start: Int = 0) {
    for index in start..<fragment.nodes.count {
      if case .task(let task) = fragment.nodes[index] { entries.append(Entry(index: index, task: task)) }
    }
  }

  /// Node indexes of what a notification means: the last handler of that name, and all that listen to it.
  func indexes(notifiedBy name: String, rendering render: (SourceValue, PlannedTask) -> String?) -> [Int] {
    var found: [Int] = []
    if let named = entries.last(where: { names(of: $0.task, render).contains(name) }) { found.append(named.index) }
    for entry in entries where !found.contains(entry.index) {
      let topics = entry.task.task.listen.flatMap { source -> [String] in
        if let topics = source.constant?.list { return topics.map(\.asText) }
        return render(source, entry.task).map { [$0] } ?? []
      }
      if topics.contains(name) { found.append(entry.index) }
    }
    return found
  }

  /// `name`, `role : name`, and the latter with the collection's name.
  private func names(of task: PlannedTask, _ render: (SourceValue, PlannedTask) -> String?) -> [String] {
    guard let source = task.task.keywords.name, let name = render(source, task) else { return [] }
    guard let role = task.context.role?.role else { return [name] }
    let qualified = role.collection.map { ["\($0).\(role.name) : \(name)"] } ?? []
    return [name, "\(role.name) : \(name)"] + qualified
  }
}
