import Support
import Testing

struct MartletProgramTests {
  @Test func `the binary says what it is`() async throws {
    try await ScratchFolder.with { home in
      let help = try await MartletProgram(home: home).run("--help")
      #expect(help.status == 0)
      #expect(help.stdout.contains("martlet"))
    }
  }

  @Test func `a word that is no command is a bad option`() async throws {
    try await ScratchFolder.with { home in
      let ending = try await MartletProgram(home: home).run("no-such-command")
      #expect(ending.status != 0)
      #expect(!ending.stderr.isEmpty)
    }
  }
}
