import Model

/// A session to one host over whatever carries it: keeps persistent shells per become user, opens more where steps run side
/// by side, reopens what died, reconnects when the connection is gone.
package actor ShellSession: HostSession {
  /// Connects, or connects again after the connection was lost.
  typealias Connect = @Sendable () async throws(TransportError) -> any Carrier

  package nonisolated let loop: EventLoop
  package nonisolated let host: String
  let options: TransportOptions
  let threads: BlockingThreads
  private let connect: Connect
  private var carrier: (any Carrier)?
  private var connecting: Task<Result<any Carrier, TransportError>, Never>?
  private var idleShells: [RemoteShell] = []
  private var idleKeys: [Become?] = []
  private var busyShells: [RemoteShell] = []
  private var shellsOpening = 0
  private var shellsMax: Int
  private var shellWaiters: [UnsafeContinuation<Void, Never>] = []
  /// Methods that turned out to want a terminal on this host.
  private var wantsTerminal: Set<Become.Method> = []
  private var isClosed = false
  /// The shell whose life is the lease's; nil before it is taken, and again where that shell died.
  private weak var leaseShell: RemoteShell?
  private var isToldToLackLease = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(host: String, loop: EventLoop, options: TransportOptions, threads: BlockingThreads, connect: @escaping Connect) {
    self.host = host
    self.loop = loop
    self.options = options
    self.threads = threads
    self.connect = connect
    shellsMax = max(1, options.shellsPerSessionMax)
  }

  /// Connects now, so that an unreachable host is known before its first step.
  package func open() async throws(TransportError) {
    _ = try await withTaskExecutorPreference(loop) { () async throws(TransportError) in try await liveCarrier() }
  }

  package func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    try refuseWhatShellsCannotHold(request)
    // In a shell that is ready nothing leaves our executor, so that a preference for it needs not be stated again. Without one,
    // each wait would end on a thread of the pool, which hands on to ours.
    if request.stdin.isEmpty, !isClosed, !Task.isCancelled, loop.isPreferred, let shell = takeIdleShell(request.become) {
      return try await perform(request, input: .nothing, in: shell)
    }
    return try await withTaskExecutorPreference(loop) { () async throws(TransportError) in try await perform(request) }
  }

  package func close() async {
    isClosed = true
    for shell in busyShells { shell.abort() }
    resumeWaiters()
    let deadline = MonotonicTime.now.after(seconds: 3 * options.killGraceSeconds)
    while !busyShells.isEmpty || shellsOpening > 0, MonotonicTime.now < deadline {
      await withUnsafeContinuation { continuation in
        closeWaiter = continuation
        loop.schedule(at: deadline) { [weak self] in self?.assumeIsolated { $0.resumeCloseWaiter() } }
      }
    }
    idleShells.forEach { $0.close() }
    idleShells = []
    idleKeys = []
    carrier?.close()
    carrier = nil
    if let late = connecting {
      connecting = nil
      Task(executorPreference: loop) { if case .success(let carrier) = await late.value { carrier.close() } }
    }
  }

  // MARK: - Running

  func perform(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    var input = ShellFrame.Input.nothing
    if !request.stdin.isEmpty {
      input = ShellFrame.isInlineInput(request.stdin)
        ? .inline(request.stdin) : .file(path: try await placeInput(request.stdin, become: request.become))
    }
    do {
      return try await perform(request, input: input)
    } catch {
      if case .file(let path) = input { await discardInput(path, become: request.become) }
      throw error
    }
  }

  private func perform(
    _ request: ShellRequest, input: ShellFrame.Input, in readyShell: RemoteShell? = nil
  ) async throws(TransportError) -> ShellResponse {
    let shell = if let readyShell { readyShell } else { try await takeShell(request.become) }
    let carrier = self.carrier
    carrier?.beginWatch()
    defer { carrier?.endWatch() }
    do {
      let (outcome, reader) = try await runInterruptibly(request, input, in: shell)
      giveBack(shell, request.become)
      return try response(outcome, reader, request)
    } catch {
      giveBack(shell, request.become)
      guard error.operation == .run, !error.isCancellation, carrier?.isDead == true else { throw error }
      throw TransportError(.run, host: host, "\(error.reason); whether the step has ended there is not known", code: error.code)
    }
  }

  private func response(
    _ outcome: RemoteShell.Outcome, _ reader: FrameReader, _ request: ShellRequest
  ) throws(TransportError) -> ShellResponse {
    let ending: ShellResponse.Ending
    switch outcome {
    case .exited(let status): ending = .exited(status)
    case .died(let reason):
      if let loss = carrier?.lossReason(endedWith: reason, stderr: reader.stderr) {
        throw TransportError(.run, host: host, "the connection was lost: \(loss)")
      }
      ending = .shellDied(reason: reason)
    case .stopped(.deadline(let seconds)): ending = .timedOut(seconds: seconds)
    case .stopped(.cancelled):
      throw TransportError(.run, host: host, "interrupted: the command was killed", code: TransportError.cancelled)
    }
    return ShellResponse(
      ending: ending, stdout: reader.stdout, stderr: reader.stderr, isTruncated: reader.isTruncated)
  }

  // MARK: - Shells

  private func takeShell(_ become: Become?) async throws(TransportError) -> RemoteShell {
    while true {
      if isClosed { throw TransportError(.run, host: host, "the session is closed") }
      if Task.isCancelled {
        throw TransportError(.run, host: host, "interrupted before the command was sent", code: TransportError.cancelled)
      }
      if let shell = takeIdleShell(become) { return shell }
      if busyShells.count + shellsOpening + idleShells.count < shellsMax || closeOneIdleShell() {
        if let shell = try await openCountedShell(become) { return shell }
      } else {
        await withUnsafeContinuation { shellWaiters.append($0) }
      }
    }
  }

  private func takeIdleShell(_ become: Become?) -> RemoteShell? {
    dropDeadShells()
    guard let index = idleKeys.lastIndex(of: become) else { return nil }
    idleKeys.remove(at: index)
    let shell = idleShells.remove(at: index)
    busyShells.append(shell)
    return shell
  }

  /// Nil where the server allows no further channel but one of ours will become free.
  private func openCountedShell(_ become: Become?) async throws(TransportError) -> RemoteShell? {
    shellsOpening += 1
    defer {
      shellsOpening -= 1
      resumeCloseWaiter()
    }
    do {
      let shell = try await openShell(become)
      busyShells.append(shell)
      return shell
    } catch where error.code == TransportError.channelRefused {
      let others = busyShells.count + shellsOpening - 1
      if others > 0 { shellsMax = others }
      if others == 0, !(await makeRoomForChannel()) {
        resumeWaiters()
        throw error
      }
      return nil
    } catch {
      resumeWaiters()
      throw error
    }
  }

  /// Closes an idle shell, whose place the server gives free only once its processes have ended: that may take a moment.
  private func makeRoomForChannel() async -> Bool {
    let now = MonotonicTime.now
    if closeOneIdleShell() {
      expectRoom()
    } else if roomUntil.map({ $0 < now }) ?? true {
      return false
    }
    await Wakeup(loop: loop).wait(until: now.after(seconds: Self.roomPauseSeconds))
    return true
  }

  /// A channel of ours has just been closed.
  func expectRoom() { roomUntil = MonotonicTime.now.after(seconds: Self.roomSeconds) }

  private var roomUntil: MonotonicTime?
  private static let roomSeconds = 5.0
  private static let roomPauseSeconds = 0.02

  private func giveBack(_ shell: RemoteShell, _ become: Become?) {
    busyShells.removeAll { $0 === shell }
    if shell.isDead || isClosed {
      shell.close()
      expectRoom()
    } else {
      idleShells.append(shell)
      idleKeys.append(become)
    }
    resumeWaiters()
    resumeCloseWaiter()
  }

  private func dropDeadShells() {
    for index in idleShells.indices.reversed() where idleShells[index].isDead {
      idleShells.remove(at: index).close()
      idleKeys.remove(at: index)
      expectRoom()
    }
  }

  private func closeOneIdleShell() -> Bool {
    // The one that holds the lease goes last.
    guard let index = idleShells.firstIndex(where: { $0 !== leaseShell }) ?? idleShells.indices.first else { return false }
    idleShells.remove(at: index).close()
    idleKeys.remove(at: index)
    return true
  }

  /// Makes room for a channel where the server refuses one; false if nothing of ours is in the way.
  func freeOneChannel() async -> Bool {
    if await makeRoomForChannel() { return true }
    guard !busyShells.isEmpty else { return false }
    await withUnsafeContinuation { shellWaiters.append($0) }
    return true
  }

  private func resumeWaiters() {
    let waiters = shellWaiters
    shellWaiters = []
    waiters.forEach { $0.resume() }
  }

  private var closeWaiter: UnsafeContinuation<Void, Never>?

  private func resumeCloseWaiter() {
    closeWaiter?.resume()
    closeWaiter = nil
  }

  /// Opens a shell over the live connection; it counts for no one yet.
  func openShell(_ become: Become?) async throws(TransportError) -> RemoteShell {
    let waitSeconds = options.lease?.waitSeconds ?? 0
    let deadline = MonotonicTime.now.after(seconds: waitSeconds)
    var notice: MonotonicTime? = .now.after(seconds: Self.leaseQuietSeconds)
    while true {
      let carrier = try await liveCarrier()
      carrier.beginWatch()
      defer { carrier.endWatch() }
      do throws(TransportError) { return try await openShell(become, over: carrier) } catch {
        guard error.operation == .lease, MonotonicTime.now < deadline, !Task.isCancelled, !isClosed else { throw error }
        if let due = notice, MonotonicTime.now >= due {
          options.onLeaseNotice("\(host): \(error.reason); waiting up to \(Int(waitSeconds)) s for it")
          notice = nil
        }
      }
      await Wakeup(loop: loop).wait(until: .now.after(seconds: Self.leasePauseSeconds))
    }
  }

  private static let leasePauseSeconds = 0.2
  /// A run that has just ended needs a moment to be gone, which is not worth a word.
  private static let leaseQuietSeconds = 1.0

  private func openShell(_ become: Become?, over carrier: any Carrier) async throws(TransportError) -> RemoteShell {
    let (channel, onTerminal) = try await openChannel(
      "exec \(options.remoteShell)", onTerminal: "cat | exec \(options.remoteShell)", become, over: carrier)
    let shell = RemoteShell(channel: channel, host: host, isMerged: onTerminal, loop: loop, options: options)
    let lease = leaseShell.map(\.isDead) ?? true ? options.lease : nil
    do throws(TransportError) {
      let answer = try await shell.bootstrap(lease) { become == nil ? await self.endsWithoutInput(over: carrier) : false }
      switch answer {
      case .refused(let reason): throw TransportError(.lease, host: host, reason)
      case .impossible(let reason) where !isToldToLackLease:
        isToldToLackLease = true
        options.onLeaseNotice("\(host): \(reason)")
      case .impossible: break
      case .ours, nil: break
      }
    } catch {
      shell.close()
      throw error
    }
    if lease != nil { leaseShell = shell }
    return shell
  }

  /// Starts a command as the login user or another; in the latter case that user's READY has been seen. A shell that reads
  /// from a terminal would be interactive: there it gets another command.
  func openChannel(
    _ command: String, onTerminal terminalCommand: String? = nil, _ become: Become?, over carrier: any Carrier
  ) async throws(TransportError) -> (channel: any DuplexChannel, onTerminal: Bool) {
    guard let become else { return (try await carrier.openChannel(command, onTerminal: false), false) }
    let opener = BecomeOpener(host: host, become: become, options: options) { () async throws(TransportError) in
      try await self.checkLogin(over: carrier)
    }
    let startsOnTerminal = wantsTerminal.contains(become.method) || (become.method == .doas && become.password != nil)
    let terminalCommand = terminalCommand ?? command
    let first = startsOnTerminal ? terminalCommand : command
    switch try await opener.open(first, over: carrier, onTerminal: startsOnTerminal) {
    case .success(let channel): return (channel, startsOnTerminal)
    case .failure(.wantsTerminal) where !startsOnTerminal:
      let channel = try await opener.open(terminalCommand, over: carrier, onTerminal: true)
        .mapError { $0.error(host: host, become: become) }.get()
      wantsTerminal.insert(become.method)
      return (channel, true)
    case .failure(let failure):
      if failure.mayBeTheLogin { try await checkLogin(over: carrier) }
      throw failure.error(host: host, become: become)
    }
  }

  // MARK: - The connection

  func liveCarrier() async throws(TransportError) -> any Carrier {
    if isClosed { throw TransportError(.connect, host: host, "the session is closed") }
    if let carrier, !carrier.isDead { return carrier }
    carrier?.close()
    carrier = nil
    for shell in idleShells { shell.close() }
    idleShells = []
    idleKeys = []
    let attempt = connecting ?? Task(executorPreference: loop) { [connect] in
      do throws(TransportError) {
        return .success(try await connect())
      } catch {
        return .failure(error)
      }
    }
    connecting = attempt
    guard let result = await attempt.valueUnlessCancelled(on: loop) else { throw .interrupted(.connect, host) }
    if connecting == attempt {
      connecting = nil
      carrier = try result.get()
      shellsMax = max(1, options.shellsPerSessionMax)
    }
    return try result.get()
  }

  // MARK: - Killing

  /// Signals a process group as the user it runs as, by an idle shell, a new one, or a second connection.
  func kill(
    _ processGroup: Int, _ signal: RemoteShell.KillSignal, become: Become?
  ) async -> TransportError? {
    // What kills a cancelled task's command must not be cancelled with it.
    let task = Task(executorPreference: loop) { () -> TransportError? in
      do throws(TransportError) {
        try await self.signalGroup(processGroup, signal, become: become)
        return nil
      } catch {
        return error
      }
    }
    return await task.value
  }

  private func signalGroup(
    _ processGroup: Int, _ signal: RemoteShell.KillSignal, become: Become?
  ) async throws(TransportError) {
    if let shell = takeIdleShell(become) {
      defer { giveBack(shell, become) }
      return try await signalGroup(processGroup, signal, in: shell)
    }
    guard let carrier, !carrier.isDead else { throw TransportError(.run, host: host, "the connection is gone") }
    do {
      let shell = try await openShell(become, over: carrier)
      defer { shell.close() }
      try await signalGroup(processGroup, signal, in: shell)
    } catch where error.code == TransportError.channelRefused {
      let second = try await connect()
      defer { second.close() }
      let shell = try await openShell(become, over: second)
      defer { shell.close() }
      try await signalGroup(processGroup, signal, in: shell)
    }
  }

  private func signalGroup(
    _ processGroup: Int, _ signal: RemoteShell.KillSignal, in shell: RemoteShell
  ) async throws(TransportError) {
    var request = ShellRequest(script: "kill -\(signal.rawValue) -\(processGroup)")
    request.timeoutSeconds = options.openShellTimeoutSeconds
    _ = try await shell.run(request, input: .nothing) { _, _ in nil }
  }
}

extension TransportError {
  /// The code of an error that says: the server allows no further channel on this connection.
  static let channelRefused: Int32 = -21
}
