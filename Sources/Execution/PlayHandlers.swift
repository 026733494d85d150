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

  /// What a notification means.
  struct Notified {
    /// Node indexes.
    var indexes: [Int] = []
    /// Handlers on the way whose names can't be rendered, and that listen to nothing.
    var unusable: [(name: String, reason: String)] = []
  }

  typealias Rendering = (SourceValue, PlannedTask) throws(TemplateError) -> String

  /// One handler of that name, and all that listen to it, one for each name.
  func notified(by name: String, rendering render: Rendering) -> Notified {
    let entries = byPrecedence
    var notified = Notified()
    for entry in entries {
      guard let written = entry.task.task.keywords.name else { continue }
      do throws(TemplateError) {
        guard spellings(of: try render(written, entry.task), entry.task).contains(name) else { continue }
        notified.indexes.append(entry.index)
        break
      } catch {
        guard entry.task.task.listen.isEmpty else { continue }
        notified.unusable.append((written.asWritten.asText, error.diagnostic.message))
      }
    }
    var seen = Set<String>()
    for entry in entries {
      let topics = entry.task.task.listen.flatMap { source -> [String] in
        // Topics are taken as written: a template among them is no topic.
        source.constant.map { $0.list?.map(\.asText) ?? [$0.asText] } ?? []
      }
      guard topics.flatMap({ spellings(of: $0, entry.task) }).contains(name) else { continue }
      let ownName = entry.task.task.keywords.name.flatMap { try? render($0, entry.task) } ?? ""
      if !ownName.isEmpty, !seen.insert(ownName).inserted { continue }
      if !notified.indexes.contains(entry.index) { notified.indexes.append(entry.index) }
    }
    return notified
  }

  /// `name`, and `role : name` with and without the role's collection: of names and of topics.
  private func spellings(of name: String, _ task: PlannedTask) -> [String] {
    guard let role = task.context.role?.role else { return [name] }
    return [name, "\(role.name) : \(name)", "\(role.shortName) : \(name)"]
  }
}
