/// One call in the future on a loop's thread.
///
/// `@unchecked Sendable`: made, fired and cancelled on its loop's thread only.
final class LoopTimer: @unchecked Sendable {
  let deadline: MonotonicTime
  fileprivate var body: (() -> Void)?

  init(deadline: MonotonicTime, body: @escaping () -> Void) {
    self.deadline = deadline
    self.body = body
  }

  var isCancelled: Bool { body == nil }

  /// The call won't come; what it holds is released now.
  func cancel() { body = nil }

  func fire() {
    let due = body
    body = nil
    due?()
  }
}

/// Timers by deadline: a binary heap whose cancelled entries are swept once they are the majority.
struct TimerHeap {
  private var timers: [LoopTimer] = []
  private var sweepAt = 64

  var nextDeadline: MonotonicTime? { timers.first?.deadline }

  mutating func insert(_ timer: LoopTimer) {
    if timers.count >= sweepAt { sweep() }
    timers.append(timer)
    siftUp(timers.count - 1)
  }

  /// Takes the first timer that is due.
  mutating func takeDue(at now: MonotonicTime) -> LoopTimer? {
    guard let first = timers.first, first.deadline <= now else { return nil }
    timers.swapAt(0, timers.count - 1)
    timers.removeLast()
    siftDown(0)
    return first
  }

  private mutating func sweep() {
    let live = timers.filter { !$0.isCancelled }
    timers = []
    for timer in live {
      timers.append(timer)
      siftUp(timers.count - 1)
    }
    sweepAt = max(64, live.count * 2)
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard timers[child].deadline < timers[parent].deadline else { return }
      timers.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < timers.count {
        if timers[child].deadline < timers[least].deadline { least = child }
      }
      guard least != parent else { return }
      timers.swapAt(least, parent)
      parent = least
    }
  }
}
