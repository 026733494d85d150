import Synchronization

/// Between getting ready and going to work: steps prepare their calls while the journal writes that they start, and wait here
/// until that is on disk. Opened once; whoever comes later passes at once.
final class StartGate: Sendable {
  private enum State {
    case closed(waiting: [CheckedContinuation<Bool, Never>])
    case decided(mayStart: Bool)
  }

  private let state = Mutex(State.closed(waiting: []))

  /// Whether the step may go to its host.
  func pass() async -> Bool {
    await withCheckedContinuation { continuation in
      let mayStart: Bool? = state.withLock { state in
        switch state {
        case .decided(let mayStart): return mayStart
        case .closed(let waiting):
          state = .closed(waiting: waiting + [continuation])
          return nil
        }
      }
      if let mayStart { continuation.resume(returning: mayStart) }
    }
  }

  func decide(mayStart: Bool) {
    let waiting: [CheckedContinuation<Bool, Never>] = state.withLock { state in
      defer { state = .decided(mayStart: mayStart) }
      if case .closed(let waiting) = state { return waiting }
      return []
    }
    for continuation in waiting { continuation.resume(returning: mayStart) }
  }
}
