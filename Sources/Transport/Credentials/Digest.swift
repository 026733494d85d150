import CLibCrypto
import Glibc

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

  /// The hashes of a file's content, read piece by piece; nil (and `errno`) where it can't be read.
  package static func file(_ path: String) -> (size: Int, sha1: [UInt8], md5: [UInt8]?)? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    guard let sha1 = Running(EVP_sha1()) else { return nil }
    let md5 = Running(EVP_md5())
    var chunk = [UInt8](repeating: 0, count: 1 << 18), size = 0
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { break }
      sha1.add(chunk, count)
      md5?.add(chunk, count)
      size += count
    }
    guard ferror(file) == 0 else { return nil }
    return (size, sha1.end(), md5?.end())
  }

  /// A hash under way; nil where the machine's policy forbids it.
  private final class Running {
    private let context: OpaquePointer

    init?(_ kind: OpaquePointer?) {
      guard let context = EVP_MD_CTX_new() else { return nil }
      self.context = context
      guard EVP_DigestInit_ex(context, kind, nil) == 1 else { return nil }
    }

    deinit { EVP_MD_CTX_free(context) }

    func add(_ bytes: [UInt8], _ count: Int) { EVP_DigestUpdate(context, bytes, count) }

    func end() -> [UInt8] {
      var output = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE)), count: UInt32 = 0
      EVP_DigestFinal_ex(context, &output, &count)
      return Array(output.prefix(Int(count)))
    }
  }
}

extension [UInt8] {
  package var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
