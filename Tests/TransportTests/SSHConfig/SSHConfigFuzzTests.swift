import Testing

@testable import Transport

@Suite struct SSHConfigFuzzTests {
  static let pieces = [
    "Host", "Match", "Include", "Port", "User", "HostName", "IdentityFile", "ProxyJump", "ProxyCommand", "final", "all",
    "host", "user", "exec", "canonical", "!", "*", "?", ",", "=", "\"", "'", "\\", "#", " ", "\t", "\n", "\r",
    "%h", "%", "%%", "${", "}", "~", "@", ":", "[", "]", "b", "22", "-1", "99999999999999999999", "1h2m",
    "none", "yes", "\u{0}", "ü", "ssh -W %h:%p x", "ssh://", "StrictHostKeyChecking", "ConnectTimeout",
    "UserKnownHostsFile", "-oPort=", "-J", "-",
  ]

  static let context = SSHLocalContext(
    user: "me", userID: 1, homeFolder: "/home/me", hostName: "here", environment: ["A": "b"],
    homeFolderOfUser: { _ in nil })

  private func noise(_ random: inout SeededRandom, count: Int) -> String {
    (0..<Int.random(in: 0...count, using: &random)).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
  }

  @Test func `noise for a file never crashes and gives settings that can be used`() {
    var random = SeededRandom.announced()
    FuzzRounds.run(2000) {
      let document = SSHConfigDocument(path: "noise", text: noise(&random, count: 40).utf8) { _ in [] }
      var evaluation = SSHConfigEvaluation(originalHost: "b", context: Self.context, options: SSHOptionSet())
      evaluation.read([document])
      var builder = SSHSettingsBuilder(originalHost: "b", options: evaluation.options, context: Self.context)
      let settings = builder.build()
      #expect((1...65535).contains(settings.port))
      #expect(settings.connectionAttempts > 0 && settings.serverAliveCountMax > 0)
      #expect(settings.jumps.allSatisfy { !$0.host.isEmpty && !$0.host.hasPrefix("-") })
    }
  }

  @Test func `noise for arguments never crashes`() {
    var random = SeededRandom.announced()
    FuzzRounds.run(2000) {
      let words = (0..<Int.random(in: 0...8, using: &random)).map { _ in noise(&random, count: 4) }
      let arguments = SSHArguments(words)
      #expect(arguments.statements.count + arguments.problems.count <= words.count * 60)
    }
  }

  @Test func `quoted words are read back as they were`() {
    var random = SeededRandom.announced()
    let letters = Array("ab \t\\\"'#=%,~")
    FuzzRounds.run(1000) {
      let words = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        String((0..<Int.random(in: 1...6, using: &random)).map { _ in letters.randomElement(using: &random)! })
      }
      let line = words.map { word in
        "\"" + word.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("'", with: "\\'") + "\""
      }.joined(separator: " ")
      #expect(SSHConfigWords.arguments(line.utf8) == words, "\(line)")
    }
  }
}
