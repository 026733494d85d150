import CLibCrypto

/// The hashes that key files and known_hosts need, by libcrypto.
package enum Digest {
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha256()) }
  package static func sha512(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha512()) }

  /// HMAC-SHA1: how known_hosts hides host names.
  package static func hmacSHA1(key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let made = HMAC(EVP_sha1(), key, Int32(key.count), bytes, bytes.count, &output, &count)
    precondition(made != nil, "this is a bug: libcrypto could not compute an HMAC of \(bytes.count) bytes")
    return Array(output.prefix(Int(count)))
  }

  package static func sha1(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha1()) }

  private static func digest(_ bytes: [UInt8], _ kind: OpaquePointer?) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let isMade = EVP_Digest(bytes, bytes.count, &output, &count, kind, nil)
    precondition(isMade == 1, "this is a bug: libcrypto could not hash \(bytes.count) bytes")
    return Array(output.prefix(Int(count)))
  }
}
