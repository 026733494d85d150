import Model

/// What a session finds out about a login that stays silent.
extension ShellSession {
  /// Whether a login whose input has ended comes to its end: then one that doesn't is reading its input.
  func endsWithoutInput(over carrier: any Carrier) async -> Bool {
    guard let channel = try? await carrier.openChannel("exec \(options.remoteShell)", onTerminal: false) else { return false }
    defer { channel.close() }
    channel.finishWriting()
    let deadline = MonotonicTime.now.after(seconds: Self.probeSeconds)
    while MonotonicTime.now < deadline {
      for stream in [OutputChunk.Stream.stdout, .stderr] {
        while case .bytes = try? channel.read(stream, into: loop.discard) {}
      }
      if channel.ending != nil { return true }
      await channel.wakeup.wait(until: deadline)
    }
    return false
  }

  /// Throws where the login user gets no shell; says nothing where it can't be told.
  func checkLogin(over carrier: any Carrier) async throws(TransportError) {
    guard let channel = try? await carrier.openChannel("exec \(options.remoteShell)", onTerminal: false) else { return }
    let shell = RemoteShell(channel: channel, host: host, isMerged: false, loop: loop, options: options)
    defer { shell.close() }
    _ = try await shell.bootstrap { await endsWithoutInput(over: carrier) }
  }

  private static let probeSeconds = 2.0
}
