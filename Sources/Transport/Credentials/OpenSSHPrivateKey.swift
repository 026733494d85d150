import CLibCrypto

/// OpenSSH's own private key format (PROTOCOL.key), opened as far as it goes without the passphrase.
struct OpenSSHPrivateKey {
  let publicKey: SSHPublicKey
  private let protection: Protection
  private let content: [UInt8]
  private let tag: [UInt8]

  private enum Protection {
    case none
    case passphrase(OpenSSHKeyCipher, salt: [UInt8], rounds: Int)
  }

  /// More rounds than this would take minutes; ssh-keygen writes 16 to 24.
  static let roundsMax = 10_000
  private static let magic = Array("openssh-key-v1\0".utf8)

  /// Reads what stands between the BEGIN and END lines, decoded.
  init(binary: [UInt8]) throws(KeyFormatError) {
    guard binary.starts(with: Self.magic) else { throw .malformed(detail: "it does not start with openssh-key-v1") }
    let container = try readable { () throws(SSHWireError) in try Container(binary[Self.magic.count...]) }
    guard container.keyCount == 1 else { throw .malformed(detail: "it holds \(container.keyCount) keys instead of 1") }
    guard let publicKey = SSHPublicKey(blob: container.publicBlob) else {
      throw .malformed(detail: "its public key can't be read")
    }
    self.publicKey = publicKey
    content = container.content
    tag = container.tag
    protection = try Self.protection(of: container)
  }

  var isEncrypted: Bool {
    switch protection {
    case .none: false
    case .passphrase: true
    }
  }

  /// Decrypts where needed (16 rounds take about a sixth of a second) and gives the key to libcrypto.
  func privateKey(passphrase: String?) throws(KeyFormatError) -> PrivateKey {
    var plain = try plainContent(passphrase: passphrase)
    defer { OPENSSL_cleanse(&plain, plain.count) }
    let secret = try readable { () throws(SSHWireError) in try OpenSSHSecretPart(plain) }
    guard secret.firstCheck == secret.secondCheck else {
      throw isEncrypted ? .wrongPassphrase : .malformed(detail: "its check numbers differ")
    }
    let components = try secret.components.get()
    let made = try PrivateKey(owning: components.makeHandle(), comment: secret.comment)
    guard made.publicKey == publicKey else {
      throw .malformed(detail: "its private part does not belong to its public part")
    }
    return made
  }

  private func plainContent(passphrase: String?) throws(KeyFormatError) -> [UInt8] {
    switch protection {
    case .none: return content
    case .passphrase(let cipher, let salt, let rounds):
      guard let passphrase, !passphrase.isEmpty else { throw .needsPassphrase }
      let count = cipher.keyByteCount + cipher.nonceByteCount
      guard var derived = BcryptPBKDF.derive(
        passphrase: Array(passphrase.utf8), salt: salt, rounds: rounds, count: count)
      else { throw .malformed(detail: "its key derivation has no salt or no rounds") }
      defer { OPENSSL_cleanse(&derived, derived.count) }
      let key = Array(derived.prefix(cipher.keyByteCount))
      let nonce = Array(derived.dropFirst(cipher.keyByteCount))
      guard let plain = cipher.decrypt(content, tag: tag, key: key, nonce: nonce) else { throw .wrongPassphrase }
      return plain
    }
  }

  private static func protection(of container: Container) throws(KeyFormatError) -> Protection {
    if container.cipher == "none", container.derivation == "none" {
      guard container.tag.isEmpty else { throw .malformed(detail: "bytes follow its end") }
      return .none
    }
    guard container.derivation == "bcrypt" else {
      throw .unsupported(what: "encrypted by way of \(container.derivation)", advice: reencryptAdvice)
    }
    guard let cipher = OpenSSHKeyCipher(rawValue: container.cipher) else {
      throw .unsupported(what: "encrypted with \(container.cipher)", advice: reencryptAdvice)
    }
    guard container.tag.count == cipher.tagByteCount, container.content.count % cipher.blockByteCount == 0 else {
      throw .malformed(detail: "its encrypted part has no whole number of \(cipher.rawValue) blocks")
    }
    let (salt, rounds) = try readable { () throws(SSHWireError) in
      var reader = SSHWireReader(container.derivationOptions)
      return (try reader.string(), Int(try reader.uint32()))
    }
    guard rounds <= roundsMax else {
      let what = "encrypted with \(rounds) rounds of bcrypt, more than \(roundsMax)"
      throw .unsupported(what: what, advice: reencryptAdvice)
    }
    return .passphrase(cipher, salt: salt, rounds: rounds)
  }

