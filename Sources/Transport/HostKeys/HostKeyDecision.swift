/// StrictHostKeyChecking.
package enum StrictHostKeyChecking: String, Sendable, Hashable, CaseIterable {
  case yes
  /// Unknown keys are asked about on a terminal, refused without one.
  case ask
  case acceptNew = "accept-new"
  case no

  /// OpenSSH's words, `off` and the boolean ones included.
  package init?(word: some StringProtocol) {
    switch word.asciiLowercased() {
    case "yes", "true": self = .yes
    case "ask": self = .ask
    case "accept-new": self = .acceptNew
    case "no", "off", "false": self = .no
    default: return nil
    }
  }
}

/// What to do about a host's key. It must be known before any credential is sent.
package enum HostKeyDecision: Sendable, Hashable {
  case accept
  /// Accept and file the key.
  case record
  /// Ask on the terminal; file the key if the answer is yes.
  case ask(question: String)
  /// OpenSSH's rule for `StrictHostKeyChecking no`: go on, but neither password nor keyboard-interactive may be used.
  case acceptWithoutPasswords(warning: String)
  case refuse(reason: String)

  package init(
    _ verdict: HostKeyVerdict, on key: SSHPublicKey, of name: HostKeyName, checking: StrictHostKeyChecking,
    canAsk: Bool
  ) {
    switch verdict {
    case .known: self = .accept
    case .revoked(let record): self = .refuse(reason: Self.revoked(key, name, record))
    case .changed(let record):
      let message = Self.changed(key, name, record)
      self = checking == .no ? .acceptWithoutPasswords(warning: message) : .refuse(reason: message)
    case .unknown:
      switch checking {
      case .no, .acceptNew: self = .record
      case .ask where canAsk: self = .ask(question: Self.question(key, name))
      case .ask, .yes: self = .refuse(reason: Self.unknown(key, name))
      }
    }
  }

  /// Whether an answer to the question means yes: `yes`, or the fingerprint itself. Nil: ask again.
  package static func isConsent(_ answer: String, for key: SSHPublicKey) -> Bool? {
    let words = answer.split(whereSeparator: \.isWhitespace)
    guard words.count == 1 else { return nil }
    if words[0] == key.fingerprint { return true }
    switch words[0].asciiLowercased() {
    case "yes": return true
    case "no": return false
    default: return nil
    }
  }
}

extension HostKeyDecision {
  private static func unknown(_ key: SSHPublicKey, _ name: HostKeyName) -> String {
    """
    the host key of \(name) is not known: \(key); compare it with the host's own, then log in once with ssh, \
    or run with StrictHostKeyChecking=accept-new
    """
  }

  private static func question(_ key: SSHPublicKey, _ name: HostKeyName) -> String {
    "the host key of \(name) is not known: \(key)\ntrust it from now on (yes, no, or the fingerprint)? "
  }

  private static func changed(_ key: SSHPublicKey, _ name: HostKeyName, _ record: HostKeyRecord) -> String {
    """
    the host key of \(name) has changed: it shows \(key), but \(record.path) line \(record.line) has \(record.key); \
    either the host was set up anew or someone is in between; if you trust the new key, remove the old one: \
    ssh-keygen -f \(shellQuoted(record.path)) -R \(shellQuoted(name.text))
    """
  }

  private static func revoked(_ key: SSHPublicKey, _ name: HostKeyName, _ record: HostKeyRecord) -> String {
    "the host key of \(name) is revoked: \(key), by \(record.path) line \(record.line); it must not be trusted"
  }

  private static func shellQuoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
