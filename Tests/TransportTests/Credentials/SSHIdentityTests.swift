import Testing

@testable import Transport

@Suite struct SSHIdentityTests {
  let keys = (1...4).map { SSHPublicKey(line: testKeyLine($0))! }
  func held(_ number: Int) -> SSHAgentIdentity { SSHAgentIdentity(publicKey: keys[number], comment: "\(number)") }

  @Test func `the agent's keys that files name come first, then its others, then files`() {
    let files: [(path: String, publicKey: SSHPublicKey?)] = [("a", keys[0]), ("b", nil), ("c", keys[2])]
    let agent = [held(3), held(2)]
    #expect(
      SSHIdentity.ordered(agent: agent, files: files, isAgentLimitedToFiles: false) == [
        .agent(held(2)), .agent(held(3)), .file(path: "a", publicKey: keys[0]), .file(path: "b", publicKey: nil),
      ])
    #expect(
      SSHIdentity.ordered(agent: agent, files: files, isAgentLimitedToFiles: true) == [
        .agent(held(2)), .file(path: "a", publicKey: keys[0]), .file(path: "b", publicKey: nil),
      ])
  }

  @Test func `a file may hold just the public key that chooses one of the agent's`() {
    let folder = TestFolder()
    let path = folder.write("id.pub", keys[1].line + " me\n", mode: 0o644)
    let paths = [path, folder.path + "/missing"]
    #expect(
      SSHIdentity.ordered(agent: [held(0), held(1)], paths: paths, isAgentLimitedToFiles: true) == [.agent(held(1))])
  }
}
