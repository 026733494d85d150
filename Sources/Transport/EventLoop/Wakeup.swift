/// Tells one waiter that something may have moved. A signal without a waiter is kept, or goes to `idleHandler` if there is one.
///
/// `@unchecked Sendable`: touched on its loop's thread only; other threads call `signalFromAnywhere`.
final class Wakeup: @unchecked Sendable {
  private let loop: EventLoop
  private var continuation: UnsafeContinuation<Void, Never>?
  private var isSignalled = false
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

  nonisolated(nonsending) func wait() async {
    if isSignalled {
      isSignalled = false
      return
    }
    precondition(continuation == nil, "a bug: two waiters on one wakeup")
    await withUnsafeContinuation { continuation = $0 }
  }

  /// Waits for a signal, or for the deadline; the caller looks which it was.
  nonisolated(nonsending) func wait(until deadline: MonotonicTime?) async {
    guard let deadline else { return await wait() }
    let timer = loop.schedule(at: deadline) { self.signal() }
    await wait()
    timer.cancel()
  }
}
