import CLinux
import Glibc
import Synchronization

/// What a loop calls when a descriptor may be read or written.
protocol DescriptorHandler: AnyObject {
  /// `events` is epoll's set of what happened.
  func descriptorIsReady(_ descriptor: Int32, events: UInt32)
}

/// One epoll thread that is a `SerialExecutor` and a `TaskExecutor`: actors pinned to it, and tasks that prefer it, run on
/// the thread that does their I/O, so that an await costs no change of thread.
///
/// `@unchecked Sendable`: what other threads touch is in `inbox` or never changes; the rest belongs to the loop's thread.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
  private struct Inbox {
    var jobs: [UnownedJob] = []
    var calls: [@Sendable () -> Void] = []
    /// Whether the loop's thread looks here before it waits again; what comes then needs no signal.
    var isWatched = true
  }

  private let epoll: Int32
  private let wakeDescriptor: Int32
  private let inbox = Mutex(Inbox())
  private var thread = pthread_t()
  private var localJobs: [UnownedJob] = []
  /// Those that run now; the two change places, so that neither is allocated anew for each turn.
  private var runningJobs: [UnownedJob] = []
  /// By descriptor.
  private var handlers: [(any DescriptorHandler)?] = []
  private var timers = TimerHeap()
  /// Where reads of all channels on this loop land first, so that sessions need no buffer of their own.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.scratchBytes, alignment: 16)
  /// Where what nobody wants is read to; apart from `scratch`, since that may happen while a read's bytes are in there.
  let discard = UnsafeMutableRawBufferPointer.allocate(byteCount: EventLoop.discardBytes, alignment: 16)

  /// Starts the thread, which lives as long as the process.
  package init() {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    wakeDescriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
    precondition(epoll >= 0 && wakeDescriptor >= 0, "no descriptors left for an event loop")
    var event = epoll_event()
    // Each write is an edge, so that nothing needs to be read.
    event.events = EPOLLIN.rawValue | EPOLLET.rawValue
    event.data.fd = wakeDescriptor
    epoll_ctl(epoll, EPOLL_CTL_ADD, wakeDescriptor, &event)
    let retained = Unmanaged.passRetained(self)
    let started = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<EventLoop>.fromOpaque(argument!).takeUnretainedValue().loop()
        return nil
      }, retained.toOpaque())
    precondition(started == 0, "no thread left for an event loop")
  }

  var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }

  /// Whether the current task goes on here after a wait, without being sent by another thread.
  var isPreferred: Bool { withUnsafeCurrentTask { $0?.unownedTaskExecutor == asUnownedTaskExecutor() } }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      localJobs.append(job)
    } else {
      post { $0.jobs.append(job) }
    }
  }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  package func checkIsolated() { precondition(isCurrent, "a bug: loop-bound state touched from another thread") }

  /// Runs a closure on the loop's thread, soon.
  func perform(_ call: @escaping @Sendable () -> Void) { post { $0.calls.append(call) } }

  /// Edge-triggered, both directions: the handler reads and writes until it would block.
  func register(_ descriptor: Int32, _ handler: any DescriptorHandler) {
    let missing = Int(descriptor) + 1 - handlers.count
    if missing > 0 { handlers += [(any DescriptorHandler)?](repeating: nil, count: missing) }
    handlers[Int(descriptor)] = handler
    var event = epoll_event()
    event.events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
    event.data.fd = descriptor
    epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
  }

  func unregister(_ descriptor: Int32) {
    guard Int(descriptor) < handlers.count, handlers[Int(descriptor)] != nil else { return }
    handlers[Int(descriptor)] = nil
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
  }

  @discardableResult
  func schedule(at deadline: MonotonicTime, _ body: @escaping () -> Void) -> LoopTimer {
    let timer = LoopTimer(deadline: deadline, body: body)
    timers.insert(timer)
    return timer
  }

  private func post(_ put: (inout Inbox) -> Void) {
    let mustWake = inbox.withLock { inbox in
      put(&inbox)
      defer { inbox.isWatched = true }
      return !inbox.isWatched
    }
    if mustWake {
      var one: UInt64 = 1
      _ = write(wakeDescriptor, &one, 8)
    }
  }

  private func loop() {
    thread = pthread_self()
    blockBrokenPipeSignal()
    var events = [epoll_event](repeating: epoll_event(), count: Self.eventsPerWait)
    while true {
      repeat { runLocalJobs() } while takeInbox()
      let count = epoll_wait(epoll, &events, Int32(events.count), waitMilliseconds())
      for index in 0..<max(0, Int(count)) {
        let descriptor = events[index].data.fd
        guard descriptor != wakeDescriptor else { continue }
        handlers[Int(descriptor)]?.descriptorIsReady(descriptor, events: events[index].events)
      }
      if timers.nextDeadline != nil {
        let now = MonotonicTime.now
        while let timer = timers.takeDue(at: now) { timer.fire() }
      }
    }
  }

  /// Writing to a child that has gone is an error of that write, not the end of this process.
  private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  private func runLocalJobs() {
    let serial = asUnownedSerialExecutor()
    let task = asUnownedTaskExecutor()
    while !localJobs.isEmpty {
      swap(&localJobs, &runningJobs)
      for job in runningJobs { job.runSynchronously(isolatedTo: serial, taskExecutor: task) }
      runningJobs.removeAll(keepingCapacity: true)
    }
  }

  /// Takes what other threads have brought; false where there is nothing, and from then on they signal.
  private func takeInbox() -> Bool {
    let (jobs, calls) = inbox.withLock { inbox in
      let taken = (inbox.jobs, inbox.calls)
      inbox.isWatched = !taken.0.isEmpty || !taken.1.isEmpty
      inbox.jobs = []
      inbox.calls = []
      return taken
    }
    localJobs.append(contentsOf: jobs)
    for call in calls { call() }
    return !jobs.isEmpty || !calls.isEmpty
  }

  /// Rounded up, or a timer a fraction of a millisecond away would spin.
  private func waitMilliseconds() -> Int32 {
    guard let deadline = timers.nextDeadline else { return -1 }
    let seconds = deadline.seconds(since: .now)
    return seconds <= 0 ? 0 : Int32(min(seconds * 1000 + 1, 60_000))
  }

  private static let eventsPerWait = 256
  private static let scratchBytes = 2 << 20
  private static let discardBytes = 32 << 10
}
