/// Runs on a host by SSH: libssh2, or the `ssh` binary where libssh2 can't negotiate with the server.
package enum SSHSession {
  /// `jump` is the last host on the way; the session then lives on that host's loop.
  static func make(
    to target: SSHTarget, through jump: JumpHost?, connector: SSHConnector, loop: EventLoop, options: TransportOptions,
    threads: BlockingThreads
  ) -> ShellSession {
    ShellSession(host: target.name, loop: loop, options: options, threads: threads) { () async throws(TransportError) in
      let way = try await jump?.connection()
      return try await connector.connect(to: target, through: way, loop: loop)
    }
  }

  /// A direct session, for tests and benches.
  package static func make(
    to target: SSHTarget, connector: SSHConnector, loop: EventLoop, options: TransportOptions, threads: BlockingThreads
  ) -> ShellSession {
    make(to: target, through: nil, connector: connector, loop: loop, options: options, threads: threads)
  }
}
