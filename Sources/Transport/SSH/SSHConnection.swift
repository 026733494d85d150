import CLibSSH2
import Glibc

/// One SSH connection by libssh2: owns the session, its channels and the signs of life.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class SSHConnection: Carrier, @unchecked Sendable {
  let host: String
  let loop: EventLoop
  let options: TransportOptions
  let session: OpaquePointer
  let wire: SSHWire
  private let source: any ByteSource
  /// For what the connection as a whole waits for: handshake, login, a channel being opened.
  private let wakeup: Wakeup
  private var channels: [SSHChannel] = []
  /// libssh2 can open one channel at a time; others wait here.
  private var isOpeningChannel = false
  private var openers: [UnsafeContinuation<Void, Never>] = []
  private var failure: TransportError?
  private var watchers = 0
  private var watchStart = MonotonicTime.now
  private var watchTimer: LoopTimer?
  /// The silence that began here was once measured anew.
  private var excusedSilence: MonotonicTime?
  private var isClosed = false

  init(source: any ByteSource, host: String, loop: EventLoop, options: TransportOptions) throws(TransportError) {
    guard LibSSH2.isReady else { throw TransportError(.handshake, host: host, "libssh2 can't be initialised") }
    wire = SSHWire(source: source)
    guard let session = libssh2_session_init_ex(nil, nil, nil, Unmanaged.passUnretained(wire).toOpaque()) else {
      throw TransportError(.handshake, host: host, "no memory for a session")
    }
    self.session = session
    self.source = source
    self.host = host
    self.loop = loop
    self.options = options
    wakeup = Wakeup(loop: loop)
    libssh2_session_set_blocking(session, 0)
    _ = libssh2_session_callback_set(
      session, LIBSSH2_CALLBACK_SEND, unsafeBitCast(SSHWire.sendCallback, to: UnsafeMutableRawPointer.self))
    _ = libssh2_session_callback_set(
      session, LIBSSH2_CALLBACK_RECV, unsafeBitCast(SSHWire.receiveCallback, to: UnsafeMutableRawPointer.self))
    _ = libssh2_session_callback_set(
      session, LIBSSH2_CALLBACK_DISCONNECT, unsafeBitCast(SSHWire.disconnectCallback, to: UnsafeMutableRawPointer.self))
    source.onReady = { [weak self] in self?.sourceIsReady() }
  }

  deinit {
    // libssh2 says EAGAIN while it waits for peers; with the wire cut there is none to wait for.
    wire.isCut = true
    var tries = 0
    while libssh2_session_free(session) == LIBSSH2_ERROR_EAGAIN, tries < 100 { tries += 1 }
  }

  var isDead: Bool { isClosed || failure != nil || wire.sourceFailure != nil || source.isPeerClosed }
  var descriptor: Int32 { source.descriptor }

  func openChannel(_ command: String, onTerminal: Bool) async throws(TransportError) -> any DuplexChannel {
    let channel = try await openRawChannel { session in
      libssh2_channel_open_ex(session, "session", 7, SSHChannel.windowBytes, SSHChannel.packetBytes, nil, 0)
    }
    let deadline = MonotonicTime.now.after(seconds: options.openShellTimeoutSeconds)
    do throws(TransportError) {
      let handle = channel.handle
      if onTerminal {
        _ = try await drive(.openShell, until: deadline, waking: channel.wakeup) {
          Int(libssh2_channel_request_pty_ex(handle, "dumb", 4, nil, 0, 200, 24, 0, 0))
        }
      }
      let bytes = command.utf8.count
      _ = try await drive(.openShell, until: deadline, waking: channel.wakeup) {
        Int(libssh2_channel_process_startup(handle, "exec", 4, command, UInt32(bytes)))
      }
      return channel
    } catch {
      channel.close()
      guard error.code == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED else { throw error }
      throw TransportError(.openShell, host: host, Self.refusedCommand, code: error.code)
    }
  }

  /// A way through this host to another's port.
  func openTunnel(host target: String, port: Int) async throws(TransportError) -> any DuplexChannel {
    try await openRawChannel { session in
      libssh2_channel_direct_tcpip_ex(session, target, Int32(port), "127.0.0.1", 0)
    }
  }

  func close() {
    guard !isClosed else { return }
    isClosed = true
    watchTimer?.cancel()
    for channel in channels { channel.connectionIsGone() }
    channels = []
    if failure == nil, wire.sourceFailure == nil {
      _ = libssh2_session_disconnect_ex(session, SSH_DISCONNECT_BY_APPLICATION, "done", "")
      wire.flush()
    }
    failure = failure ?? TransportError(.close, host: host, "the session is closed")
    wakeup.signal()
    source.close()
  }

  // MARK: - Driving libssh2

  /// Repeats a libssh2 call until it no longer says EAGAIN. What belongs to a channel waits for that channel's `wakeup`;
  /// the connection's own is for one caller at a time.
  nonisolated(nonsending) func drive(
    _ operation: TransportError.Operation, until deadline: MonotonicTime?, waking channelWakeup: Wakeup? = nil,
    _ call: () -> Int
  ) async throws(TransportError) -> Int {
    let wakeup = channelWakeup ?? self.wakeup
    while true {
      let code = call()
      finishCall()
      if code >= 0 { return code }
      guard code == LibSSH2.again else { throw error(operation, code: Int32(code)) }
      if let failure { throw failure }
      if let deadline, deadline <= .now {
        throw TransportError(operation, host: host, "no answer in time", code: LIBSSH2_ERROR_TIMEOUT)
      }
      await wakeup.wait(until: deadline)
    }
  }

  /// Lets a sign callback's answer that came from elsewhere continue the login.
  func wakeLogin() { wakeup.signalFromAnywhere() }

  /// To be called after every libssh2 call: sends what it produced.
  func finishCall(by caller: SSHChannel? = nil) {
    let received = wire.bytesReceived
    if wire.outgoingCount > 0 { wire.flush() }
    // A call reads whatever has come, for all channels: the others' share is in libssh2's queue now.
    if received != bytesReceivedSeen {
      bytesReceivedSeen = received
      if caller != nil { wakeup.signal() }
      for channel in channels where channel !== caller { channel.wakeup.signal() }
    }
  }
  private var bytesReceivedSeen = 0

  func error(_ operation: TransportError.Operation, code: Int32) -> TransportError {
    if let failure { return failure }
    if LibSSH2.isDisconnect(code) || wire.sourceFailure != nil {
      let error = TransportError(operation, host: host, lostReason(), code: code)
      fail(error)
      return error
    }
    var text: UnsafeMutablePointer<CChar>?
    libssh2_session_last_error(session, &text, nil, 0)
    let words = text.map { String(cString: $0) } ?? "libssh2 error \(code)"
    return TransportError(operation, host: host, words.prefix(1).lowercased() + words.dropFirst(), code: code)
  }

  /// The connection is over; everyone who waits hears why.
  func fail(_ error: TransportError) {
    guard failure == nil else { return }
    failure = error
    watchTimer?.cancel()
    wakeup.signal()
    for channel in channels { channel.wakeup.signal() }
  }

  var currentFailure: TransportError? { failure }

  private func lostReason() -> String {
    switch wire.sourceFailure {
    case .some(let code) where code > 0: "the connection was lost: \(SystemFailure("network", code: code).reason)"
    default: "the host closed the connection" + (wire.farewell.isEmpty ? "" : ": \(wire.farewell)")
    }
  }

  private func sourceIsReady() {
    if wire.outgoingCount > 0 { wire.flush() }
    wakeup.signal()
    for channel in channels { channel.wakeup.signal() }
  }

  // MARK: - Channels

  private nonisolated(nonsending) func openRawChannel(
    _ open: (OpaquePointer) -> OpaquePointer?
  ) async throws(TransportError) -> SSHChannel {
    while isOpeningChannel { await withUnsafeContinuation { openers.append($0) } }
    isOpeningChannel = true
    defer {
      isOpeningChannel = false
      if !openers.isEmpty { openers.removeFirst().resume() }
    }
    var handle: OpaquePointer?
    let deadline = MonotonicTime.now.after(seconds: options.openShellTimeoutSeconds)
    _ = try await drive(.openShell, until: deadline) {
      handle = open(session)
      return handle == nil ? Int(libssh2_session_last_errno(session)) : 0
    }
    guard let handle else { throw TransportError(.openShell, host: host, "libssh2 gave no channel") }
    let channel = SSHChannel(handle: handle, connection: self)
    channels.append(channel)
    return channel
  }

  func forget(_ channel: SSHChannel) { channels.removeAll { $0 === channel } }

  // MARK: - Signs of life

  func beginWatch() {
    watchers += 1
    guard watchers == 1 else { return }
    watchStart = .now
    // One that is due soon enough does: a timer for each round trip would cost more than the watch is worth.
    if let timer = watchTimer, !timer.isCancelled, timer.deadline <= watchStart.after(seconds: options.keepaliveSeconds) { return }
    scheduleWatch(seconds: options.keepaliveSeconds)
  }

  func endWatch() { watchers -= 1 }

  /// One timer at a time: short while someone waits, long otherwise.
  private func scheduleWatch(seconds: Double) {
    watchTimer?.cancel()
    guard !isDead else { return }
    let due = MonotonicTime.now.after(seconds: seconds)
    watchTimer = loop.schedule(at: due) { [weak self] in self?.watch(due: due) }
  }

  private func watch(due: MonotonicTime) {
    guard failure == nil, !isClosed else { return }
    // If we were late ourselves (suspended, or short of CPU), the peer may have had nothing to answer: once for each silence.
    if MonotonicTime.now.seconds(since: due) > Self.lateSecondsMax, excusedSilence != wire.lastReceived {
      excusedSilence = wire.lastReceived
      watchStart = .now
    }
    let silence = MonotonicTime.now.seconds(since: max(wire.lastReceived, watchStart))
    if watchers > 0, silence >= options.deadPeerSeconds {
      fail(TransportError(.run, host: host, "no sign of life for \(Int(silence)) s: the host hangs, or the network to it is cut"))
      return
    }
    if silence >= min(options.keepaliveSeconds, 1) {
      libssh2_keepalive_config(session, 1, 1)
      var next: Int32 = 0
      _ = libssh2_keepalive_send(session, &next)
      finishCall()
    }
    scheduleWatch(seconds: watchers > 0 ? options.keepaliveSeconds : options.idleKeepaliveSeconds)
  }

  private static let lateSecondsMax = 0.5
  private static let refusedCommand =
    "sshd logged us in but could not start a command: is the host out of processes or memory, or the user at a limit (ulimit -u)?"
}
