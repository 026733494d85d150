import CLibCrypto

/// HMAC-SHA1 of host names under many salts, as hashed known_hosts files need it for every line: one context for all,
/// since setting one up costs several times what the hashing does. Not for sharing between threads.
struct HostNameHash: ~Copyable {
  private let context: OpaquePointer
  private let digest: OpaquePointer
  private static let blockByteCount = 64
  static let byteCount = 20

  init() {
    guard let context = EVP_MD_CTX_new(), let digest = EVP_MD_fetch(nil, "SHA1", nil) else {
      fatalError("libcrypto has no SHA-1, which hashed known_hosts files are made with")
    }
    self.context = context
    self.digest = digest
  }

  deinit {
    EVP_MD_CTX_free(context)
    EVP_MD_free(digest)
  }

  /// RFC 2104, for salts no longer than a block.
  func hash(of name: [UInt8], salt: [UInt8]) -> [UInt8] {
    precondition(salt.count <= Self.blockByteCount, "this is a bug: a salt of \(salt.count) bytes")
    let inner = digest(of: name, after: block(salt, 0x36))
    return digest(of: inner, after: block(salt, 0x5C))
  }

  private func block(_ salt: [UInt8], _ padding: UInt8) -> [UInt8] {
    var block = [UInt8](repeating: padding, count: Self.blockByteCount)
    for index in salt.indices { block[index] ^= salt[index] }
    return block
  }

  private func digest(of content: [UInt8], after block: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Self.byteCount)
    let isMade =
      EVP_DigestInit_ex(context, digest, nil) == 1 && EVP_DigestUpdate(context, block, block.count) == 1
      && EVP_DigestUpdate(context, content, content.count) == 1 && EVP_DigestFinal_ex(context, &output, nil) == 1
    precondition(isMade, "this is a bug: libcrypto could not hash \(content.count) bytes")
    return output
  }
}
