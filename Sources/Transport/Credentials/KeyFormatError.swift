import CLibCrypto

/// What is wrong with a key's bytes, before anyone knows which file they came from.
package enum KeyFormatError: Error, Sendable, Hashable {
  case needsPassphrase
  case wrongPassphrase
  case unsupported(what: String, advice: String)
  case malformed(detail: String)
  /// libcrypto refused what it should have done.
  case libCrypto(detail: String)

  /// Takes libcrypto's reason from this thread's error queue, and empties it.
  static func fromLibCrypto(_ what: String) -> KeyFormatError {
    .libCrypto(detail: "\(what)\(LibCryptoErrorQueue.drained().map { ": \($0)" } ?? "")")
  }

  func at(path: String) -> CredentialError {
    switch self {
    case .needsPassphrase: CredentialError(.needsPassphrase, path: path)
    case .wrongPassphrase: CredentialError(.wrongPassphrase, path: path)
    case .unsupported(let what, let advice): CredentialError(.unsupported(what: what, advice: advice), path: path)
    case .malformed(let detail): CredentialError(.malformed(detail: detail), path: path)
    case .libCrypto(let detail): CredentialError(.signing(detail: detail), path: path)
    }
  }
}

extension KeyFormatError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .needsPassphrase: "the key is encrypted and no passphrase was given"
    case .wrongPassphrase: "the passphrase is wrong"
    case .unsupported(let what, let advice): "\(what) is not supported; \(advice)"
    case .malformed(let detail), .libCrypto(let detail): detail
    }
  }
}

/// libcrypto's per-thread list of reasons.
enum LibCryptoErrorQueue {
  /// The first reason, which is the deepest; the queue is empty afterwards.
  static func drained() -> String? {
    let code = ERR_get_error()
    ERR_clear_error()
    guard code != 0, let reason = ERR_reason_error_string(code) else { return nil }
    return String(cString: reason)
  }
}
