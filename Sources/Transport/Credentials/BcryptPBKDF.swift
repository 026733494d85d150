/// How OpenSSH turns a passphrase into a cipher's key: PBKDF2's construction over a bcrypt that hashes 32 bytes
/// (OpenBSD's bcrypt_pbkdf(3)).
enum BcryptPBKDF {
  private static let blockByteCount = 32
  /// bcrypt's 2^6.
  private static let expansionCount = 64
  private static let encryptionCount = 64
  private static let magic = words(of: Array("OxychromaticBlowfishSwatDynamite".utf8))

  /// `count` bytes; the time grows with `rounds` and with every 32 bytes. Nil for an empty passphrase or salt, no
  /// rounds, or more than 1,024 bytes, as the original refuses them.
  static func derive(passphrase: [UInt8], salt: [UInt8], rounds: Int, count: Int) -> [UInt8]? {
    guard !passphrase.isEmpty, !salt.isEmpty, rounds > 0, count > 0, count <= 1024 else { return nil }
    let key = words(of: Digest.sha512(passphrase))
    let blockCount = (count + blockByteCount - 1) / blockByteCount
    var output = [UInt8](repeating: 0, count: count)
    for block in 0..<blockCount {
      // The original deals the bytes of a block out over the whole key, not one block after the other.
      for (index, byte) in derivedBlock(number: block + 1, key: key, salt: salt, rounds: rounds).enumerated() {
        let place = index * blockCount + block
        if place < count { output[place] = byte }
      }
    }
    return output
  }

  private static func derivedBlock(number: Int, key: [UInt32], salt: [UInt8], rounds: Int) -> [UInt8] {
    var numberedSalt = salt
    numberedSalt.appendUInt32(UInt32(number))
    var round = hash(key: key, salt: words(of: Digest.sha512(numberedSalt)))
    var sum = round
    for _ in 1..<rounds {
      round = hash(key: key, salt: words(of: Digest.sha512(round)))
      for index in sum.indices { sum[index] ^= round[index] }
    }
    return sum
  }

  /// bcrypt_hash: 32 bytes out of two SHA-512 hashes.
  private static func hash(key: [UInt32], salt: [UInt32]) -> [UInt8] {
    let cipher = Blowfish(salt: salt, key: key)
    for _ in 0..<expansionCount {
      cipher.expand(key: salt)
      cipher.expand(key: key)
    }
    var state = magic
    for index in stride(from: 0, to: state.count, by: 2) {
      var left = state[index]
      var right = state[index + 1]
      for _ in 0..<encryptionCount { cipher.encrypt(&left, &right) }
      state[index] = left
      state[index + 1] = right
    }
    // Little-endian out, though big-endian in.
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
  }

  private static func words(of bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }
}
