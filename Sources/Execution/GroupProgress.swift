import Planning

/// A way through what `needs` orders, a host's through tasks or a run's through plays: several of them may be under way.
struct GroupProgress: Sendable {
  let group: TaskGroup
  /// Offsets of tasks that may be opened, in written order.
  private(set) var ready: [Int]
  /// By offset, how many needs are still to end.
  private var unmet: [Int]
  private var unopenedCount: Int
  private var openCount = 0
  /// A step failed: nothing more is opened, and the host fails once what was open has ended.
  var isFailing = false
  var isLost = false

  init(_ group: TaskGroup) {
    self.group = group
    unmet = group.after.map(\.count)
    ready = unmet.indices.filter { group.after[$0].isEmpty }
    unopenedCount = unmet.count
  }

  var isStopping: Bool { isFailing || isLost }
  var isOver: Bool { openCount == 0 && (unopenedCount == 0 || isStopping) }

  mutating func open(_ offset: Int) {
    ready.removeAll { $0 == offset }
    unopenedCount -= 1
    openCount += 1
  }

  mutating func end(_ offset: Int) {
    openCount -= 1
    for later in group.before[offset] {
      unmet[later] -= 1
      if unmet[later] == 0 { ready.insert(later, at: ready.firstIndex { $0 > later } ?? ready.endIndex) }
    }
  }
}
