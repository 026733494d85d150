import Glibc
import Synchronization

/// Threads for calls that block (name look-ups, file reads); neither loops nor the cooperative pool may wait for those. They
/// start as they are needed and end when nothing has come for a while.
///
/// `@unchecked Sendable`: all state is behind `lock`.
package final class BlockingThreads: @unchecked Sendable {
  private var jobs: [@Sendable () -> Void] = []
  private var threads = 0
  private var idle = 0
  private let threadsMax: Int
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasJob = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init(threadsMax: Int = 8) {
    self.threadsMax = max(1, threadsMax)
    pthread_mutex_init(lock, nil)
    pthread_cond_init(hasJob, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(hasJob)
    lock.deallocate()
    hasJob.deallocate()
  }

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

  func submit(_ job: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(lock)
    jobs.append(job)
    let mustStart = idle < jobs.count && threads < threadsMax
    if mustStart { threads += 1 } else { pthread_cond_signal(hasJob) }
    pthread_mutex_unlock(lock)
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

  /// Nil when nothing has come for a while; the thread is no longer counted then.
  private func next() -> (@Sendable () -> Void)? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    var end = timespec()
    clock_gettime(CLOCK_REALTIME, &end)
    end.tv_sec += Self.idleSeconds
    while jobs.isEmpty {
      idle += 1
      let code = pthread_cond_timedwait(hasJob, lock, &end)
      idle -= 1
      guard code == 0 || !jobs.isEmpty else {
        threads -= 1
        return nil
      }
    }
    return jobs.removeFirst()
  }

  private static let idleSeconds = 5
}
