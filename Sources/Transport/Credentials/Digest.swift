import CLibCrypto

/// Hashes by libcrypto: of key files, of known_hosts, and of files that results tell.
package enum Digest {
  package static func sha256(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha256()) }
  package static func sha512(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha512()) }
  package static func sha1(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha1()) }

  /// Nil where the machine's policy (FIPS) forbids MD5.
  package static func md5(_ bytes: [UInt8]) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &output, &count, EVP_md5(), nil) == 1 else { return nil }
    return Array(output.prefix(Int(count)))
  }

  private static func digest(_ bytes: [UInt8], _ kind: OpaquePointer?) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    let isMade = EVP_Digest(bytes, bytes.count, &output, &count, kind, nil)
    precondition(isMade == 1, "this is a bug: libcrypto could not hash \(bytes.count) bytes")
    return Array(output.prefix(Int(count)))
  }
}
