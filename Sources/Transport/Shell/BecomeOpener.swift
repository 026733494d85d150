import Model

/// Opens a channel to a command that runs as another user.
struct BecomeOpener {
  let host: String
  let become: Become
  let options: TransportOptions
  /// Throws where not even the login user gets a shell: asked where nothing at all is heard for a while.
  let checkLogin: nonisolated(nonsending) () async throws(TransportError) -> Void

  /// The channel is past the password and has said READY; nothing that it printed before is left in it.
  nonisolated(nonsending) func open(
    _ command: String, over carrier: any Carrier, onTerminal: Bool
  ) async throws(TransportError) -> Result<any DuplexChannel, BecomeFailure> {
    let line = BecomeCommand(become, command: command, onTerminal: onTerminal)
    let password = try passwordLine()
    let channel = try await carrier.openChannel(line.text, onTerminal: onTerminal)
    var dialogue = BecomeDialogue(
      method: become.method, hasPassword: password != nil, prompt: line.prompt, ready: line.ready)
    do {
      let wakeup = channel.wakeup
      let failure = try await withTaskCancellationHandler {
        try await hold(&dialogue, on: channel, password: password ?? [], isMerged: onTerminal)
      } onCancel: {
        wakeup.signalFromAnywhere()
      }
      guard let failure else { return .success(channel) }
      channel.close()
      return .failure(failure)
    } catch let error as TransportError {
      channel.close()
      throw error
    } catch {
      preconditionFailure("a bug: an untyped error from a channel: \(error)")
    }
  }

  private func passwordLine() throws(TransportError) -> [UInt8]? {
    guard let password = become.password else { return nil }
    guard let text = password.revealed.string ?? password.revealed.int.map(String.init) else {
      throw TransportError(.become, host: host, "the become password is not text")
    }
    guard !text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\n") }) else {
      throw TransportError(.become, host: host, "the become password has a line break or NUL in it")
    }
    return Array(text.utf8) + [UInt8(ascii: "\n")]
  }

  private nonisolated(nonsending) func hold(
    _ dialogue: inout BecomeDialogue, on channel: any DuplexChannel, password: [UInt8], isMerged: Bool
  ) async throws(TransportError) -> BecomeFailure? {
    let deadline = MonotonicTime.now.after(seconds: options.becomeTimeoutSeconds)
    var checkAt: MonotonicTime? = MonotonicTime.now.after(seconds: options.silentLoginSeconds)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferBytes, alignment: 1)
    defer { buffer.deallocate() }
    var ended: Set<OutputChunk.Stream> = isMerged ? [.stderr] : []
    while true {
      var hasMoved = false
      for stream in [OutputChunk.Stream.stderr, .stdout] where !ended.contains(stream) {
        switch try channel.read(stream, into: buffer) {
        case .nothingYet: continue
        case .end: ended.insert(stream)
        case .bytes(let count):
          hasMoved = true
          checkAt = nil
          switch dialogue.receive(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count])) {
          case .wait: break
          case .ready: return nil
          case .fail(let failure): return failure
          case .sendPassword: try await write(password, to: channel, until: deadline)
          }
        }
      }
      if hasMoved { continue }
      if ended.count == 2 { return dialogue.ended() }
      if Task.isCancelled {
        throw TransportError(.become, host: host, "interrupted while becoming \(become.user)", code: TransportError.cancelled)
      }
      if deadline <= .now { return .noAnswer(seconds: options.becomeTimeoutSeconds, words: dialogue.words) }
      if let due = checkAt, due <= .now {
        checkAt = nil
        try await checkLogin()
      }
      await channel.wakeup.wait(until: checkAt.map { min($0, deadline) } ?? deadline)
    }
  }

  private nonisolated(nonsending) func write(
    _ bytes: [UInt8], to channel: any DuplexChannel, until deadline: MonotonicTime
  ) async throws(TransportError) {
    var written = 0
    while written < bytes.count, MonotonicTime.now < deadline {
      let count = try channel.writeBytes(bytes, from: written)
      written += count
      if count == 0 { await channel.wakeup.wait(until: deadline) }
    }
  }

  private static let bufferBytes = 4096
}
