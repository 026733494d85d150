/// The vault passwords of a run, in the order in which they are tried.
package struct VaultKeyring: Sendable {
  package struct Entry: Sendable {
    package var identity: String
    package var password: VaultPassword
    /// `vault_encrypt_salt`: what is sealed with it is the same at every time; nil for a random one.
    package var salt: [UInt8]?

    package init(identity: String, password: VaultPassword) {
      self.identity = identity
      self.password = password
    }
  }

  package private(set) var entries: [Entry]
  /// `vault_id_match`: a text that names an identity is opened with passwords of that identity only.
  package var matchesIdentity: Bool

  package init(_ entries: [Entry] = [], matchesIdentity: Bool = false) {
    self.entries = entries
    self.matchesIdentity = matchesIdentity
  }

  package var isEmpty: Bool { entries.isEmpty }

  package mutating func add(_ entry: Entry) { entries.append(entry) }

  package mutating func setSalt(_ salt: [UInt8]?) {
    for index in entries.indices { entries[index].salt = salt }
  }

  /// The content of a vault text.
  package func decrypt(_ bytes: some Collection<UInt8>) throws(VaultError) -> [UInt8] { try open(bytes).content }

  /// Bytes as they are, or what they hold where they are a vault text: for files that may be encrypted.
  package func revealed(_ bytes: [UInt8]) throws(VaultError) -> [UInt8] {
    VaultText.isEncrypted(bytes) ? try decrypt(bytes) : bytes
  }

  /// The content of a vault text that must be UTF-8.
  package func decryptText(_ text: String) throws(VaultError) -> String {
    guard let text = String(validating: try decrypt(Array(text.utf8)), as: UTF8.self) else {
      throw VaultError("the vault text holds bytes that are no UTF-8 text")
    }
    return text
  }

  /// The content of a vault text, with the password that opened it.
  package func open(_ bytes: some Collection<UInt8>) throws(VaultError) -> (content: [UInt8], entry: Entry, text: VaultText) {
    let text = try VaultText(parsing: bytes)
    guard !entries.isEmpty else { throw .noPasswords }
    let identity = text.identity ?? VaultText.defaultIdentity
    let candidates = matchesIdentity ? entries.filter { $0.identity == identity } : entries
    for entry in candidates {
      if let content = VaultCipher.open(text.sealed, password: entry.password.bytes) { return (content, entry, text) }
    }
    throw .wrongPassword(tried: candidates.map(\.identity), wanted: text.identity, known: entries.map(\.identity))
  }

  /// The password to seal with: the one of that identity, else the only one.
  package func entry(toEncryptAs identity: String?) throws(VaultError) -> Entry {
    if let identity {
      if let entry = entries.first(where: { $0.identity == identity }) { return entry }
      throw .noIdentity(identity, known: entries.map(\.identity))
    }
    guard let first = entries.first else { throw .noPasswords }
    guard entries.count == 1 else { throw .severalIdentities(entries.map(\.identity)) }
    return first
  }
}

extension VaultKeyring.Entry {
  /// Seals content; the default identity leaves no name in the text.
  package func encrypt(_ content: [UInt8]) throws(VaultError) -> [UInt8] { try encrypt(content, as: identity) }

  /// Seals content under a name of the caller's.
  package func encrypt(_ content: [UInt8], as identity: String?) throws(VaultError) -> [UInt8] {
    guard !VaultText.isEncrypted(content) else { throw VaultError("the input is encrypted already") }
    let sealed = salt.map { VaultCipher.seal(content, password: password.bytes, salt: $0) }
      ?? VaultCipher.seal(content, password: password.bytes)
    return VaultText(sealed, identity: identity).bytes
  }
}

/// A vault password; it prints as `***`.
package struct VaultPassword: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  package let bytes: [UInt8]

  /// Nil for an empty one. Line breaks around it do not belong to it.
  package init?(_ bytes: [UInt8]) {
    let isBreak = { (byte: UInt8) in byte == 10 || byte == 13 }
    var bytes = bytes.drop(while: isBreak)
    while bytes.last.map(isBreak) == true { bytes.removeLast() }
    guard !bytes.isEmpty else { return nil }
    self.bytes = Array(bytes)
  }

  /// Blanks around the password in a file, or of one that is typed, do not count; a script's do.
  static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    let isBlank = { (byte: UInt8) in byte == 32 || (9...13).contains(byte) }
    var rest = bytes.drop(while: isBlank)
    while rest.last.map(isBlank) == true { rest.removeLast() }
    return Array(rest)
  }

  package var description: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension VaultError {
  fileprivate static let noPasswords = VaultError(
    "there is no vault password (Attempting to decrypt but no vault secrets found)", advice: "use --vault-password-file, --vault-id or --ask-vault-pass")

  fileprivate static func wrongPassword(tried: [String], wanted: String?, known: [String]) -> VaultError {
    let made = wanted.map { ", which was made with '\($0)'" } ?? ""
    guard !tried.isEmpty else {
      return VaultError(
        "no vault password is called as the vault text asks\(made)", advice: "there are \(known.joined(separator: ", "))")
    }
    return VaultError(
      "no vault secrets were found that could decrypt the vault text\(made)", advice: "tried \(tried.joined(separator: ", "))")
  }

  fileprivate static func noIdentity(_ identity: String, known: [String]) -> VaultError {
    VaultError(
      "Did not find a match for --encrypt-vault-id=\(identity) in the known vault-ids "
        + "[\(known.map { "'\($0)'" }.joined(separator: ", "))]",
      advice: known.isEmpty ? "give one by --vault-id \(identity)@FILE" : nil)
  }

  fileprivate static func severalIdentities(_ identities: [String]) -> VaultError {
    VaultError(
      "the vault-ids \(identities.joined(separator: ",")) are available to encrypt",
      advice: "specify the vault-id to encrypt with --encrypt-vault-id")
  }
}
