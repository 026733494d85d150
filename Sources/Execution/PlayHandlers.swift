import Model
import Planning
import Templating

/// The handlers of a play, to be found by name or topic.
struct PlayHandlers {
  private struct Entry {
    let index: Int
    let task: PlannedTask
    /// Handlers defined together: a play's own, a role's, a block's.
    let group: Int
  }

  private var entries: [Entry] = []

  /// Takes in the handlers' fragment from this node on: at the start all of it, later what an include added.
  mutating func add(_ fragment: Fragment, from start: Int = 0) {
    for index in start..<fragment.nodes.count {
      guard case .task(let task) = fragment.nodes[index] else { continue }
      let isSameGroup = index > start && entries.last?.task.context === task.context
      entries.append(Entry(index: index, task: task, group: (entries.last?.group ?? 0) + (isSameGroup ? 0 : 1)))
    }
  }

  /// Later groups beat earlier ones; within a group what is defined first wins.
  private var byPrecedence: [Entry] { entries.sorted { ($1.group, $0.index) < ($0.group, $1.index) } }

  /// Node indexes of what a notification means: one handler of that name, and all that listen to it, one for each name.
  func indexes(notifiedBy name: String, rendering render: (SourceValue, PlannedTask) -> String?) -> [Int] {
    let entries = byPrecedence
    var found: [Int] = []
    if let named = entries.first(where: { names(of: $0.task, render).contains(name) }) { found.append(named.index) }
    var seen = Set<String>()
    for entry in entries {
      let topics = entry.task.task.listen.flatMap { source -> [String] in
        // Topics are taken as written: a template among them is no topic.
        source.constant.map { $0.list?.map(\.asText) ?? [$0.asText] } ?? []
      }
      guard topics.flatMap({ spellings(of: $0, entry.task) }).contains(name) else { continue }
      let ownName = entry.task.task.keywords.name.flatMap { render($0, entry.task) } ?? ""
      if !ownName.isEmpty, !seen.insert(ownName).inserted { continue }
      if !found.contains(entry.index) { found.append(entry.index) }
    }
    return found
  }

  private func names(of task: PlannedTask, _ render: (SourceValue, PlannedTask) -> String?) -> [String] {
    task.task.keywords.name.flatMap { render($0, task) }.map { spellings(of: $0, task) } ?? []
  }

  /// `name`, and `role : name` with and without the role's collection: of names and of topics.
  private func spellings(of name: String, _ task: PlannedTask) -> [String] {
    guard let role = task.context.role?.role else { return [name] }
    return [name, "\(role.name) : \(name)", "\(role.shortName) : \(name)"]
  }
}
