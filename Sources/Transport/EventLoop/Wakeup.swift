/// Tells one waiter that something may have moved. A signal without a waiter is kept, or goes to `idleHandler` if there is one.
///
/// `@unchecked Sendable`: touched on its loop's thread only; other threads call `signalFromAnywhere`.
final class Wakeup: @unchecked Sendable {
  private let loop: EventLoop
  private var continuation: UnsafeContinuation<Void, Never>?
  private var isSignalled = false
  /// One at most, and never later than what is waited for: cheaper than one for each wait.
  private var timer: LoopTimer?
  var idleHandler: (() -> Void)?

  init(loop: EventLoop) { self.loop = loop }

  func signal() {
    if let waiter = continuation {
      continuation = nil
      waiter.resume()
    } else if let idleHandler {
      idleHandler()
    } else {
      isSignalled = true
    }
  }

  func signalFromAnywhere() { loop.perform { self.signal() } }

  /// Waits for a signal, for the deadline, or for that of an earlier wait; the caller looks which it was.
  nonisolated(nonsending) func wait(until deadline: MonotonicTime? = nil) async {
    if isSignalled {
      isSignalled = false
      return
    }
    precondition(continuation == nil, "a bug: two waiters on one wakeup")
    if let deadline { keepTimer(notAfter: deadline) }
    await withUnsafeContinuation { continuation = $0 }
    assert(loop.isCurrent, "a bug: a loop's work goes on elsewhere")
  }

  private func keepTimer(notAfter deadline: MonotonicTime) {
    if let timer, !timer.isCancelled, timer.deadline <= deadline { return }
    timer?.cancel()
    // Until then it lives, which costs less than a weak reference does at each signal.
    timer = loop.schedule(at: deadline) { self.signal() }
  }
}
