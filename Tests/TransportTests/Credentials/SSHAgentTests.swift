import Glibc
import Testing

@testable import Transport

@Suite struct SSHAgentTests {
  /// A real ssh-agent that ends with the test.
  final class RunningAgent: Sendable {
    let folder = TestFolder()
    private let processID: Int32
    var agent: SSHAgent { SSHAgent(socketPath: folder.path + "/agent", timeoutSeconds: 10) }

    init() {
      let words = ShellCommand.mustRun("ssh-agent -a '\(folder.path)/agent'").split { $0 == "=" || $0 == ";" }
      processID = Int32(words[words.firstIndex(of: " export SSH_AUTH_SOCK").map { $0 + 2 } ?? 0])!
    }

    deinit { kill(processID, SIGTERM) }

    @discardableResult
    func tool(_ command: String) -> ShellCommand.Outcome {
      ShellCommand.run("cd '\(folder.path)'; SSH_AUTH_SOCK='\(folder.path)/agent'; export SSH_AUTH_SOCK; \(command)")
    }
  }

  let running = RunningAgent()

  @Test func `an agent's keys are listed in its order with their comments`() throws {
    #expect(try running.agent.identities() == [])
    running.tool("ssh-keygen -q -t ed25519 -N '' -C one -f one; ssh-keygen -q -t rsa -b 1024 -N '' -C two -f two")
    running.tool("ssh-add -q one two")
    let identities = try running.agent.identities()
    #expect(identities.map(\.comment) == ["one", "two"])
    #expect(identities.first?.publicKey == SSHPublicKey(line: running.folder.read("one.pub")))
  }

  @Test(arguments: [
    ("rsa -b 1024", SSHSignatureAlgorithm.rsaSHA512), ("rsa -b 1024", .rsaSHA256), ("rsa -b 1024", .rsaSHA1),
    ("ed25519", .ed25519),
  ]) func `an agent signs what the key itself signs`(type: String, algorithm: SSHSignatureAlgorithm) throws {
    running.tool("ssh-keygen -q -t \(type) -N '' -f key && ssh-add -q key")
    let key = try PrivateKeyFile.load(path: running.folder.path + "/key")
    let content = Array("content".utf8)
    let signature = try running.agent.sign(content, with: key.publicKey, algorithm)
    // RSA and ed25519 signatures are the same every time.
    #expect(signature == (try key.sign(content, algorithm)))
  }

  @Test func `an agent that lost the key says so`() throws {
    let key = SSHPublicKey(line: testKeyLine(1))!
    let error = #expect(throws: CredentialError.self) { try running.agent.sign([1], with: key) }
    #expect(error?.description.contains("did not sign with ED25519 \(key.fingerprint)") == true)
  }

  @Test func `a socket where nobody listens is told by name`() {
    let error = #expect(throws: CredentialError.self) { try SSHAgent(socketPath: "/nowhere/agent").identities() }
    #expect(error?.description == "ssh-agent at /nowhere/agent can't be reached: No such file or directory")
  }

  @Test func `an agent that does not answer is given up`() throws {
    let path = running.folder.path + "/silent"
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let isBound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 && listen(listener, 1) == 0
      }
    }
    #expect(isBound)
    #expect(throws: CredentialError(.agentTimedOut(seconds: 0.05), path: path)) {
      try SSHAgent(socketPath: path, timeoutSeconds: 0.05).identities()
    }
  }

  @Test func `noise for an answer is an error, never a crash`() {
    var random = SeededRandom.announced()
    FuzzRounds.run(5000) {
      var body = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...15, using: &random) }
      if Bool.random(using: &random) { body.insert([12, 14, 5, 28].randomElement(using: &random)!, at: 0) }
      if let identities = try? SSHAgentMessage.identities(from: body) { #expect(identities.count <= body.count / 8) }
      if let signature = try? SSHAgentMessage.signature(from: body) { #expect(signature.bytes.count < body.count) }
    }
  }
}
