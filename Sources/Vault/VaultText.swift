/// A vault's text: a header line and the sealed bytes as hexadecimal digits in lines of 80.
package struct VaultText: Sendable, Equatable {
  /// The label of the password that sealed it, as the header says; nil in a header of version 1.1.
  package var identity: String?
  package var sealed: SealedBytes

  private static let mark = Array("$ANSIBLE_VAULT".utf8)
  private static let digitsPerLine = 80

  package init(_ sealed: SealedBytes, identity: String?) {
    self.sealed = sealed
    self.identity = identity == VaultText.defaultIdentity ? nil : identity
  }

  /// What passwords without a label are called.
  package static let defaultIdentity = "default"

  /// True for the beginning of a vault text; content that only mentions one is none.
  package static func isEncrypted(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: mark) && bytes.dropFirst(mark.count).first == UInt8(ascii: ";")
  }

  /// Reads a vault text. Lines may be indented, as in YAML.
  package init(parsing bytes: some Collection<UInt8>) throws(VaultError) {
    guard Self.isEncrypted(bytes) else { throw .notEncrypted }
    let lines = bytes.split { $0 == 10 || $0 == 13 }.map { line in line.filter { $0 != 32 && $0 != 9 } }
    let header = lines[0].split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard header.count >= 3 else { throw .noHeader }
    guard ["1.1", "1.2"].contains(header[1]) else { throw .unknownVersion(header[1]) }
    guard header[2] == "AES256" else { throw .unknownCipher(header[2]) }
    identity = header.count > 3 && !header[3].isEmpty ? header[3] : nil
    let digits = Array(lines.dropFirst().joined())
    guard let body = Hexadecimal.bytes(of: digits) else { throw .noDigits(isOdd: digits.count % 2 == 1) }
    let parts = body.split(separator: 10, maxSplits: 2, omittingEmptySubsequences: false).map(Hexadecimal.bytes)
    guard parts.count == 3, let salt = parts[0], let digest = parts[1], let content = parts[2] else { throw .noParts }
    sealed = SealedBytes(salt: salt, digest: digest, content: content)
  }

  /// The text as a file has it, with a line break at its end.
  package var bytes: [UInt8] {
    let version = identity == nil ? "1.1" : "1.2"
    var lines = Array(([ "$ANSIBLE_VAULT", version, "AES256"] + (identity.map { [$0] } ?? [])).joined(separator: ";").utf8)
    let parts = [sealed.salt, sealed.digest, sealed.content].map(Hexadecimal.digits)
    let body = Hexadecimal.digits(of: Array(parts.joined(separator: [10])))
    for start in stride(from: 0, to: body.count, by: Self.digitsPerLine) {
      lines.append(10)
      lines += body[start..<min(start + Self.digitsPerLine, body.count)]
    }
    return lines + [10]
  }
}

/// What a vault text holds: salt, digest, encrypted content.
package struct SealedBytes: Sendable, Equatable {
  package var salt: [UInt8]
  package var digest: [UInt8]
  package var content: [UInt8]

  package init(salt: [UInt8], digest: [UInt8], content: [UInt8]) {
    self.salt = salt
    self.digest = digest
    self.content = content
  }
}

enum Hexadecimal {
  private static let letters = Array("0123456789abcdef".utf8)

  static func digits(of bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { [letters[Int($0 >> 4)], letters[Int($0 & 15)]] }
  }

  /// Nil for an odd number of digits or what is no digit.
  static func bytes(of digits: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = [], high: UInt8?
    for digit in digits {
      guard let value = value(of: digit) else { return nil }
      if let first = high {
        result.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? result : nil
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

extension VaultError {
  fileprivate static let notEncrypted = VaultError(
    "this is no vault text", advice: "one begins with $ANSIBLE_VAULT;1.1;AES256")
  fileprivate static let noHeader = VaultError(
    "the vault text's header is broken", advice: "it must be $ANSIBLE_VAULT;VERSION;AES256")
  fileprivate static func noDigits(isOdd: Bool) -> VaultError {
    VaultError(
      "the vault text is damaged: Vault format unhexlify error: \(isOdd ? "Odd-length string" : "Non-hexadecimal digit found")",
      advice: "behind its header stand hexadecimal digits only, an even number of them")
  }
  fileprivate static let noParts = VaultError(
    "the vault text is damaged", advice: "it does not hold salt, digest and content; was a part of it lost?")

  fileprivate static func unknownVersion(_ version: String) -> VaultError {
    VaultError("the vault text has version '\(version)'", advice: "1.1 and 1.2 can be read")
  }

  fileprivate static func unknownCipher(_ name: String) -> VaultError {
    VaultError("the vault text was made with the cipher '\(name)'", advice: "only AES256 can be read")
  }
}
