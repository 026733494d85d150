import Glibc
import Synchronization

/// Threads for calls that block (name look-ups, file reads); neither loops nor the cooperative pool may wait for those.
package final class BlockingThreads: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    var threads = 0
  }

  private let state = Mutex(State())
  private let threadsMax: Int

  package init(threadsMax: Int = 8) { self.threadsMax = max(1, threadsMax) }

  nonisolated(nonsending) func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
    await withUnsafeContinuation { continuation in
      submit { continuation.resume(returning: work()) }
    }
  }

  /// `run` that stops waiting at a deadline; the thread still finishes its call, for nobody.
  nonisolated(nonsending) func run<Value: Sendable>(
    on loop: EventLoop, until deadline: MonotonicTime, _ work: @escaping @Sendable () -> Value
  ) async -> Value? {
    let wakeup = Wakeup(loop: loop)
    let answer = Answer<Value>()
    submit {
      answer.value.withLock { $0 = work() }
      wakeup.signalFromAnywhere()
    }
    while true {
      if let value = answer.value.withLock({ $0 }) { return value }
      if deadline <= .now { return nil }
      await wakeup.wait(until: deadline)
    }
  }

  private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// A thread takes jobs until none is left, then ends.
  func submit(_ job: @escaping @Sendable () -> Void) {
    let mustStart = state.withLock { state in
      state.jobs.append(job)
      guard state.threads < threadsMax else { return false }
      state.threads += 1
      return true
    }
    guard mustStart else { return }
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<BlockingThreads>.fromOpaque(argument!).takeRetainedValue().work()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    precondition(code == 0, "no thread left for blocking calls")
    pthread_detach(thread)
  }

  private func work() {
    while let job = next() { job() }
  }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { state in
      if state.jobs.isEmpty {
        state.threads -= 1
        return nil
      }
      return state.jobs.removeFirst()
    }
  }
}
