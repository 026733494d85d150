import Model

/// A persistent `/bin/sh` on the other end of a channel. One script runs in it at a time, none leaves anything behind for the
/// next.
///
/// Used on its loop's thread only, by the session that opened it.
final class RemoteShell {
  /// What one script came to.
  enum Outcome {
    case exited(Int32)
    case died(reason: String)
    /// Stopped by us; the processes are gone and so is the shell.
    case stopped(Stop)
  }

  enum Stop: Equatable {
    case deadline(seconds: Double)
    case cancelled
  }

  enum KillSignal: String { case term = "TERM", kill = "KILL" }

  /// Sends a signal to a process group on the host by another way than this shell; returns why that failed.
  typealias Killer = nonisolated(nonsending) (_ signal: KillSignal, _ processGroup: Int) async -> TransportError?

  let channel: any DuplexChannel
  let host: String
  /// On a terminal stdout and stderr arrive as one stream.
  let isMerged: Bool
  private let loop: EventLoop
  private let options: TransportOptions
  private(set) var processGroup = 0
  /// No further script can run here.
  private(set) var isDead = false
  /// The session closes: what runs is stopped as if its task were cancelled.
  private var isAborted = false
  private var librariesSent: Set<ShellLibrary> = []

  init(channel: any DuplexChannel, host: String, isMerged: Bool, loop: EventLoop, options: TransportOptions) {
    self.channel = channel
    self.host = host
    self.isMerged = isMerged
    self.loop = loop
    self.options = options
  }

  /// Sets traps, takes the run's lease on the host if asked to, learns the process group and skips what login scripts and
  /// banners print. Returns what came of the lease, if one was asked for.
  ///
  /// `endsWithoutInput` says whether the same login comes to its end where it gets no input: asked where this one stays silent.
  nonisolated(nonsending) func bootstrap(
    _ lease: HostLease? = nil, endsWithoutInput: nonisolated(nonsending) () async -> Bool = { false }
  ) async throws(TransportError) -> HostLease.Answer? {
    let token = FrameToken()
    var reader = FrameReader(token: token, outputBytesMax: Self.noiseBytesMax, isMerged: isMerged)
    let start = MonotonicTime.now
    let deadline = start.after(seconds: options.openShellTimeoutSeconds)
    let text = Self.bootstrapText(token, lease, isMerged: isMerged)
    var end = try await pump(text, &reader, until: min(deadline, start.after(seconds: options.silentLoginSeconds)))
    if end == .deadline, .now < deadline {
      // All has been sent by now: it fits into any pipe.
      let isInputEaten = await endsWithoutInput()
      let limit = isInputEaten ? min(deadline, MonotonicTime.now.after(seconds: Self.lastChanceSeconds)) : deadline
      end = try await pump([], &reader, until: limit)
      if end == .deadline, isInputEaten { throw failure(Self.inputEaten) }
    }
    switch end {
    case .complete where reader.numbers.count >= 2:
      processGroup = reader.numbers.count >= 3 ? reader.numbers[2] : reader.numbers[0]
    case .complete: throw failure("the shell's greeting is not understood")
    case .ended: throw failure(Self.endedAtOnce(channel.ending, said: reader.stderr + reader.stdout))
    case .deadline:
      let said = lastLines(of: reader.stdout + reader.stderr)
      throw failure(
        "no shell in \(shortSeconds(options.openShellTimeoutSeconds)) s after the login: a login script (.bashrc) or a ForceCommand "
          + "of sshd has not ended" + (said.isEmpty ? "" : "; it said: \(said)"))
    case .interrupted:
      throw TransportError(
        .openShell, host: host, "interrupted while the shell was opened", code: TransportError.cancelled)
    }
    becomeIdle()
    return lease?.answer(in: reader.stdout, token)
  }

