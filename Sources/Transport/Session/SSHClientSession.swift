/// Runs on a host by the `ssh` binary, which knows everything that OpenSSH knows.
package enum SSHClientSession {
  package static func make(
    _ settings: ConnectionSettings, loop: EventLoop, options: TransportOptions, threads: BlockingThreads
  ) -> ShellSession {
    ShellSession(host: settings.host, loop: loop, options: options, threads: threads) { () async throws(TransportError) in
      try await SSHClientCarrier.connect(settings, loop: loop, options: options, threads: threads)
    }
  }
}