  private static let reencryptAdvice = "set the passphrase anew with ssh-keygen -p"
}

/// The outer fields, as they stand.
private struct Container {
  let cipher: String
  let derivation: String
  let derivationOptions: [UInt8]
  let keyCount: UInt32
  let publicBlob: [UInt8]
  let content: [UInt8]
  let tag: [UInt8]

  init(_ bytes: ArraySlice<UInt8>) throws(SSHWireError) {
    var reader = SSHWireReader(bytes)
    cipher = try reader.text()
    derivation = try reader.text()
    derivationOptions = try reader.string()
    keyCount = try reader.uint32()
    publicBlob = try reader.string()
    content = try reader.string()
    tag = Array(reader.remaining)
  }
}

/// What stands inside the encrypted part.
private struct OpenSSHSecretPart {
  let firstCheck: UInt32
  let secondCheck: UInt32
  let components: Result<KeyComponents, KeyFormatError>
  let comment: String

  init(_ bytes: [UInt8]) throws(SSHWireError) {
    var reader = SSHWireReader(bytes)
    firstCheck = try reader.uint32()
    secondCheck = try reader.uint32()
    guard firstCheck == secondCheck else {
      components = .failure(.wrongPassphrase)
      comment = ""
      return
    }
    components = try Self.components(type: try reader.text(), &reader)
    comment = if case .success = components { try reader.text() } else { "" }
  }

  private static func components(
    type: String, _ reader: inout SSHWireReader
  ) throws(SSHWireError) -> Result<KeyComponents, KeyFormatError> {
    switch type {
    case "ssh-ed25519":
      let point = try reader.string()
      let seedAndPoint = try reader.string()
      guard seedAndPoint.count == 64, Array(seedAndPoint.suffix(32)) == point else {
        return .failure(.malformed(detail: "its ed25519 numbers have the wrong size"))
      }
      return .success(.ed25519(seed: Array(seedAndPoint.prefix(32))))
    case "ssh-rsa":
      return .success(
        .rsa(
          KeyComponents.RSA(
            modulus: try reader.unsignedInteger(), publicExponent: try reader.unsignedInteger(),
            privateExponent: try reader.unsignedInteger(), coefficient: try reader.unsignedInteger(),
            firstPrime: try reader.unsignedInteger(), secondPrime: try reader.unsignedInteger())))
    case _ where type.hasPrefix("ecdsa-sha2-") && !type.contains("@"):
      guard let curve = EllipticCurve(rawValue: try reader.text()) else {
        return .failure(.unsupported(what: "a \(type) key", advice: "use ed25519, or ecdsa on a NIST curve"))
      }
      return .success(
        .ecdsa(curve: curve, publicPoint: try reader.string(), scalar: try reader.unsignedInteger()))
    default:
      return .failure(unsupported(type: type))
    }
  }

  private static func unsupported(type: String) -> KeyFormatError {
    if type.hasPrefix("sk-") {
      return .unsupported(what: "a FIDO key (\(type))", advice: "load it in ssh-agent, or use the ssh binary")
    }
    if type == "ssh-dss" {
      return .unsupported(what: "a DSA key", advice: "servers no longer take those: make an ed25519 key")
    }
    return .unsupported(what: "a key of type \(type)", advice: "use ed25519, ecdsa or rsa")
  }
}

/// Runs a reader; a field that does not fit makes the key damaged.
private func readable<Field>(_ read: () throws(SSHWireError) -> Field) throws(KeyFormatError) -> Field {
  do throws(SSHWireError) {
    return try read()
  } catch {
    throw .malformed(detail: error.description)
  }
}
