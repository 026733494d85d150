import CLibCrypt
import CLibCrypto
import Glibc

/// Digests by libcrypto, password hashes by libcrypt.
enum Digest {
  static func bytes(_ name: String, of bytes: [UInt8]) throws -> [UInt8] {
    guard let method = EVP_get_digestbyname(name) else { throw Failure.value("unsupported hash type \(name)") }
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &result, &length, method, nil) == 1 else {
      throw Failure.value("hash type \(name) is not available")
    }
    return Array(result.prefix(Int(length)))
  }

  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { String($0, radix: 16).leftPadded(to: 2) }.joined()
  }

  /// `crypt(3)`.
  static func crypt(_ password: String, _ setting: String) throws -> String {
    if password.utf8.contains(0) { throw Failure.value("a password can't hold NUL") }
    var buffer: UnsafeMutableRawPointer?
    var size: Int32 = 0
    defer { free(buffer) }
    guard let result = crypt_ra(password, setting, &buffer, &size), result.pointee != UInt8(ascii: "*") else {
      throw Failure.value("crypt does not accept the salt or rounds given")
    }
    return String(cString: result)
  }
}
