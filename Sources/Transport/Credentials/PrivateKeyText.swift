/// The text of a private key file, told apart by its first line.
enum PrivateKeyText {
  case openSSH(OpenSSHPrivateKey)
  /// PKCS#1, SEC1 or PKCS#8, encrypted or not: libcrypto reads it.
  case pem([UInt8])

  init(_ text: [UInt8]) throws(KeyFormatError) {
    let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    guard let start = lines.firstIndex(where: { $0.starts(with: "-----BEGIN ".utf8) }) else {
      throw Self.reasonForNoKey(text)
    }
    let label = String(decoding: lines[start], as: UTF8.self)
    if label.hasPrefix("-----BEGIN OPENSSH PRIVATE KEY-----") {
      self = .openSSH(try OpenSSHPrivateKey(binary: try Self.body(of: lines[(start + 1)...])))
    } else if label.hasSuffix("PRIVATE KEY-----") {
      self = .pem(text)
    } else {
      throw .unsupported(what: "no private key (\(label))", advice: "give the file that holds the private key")
    }
  }

  private static func body(of lines: ArraySlice<ArraySlice<UInt8>>) throws(KeyFormatError) -> [UInt8] {
    guard let end = lines.firstIndex(where: { $0.starts(with: "-----END OPENSSH PRIVATE KEY-----".utf8) }) else {
      throw .malformed(detail: "its END line is missing")
    }
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let encoded = lines[..<end].joined().filter { !isSpace($0) }
    guard let binary = Base64.decode(encoded) else { throw .malformed(detail: "it is not base64 between its lines") }
    return binary
  }

  private static func reasonForNoKey(_ text: [UInt8]) -> KeyFormatError {
    if text.starts(with: "PuTTY-User-Key-File".utf8) {
      return .unsupported(what: "in PuTTY's format", advice: "convert it: puttygen KEY -O private-openssh -o NEWKEY")
    }
    if text.starts(with: "---- BEGIN SSH2".utf8) {
      return .unsupported(what: "in SSH.COM's format", advice: "convert it: ssh-keygen -i -f KEY")
    }
    if SSHPublicKey(line: String(decoding: text.prefix(8192), as: UTF8.self)) != nil {
      return .unsupported(what: "a public key", advice: "give the private key's file, without .pub")
    }
    return .malformed(detail: "there is no BEGIN line of a private key in it")
  }
}
