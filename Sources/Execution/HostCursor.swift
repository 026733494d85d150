import Planning

/// Where one host stands in the graph. Small: a run has one for each host and nothing else per step.
package struct HostCursor: Sendable {
  package enum Status: Sendable, Equatable {
    case ready
    case done
    /// Ended early without failure: `meta: end_host` and its like.
    case ended
    case failed
    case unreachable
  }

  struct Frame: Sendable {
    let fragment: Int
    var index = 0
    var open: [OpenBlock] = []
    var isHandlers = false
    /// What the task here included and the host has still to enter, one fragment after the other.
    var included: [Int] = []
    /// Roles that the host entered here, with where they end, innermost last.
    var openRoles: [(key: RoleKey, end: Int)] = []
  }

  struct OpenBlock: Sendable {
    enum Part: Sendable, Equatable { case body, rescue, always(isFailing: Bool) }
    let section: Fragment.Section
    var part = Part.body
  }

  package internal(set) var status = Status.ready
  var frames = [Frame(fragment: 0)]
  /// Handlers that are due, as indexes into the handlers' fragment.
  package internal(set) var notified: Set<Int> = []
  var completedRoles: Set<RoleKey> = []
  /// Roles of which a task ran here, neither skipped nor unreachable: only those can be complete.
  var startedRoles: Set<RoleKey> = []
  /// How far the host is in a group of tasks; nil outside of one.
  var group: GroupProgress?
  var leavesRole = false
  var isStarted = false
  /// The host has failed and takes back what was changed on it; it counts as failed all the while.
  package internal(set) var isRollingBack = false
  /// Fragments that take changes back, still to come.
  var rollbacks: [Int] = []

  /// How many includes and handler runs the host is in.
  package var includeDepth: Int { frames.count - 1 }

  package var isOver: Bool { status != .ready }

  /// In a flush, or in what a handler included.
  var runsHandlers: Bool { frames.contains(where: \.isHandlers) }

  /// True where a failure now would be caught by a block's `rescue`.
  package var isRescuable: Bool {
    frames.contains { $0.open.contains { $0.part == .body && $0.section.hasRescue } }
  }

  /// Failed, and still to run the `always` sections around.
  var isLeavingAfterFailure: Bool {
    frames.contains { $0.open.contains { $0.part == .always(isFailing: true) } }
  }

  /// Out of the play, or on the way out through `always` sections with no `rescue` around to catch it.
  var isLost: Bool { isOver || isLeavingAfterFailure && !isRescuable }

  /// A task of the innermost role around the host ran.
  mutating func markRoleStarted() {
    for index in frames.indices.reversed() {
      let position = frames[index].index
      frames[index].openRoles.removeAll { $0.end < position }
      if let role = frames[index].openRoles.last {
        startedRoles.insert(role.key)
        return
      }
    }
  }

  enum Order { case before, same, after }

  /// Written order; what an include brought comes after the include and before what follows it, in the order of inclusion.
  func order(against other: HostCursor) -> Order {
    if isRollingBack != other.isRollingBack { return isRollingBack ? .before : .after }
    for (mine, theirs) in zip(frames, other.frames) {
      if mine.fragment != theirs.fragment { return mine.fragment < theirs.fragment ? .before : .after }
      if mine.index != theirs.index { return mine.index < theirs.index ? .before : .after }
    }
    if frames.count == other.frames.count { return .same }
    return frames.count < other.frames.count ? .before : .after
  }
}