  /// Runs one script and collects its output. A cancelled task is noticed at the channel's next sign: who may cancel signals its
  /// `wakeup`.
  nonisolated(nonsending) func run(
    _ request: ShellRequest, input: ShellFrame.Input, killer: Killer
  ) async throws(TransportError) -> (Outcome, FrameReader) {
    wakeUp()
    let libraries = request.libraries.filter { librariesSent.insert($0).inserted }
    let frame = ShellFrame(
      script: request.script, isWellBehaved: request.isWellBehaved, input: input, libraries: libraries, isMerged: isMerged)
    var reader = FrameReader(token: frame.token, outputBytesMax: request.outputBytesMax, isMerged: isMerged)
    let deadline = request.timeoutSeconds.map { MonotonicTime.now.after(seconds: $0) }
    switch try await exchange(frame.bytes, &reader, until: deadline, onOutput: request.onOutput) {
    case .complete:
      becomeIdle()
      return (.exited(normalisedExitStatus(reader.numbers.first ?? 255)), reader)
    case .ended:
      isDead = true
      reader.finishWithoutMarkers(onOutput: request.onOutput)
      return (.died(reason: channel.ending ?? "its streams were closed"), reader)
    case .deadline:
      try await stop(&reader, request, killer)
      return (.stopped(.deadline(seconds: request.timeoutSeconds ?? 0)), reader)
    case .interrupted:
      try await stop(&reader, request, killer)
      return (.stopped(.cancelled), reader)
    }
  }

  /// What runs is killed, and its `run` returns.
  func abort() {
    isAborted = true
    channel.wakeup.signal()
  }

  func close() {
    isDead = true
    channel.wakeup.idleHandler = nil
    channel.close()
  }

  /// TERM, a while to tidy up, then KILL for whatever of the group is left, background children included.
  private nonisolated(nonsending) func stop(
    _ reader: inout FrameReader, _ request: ShellRequest, _ killer: Killer
  ) async throws(TransportError) {
    isDead = true
    let termFailure = await killer(.term, processGroup)
    var end = try await pumpUninterrupted(&reader, seconds: options.killGraceSeconds, request.onOutput)
    let killFailure = await killer(.kill, processGroup)
    if end == .deadline { end = try await pumpUninterrupted(&reader, seconds: options.killGraceSeconds, request.onOutput) }
    reader.finishWithoutMarkers(onOutput: request.onOutput)
    if end == .deadline {
      let reason = killFailure ?? termFailure
      throw TransportError(
        .run, host: host, "the command could not be killed" + (reason.map { ": \($0.reason)" } ?? "; it may still run"))
    }
  }

  // MARK: - Moving bytes

  private enum PumpEnd: Equatable { case complete, ended, deadline, interrupted }

  /// `exchange` that the task's cancellation interrupts. Its closure belongs to no actor: only for tasks that prefer the loop.
  private nonisolated(nonsending) func pump(
    _ outgoing: [UInt8], _ reader: inout FrameReader, until deadline: MonotonicTime?
  ) async throws(TransportError) -> PumpEnd {
    let wakeup = channel.wakeup
    do {
      return try await withTaskCancellationHandler {
        try await exchange(outgoing, &reader, until: deadline, onOutput: nil)
      } onCancel: {
        wakeup.signalFromAnywhere()
      }
    } catch let error as TransportError {
      throw error
    } catch {
      preconditionFailure("a bug: an untyped error from a channel: \(error)")
    }
  }

  /// Writes and reads until the frame is complete, the channel ends, the deadline passes, or the task is cancelled.
  private nonisolated(nonsending) func exchange(
    _ outgoing: [UInt8], _ reader: inout FrameReader, until deadline: MonotonicTime?,
    onOutput: (@Sendable (OutputChunk) -> Void)?
  ) async throws(TransportError) -> PumpEnd {
    do throws(TransportError) {
      return try await move(outgoing, &reader, until: deadline, isInterruptible: true, onOutput: onOutput)
    } catch {
      isDead = true
      throw error
    }
  }

  private nonisolated(nonsending) func pumpUninterrupted(
    _ reader: inout FrameReader, seconds: Double, _ onOutput: (@Sendable (OutputChunk) -> Void)?
  ) async throws(TransportError) -> PumpEnd {
    try await move(
      [], &reader, until: MonotonicTime.now.after(seconds: seconds), isInterruptible: false, onOutput: onOutput)
  }

