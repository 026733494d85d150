import CLibCrypto

/// The cipher of Ansible Vault: AES-256 in counter mode, keys by PBKDF2, an HMAC over the encrypted bytes.
package enum VaultCipher {
  static let saltBytes = 32
  private static let keyBytes = 32
  private static let blockBytes = 16
  private static let rounds: Int32 = 10_000

  package static func seal(_ content: [UInt8], password: [UInt8]) -> SealedBytes {
    var salt = [UInt8](repeating: 0, count: saltBytes)
    precondition(RAND_bytes(&salt, Int32(salt.count)) == 1, "the system has no random bytes")
    return seal(content, password: password, salt: salt)
  }

  /// With a salt of the caller's: the same content gives the same text.
  package static func seal(_ content: [UInt8], password: [UInt8], salt: [UInt8]) -> SealedBytes {
    let keys = Keys(password: password, salt: salt)
    let padding = blockBytes - content.count % blockBytes
    let encrypted = keys.crypt(content + [UInt8](repeating: UInt8(padding), count: padding))
    return SealedBytes(salt: salt, digest: keys.digest(of: encrypted), content: encrypted)
  }

  /// Nil if the password is another one, or if somebody changed the content.
  package static func open(_ sealed: SealedBytes, password: [UInt8]) -> [UInt8]? {
    let keys = Keys(password: password, salt: sealed.salt)
    let digest = keys.digest(of: sealed.content)
    guard digest.count == sealed.digest.count, CRYPTO_memcmp(digest, sealed.digest, digest.count) == 0 else { return nil }
    let content = keys.crypt(sealed.content)
    guard let padding = content.last.map(Int.init), padding >= 1, padding <= blockBytes, padding <= content.count else { return nil }
    return Array(content.dropLast(padding))
  }

  private struct Keys {
    let cipherKey: [UInt8]
    let digestKey: [UInt8]
    let counter: [UInt8]

    init(password: [UInt8], salt: [UInt8]) {
      var derived = [UInt8](repeating: 0, count: 2 * keyBytes + blockBytes)
      let isDone = password.withUnsafeBytes { password in
        PKCS5_PBKDF2_HMAC(
          password.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(password.count), salt, Int32(salt.count), rounds,
          EVP_sha256(), Int32(derived.count), &derived)
      }
      precondition(isDone == 1, "bug: libcrypto refused to derive a key")
      cipherKey = Array(derived[..<keyBytes])
      digestKey = Array(derived[keyBytes..<2 * keyBytes])
      counter = Array(derived[(2 * keyBytes)...])
    }

    func digest(of content: [UInt8]) -> [UInt8] {
      var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE)), count: UInt32 = 0
      let isDone = HMAC(EVP_sha256(), digestKey, Int32(digestKey.count), content, content.count, &result, &count)
      precondition(isDone != nil, "bug: libcrypto refused to make a digest")
      return Array(result[..<Int(count)])
    }

    /// In counter mode encrypting and decrypting are one operation.
    func crypt(_ content: [UInt8]) -> [UInt8] {
      let context = EVP_CIPHER_CTX_new()
      defer { EVP_CIPHER_CTX_free(context) }
      var result = [UInt8](repeating: 0, count: content.count + blockBytes), count: Int32 = 0
      precondition(EVP_EncryptInit_ex(context, EVP_aes_256_ctr(), nil, cipherKey, counter) == 1, "bug: libcrypto refused a key")
      precondition(
        EVP_EncryptUpdate(context, &result, &count, content, Int32(content.count)) == 1, "bug: libcrypto refused to encrypt")
      return Array(result[..<Int(count)])
    }
  }
}
