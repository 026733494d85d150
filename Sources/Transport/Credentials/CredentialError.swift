/// Why a key or an agent can't be used, in words for the user who configured it.
package struct CredentialError: Error, Sendable, Hashable {
  package enum Problem: Sendable, Hashable {
    case unreadable(errno: Int32)
    /// Others than its owner may read the key file.
    case tooOpen(mode: UInt32)
    case needsPassphrase
    case wrongPassphrase
    case unsupported(what: String, advice: String)
    case malformed(detail: String)
    /// libcrypto refused to sign.
    case signing(detail: String)
    case agentUnreachable(detail: String)
    case agentRefused(detail: String)
    case agentTimedOut(seconds: Double)
  }

  package let problem: Problem
  /// The key's or the agent socket's path.
  package let path: String

  package init(_ problem: Problem, path: String) {
    self.problem = problem
    self.path = path
  }
}

extension CredentialError: CustomStringConvertible {
  package var description: String {
    switch problem {
    case .unreadable(let errno): "key \(path) can't be read: \(systemMessage(errno))"
    case .tooOpen(let mode):
      "key \(path) is not private: its mode 0\(String(mode, radix: 8)) lets others read it; chmod 600 \(path)"
    case .needsPassphrase:
      """
      key \(path) is encrypted and no passphrase was given; load it in ssh-agent or set \
      ansible_ssh_private_key_passphrase
      """
    case .wrongPassphrase: "key \(path) could not be decrypted: the passphrase is wrong"
    case .unsupported(let what, let advice): "key \(path) is \(what), which is not supported; \(advice)"
    case .malformed(let detail): "key \(path) is damaged: \(detail)"
    case .signing(let detail): "key \(path) could not sign: \(detail)"
    case .agentUnreachable(let detail): "ssh-agent at \(path) can't be reached: \(detail)"
    case .agentRefused(let detail): "ssh-agent at \(path) refused: \(detail)"
    case .agentTimedOut(let seconds):
      "ssh-agent at \(path) did not answer within \(seconds) s; is it waiting for a prompt?"
    }
  }
}
