import Model
import Planning

/// What the hosts of a play are owed in handlers: what earlier runs left, until this run takes it up, and which handlers are
/// still to run of what was notified. Pure.
struct HandlerLedger {
  /// Of earlier runs, by host, until the task has been passed that had notified them.
  private var earlier: [RunState.HostIndex: [OwedHandler]] = [:]
  /// Notified names that a flush has turned into handlers, with those of them that have not run.
  private var open: [RunState.HostIndex: [String: Set<TaskReference>]] = [:]

  mutating func takeUp(_ owed: OwedHandler, on host: RunState.HostIndex) { earlier[host, default: []].append(owed) }

  /// Names that are due since the host has passed a task, as if the task had notified them.
  mutating func due(after task: String, on host: RunState.HostIndex) -> [String] {
    guard let owed = earlier[host] else { return [] }
    earlier[host] = owed.filter { $0.task != task }
    return owed.filter { $0.task == task }.map(\.name)
  }

  /// Those whose task the host has not met on its whole way.
  mutating func remaining(on host: RunState.HostIndex) -> [OwedHandler] { earlier.removeValue(forKey: host) ?? [] }

  /// A name has come to these handlers.
  mutating func expand(_ name: String, to handlers: [TaskReference], on host: RunState.HostIndex) {
    if !handlers.isEmpty { open[host, default: [:]][name, default: []].formUnion(handlers) }
  }

  /// A handler has run; the names that are done by that.
  mutating func ran(_ handler: TaskReference, on host: RunState.HostIndex) -> [String] {
    var done: [String] = []
    for name in (open[host] ?? [:]).keys.sorted() {
      open[host]?[name]?.remove(handler)
      guard open[host]?[name]?.isEmpty == true else { continue }
      open[host]?[name] = nil
      done.append(name)
    }
    return done
  }
}
