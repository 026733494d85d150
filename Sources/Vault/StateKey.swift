import CLibCrypto
import Glibc

/// The key that seals what a run must remember and nobody may read: AES-256 in GCM, a fresh nonce for each text.
///
/// It lies in a file of its own beside the state database, its owner's alone: a copy of the database tells nothing by itself.
package struct StateKey: Sendable {
  private static let keyBytes = 32, nonceBytes = 12, tagBytes = 16
  private let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the key at a path, or makes one where there is none; nil where neither can be done.
  package init?(path: String) {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Two martlets that start at once must come to one key.
    guard flock(descriptor, LOCK_EX) == 0 else { return nil }
    var key = [UInt8](repeating: 0, count: Self.keyBytes)
    let count = read(descriptor, &key, key.count)
    if count == key.count {
      bytes = key
      return
    }
    guard count >= 0, RAND_bytes(&key, Int32(key.count)) == 1, pwrite(descriptor, key, key.count, 0) == key.count,
      fsync(descriptor) == 0
    else { return nil }
    bytes = key
  }

  package func seal(_ content: [UInt8]) -> [UInt8] {
    var nonce = [UInt8](repeating: 0, count: Self.nonceBytes), tag = [UInt8](repeating: 0, count: Self.tagBytes)
    precondition(RAND_bytes(&nonce, Int32(nonce.count)) == 1, "the system has no random bytes")
    var sealed = [UInt8](repeating: 0, count: content.count + Self.tagBytes), count: Int32 = 0, rest: Int32 = 0
    let context = EVP_CIPHER_CTX_new()
    defer { EVP_CIPHER_CTX_free(context) }
    let isDone = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, bytes, nonce) == 1
      && EVP_EncryptUpdate(context, &sealed, &count, content, Int32(content.count)) == 1
      && EVP_EncryptFinal_ex(context, &tag, &rest) == 1
      && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, Int32(tag.count), &tag) == 1
    precondition(isDone, "bug: libcrypto refused to seal")
    return nonce + tag + sealed[..<Int(count)]
  }

  /// Nil if it was sealed with another key, or changed since.
  package func open(_ sealed: [UInt8]) -> [UInt8]? {
    guard sealed.count >= Self.nonceBytes + Self.tagBytes else { return nil }
    let nonce = Array(sealed[..<Self.nonceBytes])
    var tag = Array(sealed[Self.nonceBytes..<Self.nonceBytes + Self.tagBytes])
    let content = Array(sealed[(Self.nonceBytes + Self.tagBytes)...])
    var opened = [UInt8](repeating: 0, count: content.count + Self.tagBytes), count: Int32 = 0, rest: Int32 = 0
    var end = [UInt8](repeating: 0, count: Self.tagBytes)
    let context = EVP_CIPHER_CTX_new()
    defer { EVP_CIPHER_CTX_free(context) }
    guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, bytes, nonce) == 1,
      EVP_DecryptUpdate(context, &opened, &count, content, Int32(content.count)) == 1,
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, Int32(tag.count), &tag) == 1,
      EVP_DecryptFinal_ex(context, &end, &rest) == 1
    else { return nil }
    return Array(opened[..<Int(count)])
  }
}
