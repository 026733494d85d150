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
