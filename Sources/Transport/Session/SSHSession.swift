import Synchronization

/// Runs on a host by SSH: libssh2, or the `ssh` binary where libssh2 can't negotiate with the server.
package enum SSHSession {
  /// `jump` is the last host on the way; the session then lives on that host's loop. `settings` are what the binary gets.
  static func make(
    to target: ResolvedSSHSettings, through jump: JumpHost?, settings: ConnectionSettings, connector: SSHConnector,
    loop: EventLoop, options: TransportOptions, threads: BlockingThreads, onNotice: @escaping @Sendable (String) -> Void
  ) -> ShellSession {
    let choice = TransportChoice()
    return ShellSession(
      host: target.originalHost, loop: loop, options: options, threads: threads
    ) { () async throws(TransportError) in
      if choice.isBinary { return try await SSHClientCarrier.connect(settings, loop: loop, options: options, threads: threads) }
      do throws(TransportError) {
        let way = try await jump?.connection()
        return try await connector.connect(to: target, through: way, loop: loop)
      } catch {
        guard error.code == TransportError.notNegotiable else { throw error }
        onNotice("\(target.originalHost): using the ssh binary, since \(error.reason)")
        choice.chooseBinary()
        return try await SSHClientCarrier.connect(settings, loop: loop, options: options, threads: threads)
      }
    }
  }

  /// Straight to a host by libssh2, for benches.
  package static func make(
    to target: ResolvedSSHSettings, connector: SSHConnector, loop: EventLoop, options: TransportOptions,
    threads: BlockingThreads
  ) -> ShellSession {
    ShellSession(host: target.originalHost, loop: loop, options: options, threads: threads) { () async throws(TransportError) in
      try await connector.connect(to: target, through: nil, loop: loop)
    }
  }
}

/// What a host turned out to need, so that reconnecting doesn't find out again.
private final class TransportChoice: Sendable {
  private let chosen = Atomic<Bool>(false)

  var isBinary: Bool { chosen.load(ordering: .relaxed) }
  func chooseBinary() { chosen.store(true, ordering: .relaxed) }
}