  private nonisolated(nonsending) func move(
    _ outgoing: [UInt8], _ reader: inout FrameReader, until deadline: MonotonicTime?, isInterruptible: Bool,
    onOutput: (@Sendable (OutputChunk) -> Void)?
  ) async throws(TransportError) -> PumpEnd {
    var written = 0
    var ended: Set<OutputChunk.Stream> = isMerged ? [.stderr] : []
    var lingerUntil: MonotonicTime?
    var received = 0
    while true {
      var hasMoved = false
      if written < outgoing.count {
        let count = try channel.writeBytes(outgoing, from: written)
        written += count
        // Once all is written, only an answer is worth another turn.
        hasMoved = count > 0 && written < outgoing.count
      }
      for stream in [OutputChunk.Stream.stdout, .stderr] where !ended.contains(stream) {
        let buffer = readBuffer(received)
        switch try channel.read(stream, into: buffer) {
        case .bytes(let count):
          received += count
          reader.receive(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]), onOutput: onOutput)
          hasMoved = true
        case .nothingYet: break
        case .end: ended.insert(stream)
        }
        if reader.isComplete { return .complete }
      }
      if hasMoved {
        lingerUntil = nil
        if isInterruptible, Task.isCancelled || isAborted { return .interrupted }
        if let deadline, deadline <= .now { return .deadline }
        continue
      }
      if ended.count == 2, channel.ending != nil { return .ended }
      let now = MonotonicTime.now
      if isInterruptible, Task.isCancelled || isAborted { return .interrupted }
      if let deadline, deadline <= now { return .deadline }
      if channel.ending != nil || ended.count == 2 {
        // The shell is gone; give what is on its way (the rest of the output, how it ended) a moment.
        let limit = lingerUntil ?? now.after(seconds: Self.lingerSeconds)
        if limit <= now { return .ended }
        lingerUntil = limit
      }
      await channel.wakeup.wait(until: lingerUntil.map { linger in deadline.map { min($0, linger) } ?? linger } ?? deadline)
    }
  }

  /// A bigger buffer makes libssh2 open the window wider, which is for bulk only.
  private func readBuffer(_ received: Int) -> UnsafeMutableRawBufferPointer {
    received < Self.bulkBytesMin
      ? UnsafeMutableRawBufferPointer(rebasing: loop.scratch[..<Self.bulkBytesMin]) : loop.scratch
  }

  /// From now on what arrives belongs to no script: late output of background children is dropped as it comes.
  private func becomeIdle() {
    if isAborted { isDead = true }
    channel.wakeup.idleHandler = whenIdle
    dropLateOutput()
  }

  /// Made once: a shell falls idle after each script.
  private lazy var whenIdle: () -> Void = { [weak self] in self?.dropLateOutput() }

  private func wakeUp() {
    dropLateOutput()
    channel.wakeup.idleHandler = nil
  }

  private func dropLateOutput() {
    for stream in [OutputChunk.Stream.stdout, .stderr] where !(isMerged && stream == .stderr) {
      reading: while true {
        switch try? channel.read(stream, into: loop.discard) {
        case .bytes: continue
        case .nothingYet: break reading
        case .end, nil:
          isDead = true
          break reading
        }
      }
    }
  }

  private func failure(_ reason: String) -> TransportError { TransportError(.openShell, host: host, reason) }

  /// `TERM` ends the command, not the shell. The group comes from /proc, since sudo and su may have made one of their own.
  private static func bootstrapText(_ token: FrameToken, _ lease: HostLease?, isMerged: Bool) -> [UInt8] {
    let words = "_martlet_a _martlet_a _martlet_a _martlet_a _martlet_g _martlet_a"
    var text = linesForLoginScripts
    text += "trap : TERM INT HUP\n".utf8
    if let lease { text += "\(lease.script(token))\n".utf8 }
    text += "read -r \(words) </proc/$$/stat\necho \"".utf8
    text += token.marker
    text += " $$ $PPID $_martlet_g\"".utf8
    ShellFrame.appendSecondMarker(token, isMerged: isMerged, to: &text)
    text += ";unset _martlet_a _martlet_g\n".utf8
    return text
  }

  /// A login script that asks something gets these for an answer, as from someone who presses Enter.
  static let linesForLoginScripts = [UInt8](repeating: UInt8(ascii: "\n"), count: 8)

  private static func endedAtOnce(_ ending: String?, said bytes: [UInt8]) -> String {
    let said = lastLines(of: bytes)
    return "/bin/sh did not start" + (ending.map { " (\($0))" } ?? "")
      + (said.isEmpty ? "; is the account's login shell one that runs commands?" : ": \(said)")
  }

  private static let inputEaten =
    "a login script of the account (.bashrc, or what it calls) reads its standard input to the end, and so every step that is "
    + "sent; give that command </dev/null, or let the script return at once where no terminal is"

  private static let noiseBytesMax = 64 << 10
  private static let bulkBytesMin = 64 << 10
  private static let lingerSeconds = 0.3
  private static let lastChanceSeconds = 2.0
}
