import Model
import Support
import Testing

@testable import Transport

struct LocalSessionTests {
  static let shells = ["/bin/dash", "/bin/bash", "/bin/busybox sh", "/bin/mksh", "/bin/ksh93"]

  static func session(_ shell: String) -> ShellSession {
    var options = SessionConformance.options
    options.remoteShell = shell
    return LocalSession.make(loop: SessionConformance.loops.next(), options: options, threads: SessionConformance.threads)
  }

  static func with(_ shell: String, _ body: (ShellSession) async throws -> Void) async throws {
    let session = session(shell)
    try await body(session)
    await session.close()
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

  @Test(arguments: shells) func `a broken library harms no later step`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.outlivesBrokenLibrary($0) }
  }

  @Test(arguments: shells) func `files go there and back`(shell: String) async throws {
    try await ScratchFolder.with { folder in
      try await Self.with(shell) { try await SessionConformance.movesFiles($0, in: folder) }
    }
  }

  @Test(arguments: shells) func `a file that can't be moved is an error with a reason`(shell: String) async throws {
    try await ScratchFolder.with { folder in
      try await Self.with(shell) { try await SessionConformance.saysWhyFilesFail($0, in: folder) }
    }
  }

  @Test(arguments: shells) func `a cancelled command is killed with its children`(shell: String) async throws {
    try await Self.with(shell) { try await SessionConformance.killsWhatIsCancelled($0) }
  }

  @Test func `steps of one host run side by side`() async throws {
    try await Self.with("/bin/sh") { try await SessionConformance.runsSideBySide($0) }
  }

  @Test func `a script with NUL is refused`() async throws {
    try await Self.with("/bin/sh") { session in
      let error = await #expect(throws: TransportError.self) {
        _ = try await session.run(ShellRequest(script: "echo a\u{0}b"))
      }
      #expect(error?.reason.contains("NUL") == true)
    }
  }

  @Test func `a closed session refuses work`() async throws {
    let session = Self.session("/bin/sh")
    await session.close()
    await #expect(throws: TransportError.self) { _ = try await session.run(ShellRequest(script: "true")) }
  }
}
