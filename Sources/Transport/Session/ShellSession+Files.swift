import Model

extension ShellSession {
  package func upload(_ upload: FileUpload) async throws(TransportError) {
    try await withTaskExecutorPreference(loop) { () async throws(TransportError) in
      let content = try await UploadContent.open(upload.content, host: host, threads: threads)
      if let bytes = content.bytes, ShellFrame.isInlineInput(bytes), String(validating: bytes, as: UTF8.self) != nil {
        try await uploadInline(upload, bytes)
      } else {
        let checksum = await content.checksum()
        let onProgress = upload.onProgress.map { tell in { @Sendable in tell($0, content.size) } }
        try await transfer(content, to: upload.path, become: upload.become, onProgress: onProgress) { source in
          UploadScript.text(upload, checksum, source: source)
        }
      }
      if content.size == 0 || content.bytes != nil { upload.onProgress?(content.size, content.size) }
    }
  }

  /// Puts a command's stdin, too large or not fit for the shell's own input, into a private file on the host.
  func placeInput(_ input: [UInt8], become: Become?) async throws(TransportError) -> String {
    let path = "/tmp/.martlet-\(FrameToken())"
    let content = try await UploadContent.open(.bytes(input), host: host, threads: threads)
    let checksum = await content.checksum()
    try await transfer(content, to: path, become: become, onProgress: nil) { source in
      UploadScript.privateFile(path: path, checksum, source: source)
    }
    return path
  }

  /// Removes an input that no command came to read.
  func discardInput(_ path: String, become: Become?) async {
    var request = ShellRequest(script: "rm -f \(shellQuoted(path))")
    request.become = become
    request.timeoutSeconds = options.openShellTimeoutSeconds
    // Nothing to tell: the failure that brought us here is the one to report.
    _ = try? await perform(request)
  }

  private func uploadInline(_ upload: FileUpload, _ bytes: [UInt8]) async throws(TransportError) {
    var request = ShellRequest(script: UploadScript.text(upload, ContentChecksum(bytes), source: .inline(bytes)))
    request.become = upload.become
    let response = try await perform(request)
    guard response.ending == .exited(0) else {
      throw TransportError(.upload, host: host, failureText(upload.path, response.stderr))
    }
  }

  /// Streams content into a script of its own, which runs in a channel of its own.
  private func transfer(
    _ content: UploadContent, to path: String, become: Become?, onProgress: (@Sendable (Int) -> Void)?,
    script: (UploadScript.Source) -> String
  ) async throws(TransportError) {
    let carrier = try await liveCarrier()
    carrier.beginWatch()
    defer { carrier.endWatch() }
    let token = FrameToken()
    // The method may turn out to want a terminal, which has no end of file; counted input works on both.
    let source: UploadScript.Source = become == nil ? .stdin : .terminal
    let start = FrameToken()
    let text =
      "(while read -r l && [ \"$l\" != \(start) ]; do :; done; \(script(source))\n); echo \"\u{1E}\(token) $?\"; echo \"\u{1E}\(token)\" >&2"
    let command = become == nil ? "exec /bin/sh -c \(shellQuoted(text))" : text
    let (channel, onTerminal) = try await openTransferChannel(command, become, over: carrier)
    defer {
      channel.close()
      expectRoom()
    }
    var reader = FrameReader(token: token, outputBytesMax: 64 << 10, isMerged: onTerminal)
    let transfer = UploadTransfer(
      channel: channel, content: content, preamble: RemoteShell.linesForLoginScripts + Array("\(start)\n".utf8), host: host,
      loop: loop)
    do throws(TransportError) {
      try await transfer.run(&reader, isMerged: onTerminal, onProgress: onProgress)
    } catch where error.isRefusal {
      guard let loss = carrier.lossReason(endedWith: channel.ending ?? "", stderr: reader.stderr) else { throw error }
      throw TransportError(.run, host: host, "the connection was lost: \(loss)")
    }
    guard reader.numbers.first == 0 else {
      throw TransportError(.upload, host: host, failureText(path, reader.stderr + reader.stdout))
    }
  }

  private func openTransferChannel(
    _ command: String, _ become: Become?, over carrier: any Carrier
  ) async throws(TransportError) -> (channel: any DuplexChannel, onTerminal: Bool) {
    while true {
      do {
        return try await openChannel(command, become, over: carrier)
      } catch where error.code == TransportError.channelRefused {
        // MaxSessions: make room, or wait until a shell is done.
        guard await freeOneChannel() else { throw error }
      }
    }
  }

  func failureText(_ what: String, _ stderr: [UInt8]) -> String {
    let words = lastLines(of: stderr)
    return words.isEmpty ? what : words.contains(what) ? words : "\(what): \(words)"
  }

}
