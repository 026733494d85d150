import Model
import Support
import Testing

@testable import Transport

@Suite(.enabled(if: LoopbackSSHServer.isAvailable, "no sshd on this machine"))
struct SSHClientSessionTests {
  static let shells = ["/bin/dash", "/bin/bash", "/bin/busybox sh", "/bin/mksh"]

  static func settings(_ server: LoopbackSSHServer) -> ConnectionSettings {
    var settings = ConnectionSettings(kind: .sshBinary, host: "127.0.0.1")
    settings.port = server.port
    settings.user = server.user
    settings.privateKeyFile = server.identityFile
    settings.knownHostsFiles = [server.knownHostsFile]
    settings.hostKeyChecking = .yes
    settings.extraArguments = ["-F", "none", "-o", "IdentitiesOnly=yes"]
    return settings
  }

  static let sessions = Task {
    let settings = SSHClientSessionTests.settings(try await SharedServer.task.value)
    return Dictionary(
      uniqueKeysWithValues: shells.map { shell in
        var options = SessionConformance.options
        options.remoteShell = shell
        options.shellsPerSessionMax = 4
        let loop = SessionConformance.loops.next()
        return (shell, SSHClientSession.make(settings, loop: loop, options: options, threads: SessionConformance.threads))
      })
  }

  static func with(_ shell: String = "/bin/dash", _ body: (ShellSession) async throws -> Void) async throws {
    try await body(try #require(await sessions.value[shell]))
  }

  @Test(arguments: shells, HostileCommand.all)
  func `a hostile command leaves the next step working`(shell: String, command: HostileCommand) async throws {
    try await Self.with(shell) { try await SessionConformance.survives(command, $0) }
  }

  @Test(arguments: shells) func `stdin arrives as it is`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.passesInput($0) }
  }

  @Test func `much output on both streams arrives whole`() async throws {
    try await Self.with { try await SessionConformance.movesMuchOutput($0, megabytes: 2) }
  }

  @Test func `files go there and back`() async throws {
    try await ScratchFolder.with { folder in
      try await Self.with { try await SessionConformance.movesFiles($0, in: folder) }
    }
  }

  @Test func `a cancelled command is killed with its children`() async throws {
    try await Self.with { try await SessionConformance.killsWhatIsCancelled($0) }
  }
}
