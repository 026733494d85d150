import Support
import Transport

/// Sessions to one server, with loops and threads of their own.
struct BenchSessions {
  let all: [ShellSession]

  init(_ count: Int, _ server: LoopbackSSHServer, port: Int) async throws {
    var options = TransportOptions()
    // All sessions start at once and share two processors with their servers.
    options.openShellTimeoutSeconds = 300
    options.authenticationTimeoutSeconds = 300
    options.handshakeTimeoutSeconds = 300
    let (loops, threads) = (EventLoops(), BlockingThreads())
    let connector = SSHConnector(options: options, threads: threads)
    var target = ResolvedSSHSettings(originalHost: "bench", hostName: "127.0.0.1", user: server.user)
    target.port = port
    target.hostKeyAlias = "[127.0.0.1]:\(server.port)"
    target.identityFiles = [server.identityFile]
    target.userKnownHostsFiles = [server.knownHostsFile]
    target.authenticationMethods = ResolvedSSHSettings.AuthenticationMethod.allCases
    let settled = (target, options)
    func session() -> ShellSession {
      SSHSession.make(to: settled.0, connector: connector, loop: loops.next(), options: settled.1, threads: threads)
    }
    // Files and keys are read once per process, not once per session.
    let first = session()
    _ = try await first.run(ShellRequest(script: ":"))
    await first.close()
    all = (0..<count).map { _ in session() }
  }

  /// Runs something in all sessions at once.
  func each(onOwnLoop: Bool = false, _ body: @escaping @Sendable (ShellSession) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in all {
        group.addTask(executorPreference: onOwnLoop ? session.loop : nil) { try await body(session) }
      }
      try await group.waitForAll()
    }
  }

  func close() async { for session in all { await session.close() } }
}
