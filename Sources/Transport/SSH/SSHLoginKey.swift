import Glibc

/// A key to log in with, and the way to sign with it.
struct SSHLoginKey: Sendable {
  enum Signer: Sendable {
    /// In memory: signing takes a fraction of a millisecond.
    case privateKey(PrivateKey)
    /// Another process signs, and may ask its user first.
    case agent(SSHAgent)
  }

  let publicKey: SSHPublicKey
  let signer: Signer
  /// For messages: a path, or the agent's comment.
  let label: String

  var algorithms: [SSHSignatureAlgorithm] { SSHSignatureAlgorithm.usable(withKeyType: publicKey.type) }
}

/// The keys to try for a target, in their order. Reads and decrypts files and asks the agent: for threads that may block.
struct LoginKeys: Sendable {
  private(set) var usable: [SSHLoginKey] = []
  /// Why others are missing, for the message when none logs in.
  private(set) var troubles: [String] = []

  init(of target: ResolvedSSHSettings, _ privateKeys: PrivateKeyCache) {
    let agent = target.agentSocket.map { SSHAgent(socketPath: $0) }
    var agentKeys: [SSHAgentIdentity] = []
    if let agent { agentKeys = identities(of: agent) }
    let identities = SSHIdentity.ordered(
      agent: agentKeys, paths: target.identityFiles, isAgentLimitedToFiles: target.isIdentitiesOnly, in: privateKeys)
    for identity in identities {
      switch identity {
      case .agent(let key):
        if let agent { usable.append(SSHLoginKey(publicKey: key.publicKey, signer: .agent(agent), label: key.comment)) }
      case .file(let path, _):
        do throws(CredentialError) {
          let key = try privateKeys.key(path: path, passphrase: target.privateKeyPassphrase)
          usable.append(SSHLoginKey(publicKey: key.publicKey, signer: .privateKey(key), label: path))
        } catch {
          troubles.append(error.description)
        }
      }
    }
    if identities.isEmpty, !target.identityFiles.isEmpty {
      troubles.append("there is no key file \(target.identityFiles.joined(separator: ", "))")
    }
  }

  private mutating func identities(of agent: SSHAgent) -> [SSHAgentIdentity] {
    do throws(CredentialError) { return try agent.identities() } catch {
      troubles.append(error.description)
      return []
    }
  }
}

/// One signature that libssh2 asks for in the middle of a login, possibly by a thread that may wait.
///
/// `@unchecked Sendable`: used on its loop's thread only; the thread's answer comes by `EventLoop.perform`.
final class SSHSignatureRequest: @unchecked Sendable {
  private enum State {
    case idle
    case pending
    case done([UInt8])
    case failed
  }

  private let key: SSHLoginKey
  private let algorithm: SSHSignatureAlgorithm
  private let connection: SSHConnection
  private let threads: BlockingThreads
  private var state = State.idle
  private(set) var failure: String?

  init(_ key: SSHLoginKey, _ algorithm: SSHSignatureAlgorithm, connection: SSHConnection, threads: BlockingThreads) {
    self.key = key
    self.algorithm = algorithm
    self.connection = connection
    self.threads = threads
  }

  /// Gives the signature, or nil: to be asked again (`isPending`), or failed.
  func signature(of content: [UInt8]) -> [UInt8]? {
    if case .idle = state { start(content) }
    if case .done(let bytes) = state { return bytes }
    return nil
  }

  var isPending: Bool { if case .pending = state { true } else { false } }

  private func start(_ content: [UInt8]) {
    switch key.signer {
    case .privateKey(let key):
      do throws(KeyFormatError) {
        state = .done(try key.sign(content, algorithm).bytes)
      } catch {
        finish(.failure(.init(reason: "\(error)")))
      }
    case .agent(let agent):
      state = .pending
      let (publicKey, algorithm) = (key.publicKey, algorithm)
      threads.submit { [self] in
        let answer: Result<[UInt8], SignFailure>
        do throws(CredentialError) {
          answer = .success(try agent.sign(content, with: publicKey, algorithm).bytes)
        } catch {
          answer = .failure(SignFailure(reason: error.description))
        }
        connection.loop.perform {
          self.finish(answer)
          self.connection.wakeLogin()
        }
      }
    }
  }

  private struct SignFailure: Error { let reason: String }

  private func finish(_ answer: Result<[UInt8], SignFailure>) {
    switch answer {
    case .success(let bytes): state = .done(bytes)
    case .failure(let error):
      state = .failed
      failure = error.reason
    }
  }
}
