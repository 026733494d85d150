import Model
import Support
import Testing

@testable import Transport

/// A server that all tests of this file share.
enum SharedServer {
  static let task = Task { try await LoopbackSSHServer() }

  static func target() async throws -> ResolvedSSHSettings { target(of: try await task.value) }

  static func target(of server: LoopbackSSHServer) -> ResolvedSSHSettings {
    var target = ResolvedSSHSettings(originalHost: "loop", hostName: "127.0.0.1", user: server.user)
    target.port = server.port
    target.identityFiles = [server.identityFile]
    target.userKnownHostsFiles = [server.knownHostsFile]
    target.authenticationMethods = ResolvedSSHSettings.AuthenticationMethod.allCases
    return target
  }
}

@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct SSHSessionTests {
  static let shells = ["/bin/dash", "/bin/bash", "/bin/busybox sh", "/bin/mksh"]

  static func session(_ target: ResolvedSSHSettings, _ options: TransportOptions) -> ShellSession {
    let connector = SSHConnector(options: options, threads: SessionConformance.threads)
    return SSHSession.make(
      to: target, through: nil, settings: ConnectionSettings(kind: .ssh, host: "none"), connector: connector,
      loop: SessionConformance.loops.next(), options: options, threads: SessionConformance.threads, onNotice: { _ in })
  }

  /// One session per shell for all tests, which run side by side in it.
  static let sessions = Task {
    let target = try await SharedServer.target()
    return Dictionary(
      uniqueKeysWithValues: (shells + ["/bin/sh"]).map { shell in
        var options = SessionConformance.options
        options.remoteShell = shell
        return (shell, session(target, options))
      })
  }

  static func with(_ shell: String = "/bin/sh", _ body: (ShellSession) async throws -> Void) async throws {
    try await body(try #require(await sessions.value[shell]))
  }

  @Test(arguments: shells, HostileCommand.all)
  func `a hostile command leaves the next step working`(shell: String, command: HostileCommand) async throws {
    try await Self.with(shell) { try await SessionConformance.survives(command, $0) }
  }

  @Test(arguments: shells) func `stdin arrives as it is`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.passesInput($0) }
  }

  @Test(arguments: shells) func `much output on both streams arrives whole`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.movesMuchOutput($0, megabytes: 2) }
  }

  @Test(arguments: shells) func `every byte value arrives`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.readsBinary($0) }
  }

  @Test(arguments: shells) func `libraries are sent once`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.sendsLibrariesOnce($0) }
  }

  @Test(arguments: shells) func `files go there and back`(shell: String) async throws {
    try await ScratchFolder.with { folder in
      try await Self.with(shell) { try await SessionConformance.movesFiles($0, in: folder) }
    }
  }

  @Test func `a file that can't be moved is an error with a reason`() async throws {
    try await ScratchFolder.with { folder in
      try await Self.with { try await SessionConformance.saysWhyFilesFail($0, in: folder) }
    }
  }

  @Test(arguments: shells) func `a cancelled command is killed with its children`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.killsWhatIsCancelled($0) }
  }

  @Test func `steps of one host run side by side`() async throws {
    try await Self.with { try await SessionConformance.runsSideBySide($0) }
  }
}
