import CLibCrypto

/// SHA-256 of what a plan or the state was made from.
package enum ContentDigest {
  /// In hex digits.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE)), length: UInt32 = 0
    precondition(EVP_Digest(bytes, bytes.count, &result, &length, EVP_sha256(), nil) == 1, "bug: libcrypto refused a digest")
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: result.prefix(Int(length)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  package static func sha256(_ text: String) -> String { sha256(Array(text.utf8)) }
}
