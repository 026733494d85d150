import Model

/// Keeps what reporters see of tasks that run side by side in the order in which they are written.
struct WrittenOrder {
  private var tasks: ArraySlice<TaskReference> = []
  private var ended: Set<TaskReference> = []
  private var held: [TaskReference: [RunEvent]] = [:]

  var isHolding: Bool { !tasks.isEmpty }

  /// The tasks that run side by side from here on.
  mutating func begin(_ tasks: [TaskReference]) { self.tasks = tasks[...] }

  /// True where the task is the first of those that have not ended, or none of them; else the events are kept.
  mutating func isDue(_ task: TaskReference, _ events: [RunEvent]) -> Bool {
    guard tasks.contains(task), tasks.first != task else { return true }
    held[task, default: []] += events
    return false
  }

  /// What is due now that a task has ended.
  mutating func end(_ task: TaskReference) -> [RunEvent] {
    ended.insert(task)
    var due: [RunEvent] = []
    while let first = tasks.first {
      due += held.removeValue(forKey: first) ?? []
      guard ended.contains(first) else { break }
      tasks.removeFirst()
    }
    return due
  }

  /// The group is left: nothing is held any more, whether its tasks ran or not.
  mutating func finish() -> [RunEvent] {
    let due = tasks.flatMap { held[$0] ?? [] }
    self = WrittenOrder()
    return due
  }
}
