import Model
import Testing

@testable import Transport

@Suite struct PrivateKeyCacheTests {
  let folder = TestFolder()
  let cache = PrivateKeyCache()
  var path: String { folder.path + "/key" }

  @Test func `a key is parsed once, until its file changes`() throws {
    ShellCommand.mustRun("ssh-keygen -q -t ed25519 -N '' -f '\(path)'")
    let first = try cache.key(path: path)
    #expect(try cache.key(path: path) === first)
    ShellCommand.mustRun("rm '\(path)'; ssh-keygen -q -t ed25519 -N '' -f '\(path)'")
    #expect(try cache.key(path: path).publicKey != first.publicKey)
  }

  @Test func `a wrong passphrase does not spoil the right one`() throws {
    ShellCommand.mustRun("ssh-keygen -q -t ed25519 -a 1 -N right -f '\(path)'")
    for passphrase in [nil, Secret("wrong"), Secret("wrong")] {
      #expect(throws: CredentialError.self) { try cache.key(path: path, passphrase: passphrase) }
    }
    let key = try cache.key(path: path, passphrase: Secret("right"))
    #expect(try cache.key(path: path) === key)
  }

  @Test func `many hosts at once share one key`() async throws {
    ShellCommand.mustRun("ssh-keygen -q -t ed25519 -a 1 -N right -f '\(path)'")
    let keys = try await withThrowingTaskGroup { group in
      for _ in 0..<20 { group.addTask { try cache.key(path: path, passphrase: Secret("right")) } }
      return try await group.reduce(into: [PrivateKey]()) { $0.append($1) }
    }
    #expect(keys.allSatisfy { $0 === keys[0] })
  }
}
