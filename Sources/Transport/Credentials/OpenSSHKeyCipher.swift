import CLibCrypto

/// The ciphers that OpenSSH's key format is encrypted with, by their SSH names.
enum OpenSSHKeyCipher: String, CaseIterable {
  case aes128CBC = "aes128-cbc"
  case aes192CBC = "aes192-cbc"
  case aes256CBC = "aes256-cbc"
  case aes128CTR = "aes128-ctr"
  case aes192CTR = "aes192-ctr"
  case aes256CTR = "aes256-ctr"
  case aes128GCM = "aes128-gcm@openssh.com"
  case aes256GCM = "aes256-gcm@openssh.com"
  case tripleDES = "3des-cbc"
  case chaChaPoly = "chacha20-poly1305@openssh.com"

  var blockByteCount: Int { self == .tripleDES || self == .chaChaPoly ? 8 : 16 }

  /// Bytes of authentication after the encrypted part.
  var tagByteCount: Int {
    switch self {
    case .aes128GCM, .aes256GCM, .chaChaPoly: 16
    case .aes128CBC, .aes192CBC, .aes256CBC, .aes128CTR, .aes192CTR, .aes256CTR, .tripleDES: 0
    }
  }

  var keyByteCount: Int {
    switch self {
    case .aes128CBC, .aes128CTR, .aes128GCM: 16
    case .aes192CBC, .aes192CTR, .tripleDES: 24
    case .aes256CBC, .aes256CTR, .aes256GCM: 32
    case .chaChaPoly: 64
    }
  }

  var nonceByteCount: Int {
    switch self {
    case .aes128CBC, .aes192CBC, .aes256CBC, .aes128CTR, .aes192CTR, .aes256CTR: 16
    case .aes128GCM, .aes256GCM: 12
    case .tripleDES: 8
    case .chaChaPoly: 0
    }
  }

  /// The plain text; nil where the tag shows that key or content are wrong. Ciphers without a tag give noise then.
  func decrypt(_ content: [UInt8], tag: [UInt8], key: [UInt8], nonce: [UInt8]) -> [UInt8]? {
    switch self {
    case .aes128CBC: Self.decrypt(content, EVP_aes_128_cbc(), key: key, nonce: nonce)
    case .aes192CBC: Self.decrypt(content, EVP_aes_192_cbc(), key: key, nonce: nonce)
    case .aes256CBC: Self.decrypt(content, EVP_aes_256_cbc(), key: key, nonce: nonce)
    case .aes128CTR: Self.decrypt(content, EVP_aes_128_ctr(), key: key, nonce: nonce)
    case .aes192CTR: Self.decrypt(content, EVP_aes_192_ctr(), key: key, nonce: nonce)
    case .aes256CTR: Self.decrypt(content, EVP_aes_256_ctr(), key: key, nonce: nonce)
    case .aes128GCM: Self.decrypt(content, EVP_aes_128_gcm(), key: key, nonce: nonce, tag: tag)
    case .aes256GCM: Self.decrypt(content, EVP_aes_256_gcm(), key: key, nonce: nonce, tag: tag)
    case .tripleDES: Self.decrypt(content, EVP_des_ede3_cbc(), key: key, nonce: nonce)
    case .chaChaPoly: Self.decryptChaChaPoly(content, tag: tag, key: key)
    }
  }

  private static func decrypt(
    _ content: [UInt8], _ cipher: OpaquePointer?, key: [UInt8], nonce: [UInt8], tag: [UInt8] = []
  ) -> [UInt8]? {
    guard let context = EVP_CIPHER_CTX_new() else { return nil }
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_DecryptInit_ex(context, cipher, nil, key, nonce) == 1 else { return nil }
    EVP_CIPHER_CTX_set_padding(context, 0)
    var output = [UInt8](repeating: 0, count: content.count + 16)
    var count: Int32 = 0
    guard EVP_DecryptUpdate(context, &output, &count, content, Int32(content.count)) == 1 else { return nil }
    if !tag.isEmpty {
      var expected = tag
      guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &expected) == 1 else { return nil }
    }
    var rest = [UInt8](repeating: 0, count: 16)
    var restCount: Int32 = 0
    guard EVP_DecryptFinal_ex(context, &rest, &restCount) == 1 else { return nil }
    return Array(output.prefix(Int(count))) + rest.prefix(Int(restCount))
  }

  /// OpenSSH's own construction (PROTOCOL.chacha20poly1305) at sequence number 0 and without a length field: block 0 of
  /// the key stream is Poly1305's key, the content starts at block 1. Only the first half of the key is used.
  private static func decryptChaChaPoly(_ content: [UInt8], tag: [UInt8], key: [UInt8]) -> [UInt8]? {
    let contentKey = Array(key.prefix(32))
    let zeros = [UInt8](repeating: 0, count: 32)
    let blockZero = [UInt8](repeating: 0, count: 16)
    let blockOne: [UInt8] = [1] + [UInt8](repeating: 0, count: 15)
    guard let macKey = decrypt(zeros, EVP_chacha20(), key: contentKey, nonce: blockZero),
      let expected = poly1305(content, key: macKey), CRYPTO_memcmp(expected, tag, tag.count) == 0
    else { return nil }
    return decrypt(content, EVP_chacha20(), key: contentKey, nonce: blockOne)
  }

  private static func poly1305(_ content: [UInt8], key: [UInt8]) -> [UInt8]? {
    guard let macKey = EVP_PKEY_new_raw_private_key(EVP_PKEY_POLY1305, nil, key, key.count) else { return nil }
    defer { EVP_PKEY_free(macKey) }
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    var output = [UInt8](repeating: 0, count: 16)
    var count = output.count
    guard EVP_DigestSignInit(context, nil, nil, nil, macKey) == 1,
      EVP_DigestSign(context, &output, &count, content, content.count) == 1
    else { return nil }
    return output
  }
}
