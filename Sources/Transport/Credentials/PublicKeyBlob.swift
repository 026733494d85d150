import CLibCrypto

/// The SSH public key of a libcrypto key.
enum PublicKeyBlob {
  static func of(_ key: OpaquePointer) throws(KeyFormatError) -> SSHPublicKey {
    let blob: [UInt8]
    switch EVP_PKEY_get_base_id(key) {
    case EVP_PKEY_ED25519: blob = ed25519(publicPoint: try rawPublicKey(key))
    case EVP_PKEY_EC: blob = try ecdsa(key)
    case EVP_PKEY_RSA: blob = rsa(exponent: try integer(key, "e"), modulus: try integer(key, "n"))
    case EVP_PKEY_DSA:
      throw .unsupported(what: "a DSA key", advice: "servers no longer take those: make an ed25519 key")
    default:
      let name = EVP_PKEY_get0_type_name(key).map { String(cString: $0) } ?? "unknown"
      throw .unsupported(what: "a key of type \(name)", advice: "use ed25519, ecdsa or rsa")
    }
    guard let publicKey = SSHPublicKey(blob: blob) else { throw .malformed(detail: "its public key can't be read") }
    return publicKey
  }

  static func ed25519(publicPoint: [UInt8]) -> [UInt8] {
    var blob: [UInt8] = []
    blob.appendSSHString("ssh-ed25519")
    blob.appendSSHString(publicPoint)
    return blob
  }

  static func rsa(exponent: [UInt8], modulus: [UInt8]) -> [UInt8] {
    var blob: [UInt8] = []
    blob.appendSSHString("ssh-rsa")
    blob.appendSSHInteger(exponent)
    blob.appendSSHInteger(modulus)
    return blob
  }

  private static func ecdsa(_ key: OpaquePointer) throws(KeyFormatError) -> [UInt8] {
    var buffer = [CChar](repeating: 0, count: 80)
    guard EVP_PKEY_get_group_name(key, &buffer, buffer.count, nil) == 1 else {
      throw .unsupported(what: "an EC key without a named curve", advice: "use ed25519, or ecdsa on a NIST curve")
    }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let curve = EllipticCurve(libCryptoName: name) else {
      throw .unsupported(what: "an EC key on curve \(name)", advice: "use ed25519, or ecdsa on a NIST curve")
    }
    // A PEM file may ask for compressed points; SSH has only uncompressed ones.
    EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed")
    var point = [UInt8](repeating: 0, count: 160)
    var count = 0
    guard EVP_PKEY_get_octet_string_param(key, "pub", &point, point.count, &count) == 1 else {
      throw .fromLibCrypto("its public point can't be read")
    }
    var blob: [UInt8] = []
    blob.appendSSHString("ecdsa-sha2-" + curve.rawValue)
    blob.appendSSHString(curve.rawValue)
    blob.appendSSHString(point.prefix(count))
    return blob
  }

  private static func rawPublicKey(_ key: OpaquePointer) throws(KeyFormatError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: 32)
    var count = output.count
    guard EVP_PKEY_get_raw_public_key(key, &output, &count) == 1 else {
      throw .fromLibCrypto("its public key can't be read")
    }
    return Array(output.prefix(count))
  }

  private static func integer(_ key: OpaquePointer, _ name: String) throws(KeyFormatError) -> [UInt8] {
    var number: OpaquePointer?
    guard EVP_PKEY_get_bn_param(key, name, &number) == 1 else { throw .fromLibCrypto("its \(name) can't be read") }
    defer { BN_free(number) }
    return BigNumber.bytes(of: number)
  }
}

/// The curves that SSH names (RFC 5656), by SSH's names.
enum EllipticCurve: String, CaseIterable {
  case nistp256, nistp384, nistp521

  init?(libCryptoName name: String) {
    guard let curve = Self.allCases.first(where: { $0.libCryptoName.description == name }) else { return nil }
    self = curve
  }

  var libCryptoName: StaticString {
    switch self {
    case .nistp256: "prime256v1"
    case .nistp384: "secp384r1"
    case .nistp521: "secp521r1"
    }
  }
}
