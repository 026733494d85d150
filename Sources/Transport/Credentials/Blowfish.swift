/// The Blowfish cipher with bcrypt's expensive key schedule: all that bcrypt_pbkdf needs, nothing for encrypting files.
///
/// A class that owns plain memory, since the inner loop runs some million times per passphrase.
final class Blowfish {
  /// 18 round keys, then four boxes of 256 words.
  private let words: UnsafeMutablePointer<UInt32>
  private static let roundKeyCount = 18

  /// bcrypt's first step: the state is mixed with key and salt.
  init(salt: [UInt32], key: [UInt32]) {
    words = .allocate(capacity: BlowfishTables.wordCount)
    words.initialize(from: BlowfishTables.digitsOfPi, count: BlowfishTables.wordCount)
    expand(key: key, salt: salt)
  }

  deinit {
    words.update(repeating: 0, count: BlowfishTables.wordCount)
    words.deallocate()
  }

  /// Mixes key words into the state; without a salt the blocks that are chained start from zero.
  func expand(key: [UInt32], salt: [UInt32] = []) {
    for index in 0..<Self.roundKeyCount { words[index] ^= key[index % key.count] }
    var left: UInt32 = 0
    var right: UInt32 = 0
    var saltIndex = 0
    for index in stride(from: 0, to: BlowfishTables.wordCount, by: 2) {
      if !salt.isEmpty {
        left ^= salt[saltIndex]
        right ^= salt[saltIndex + 1]
        saltIndex = (saltIndex + 2) % salt.count
      }
      encrypt(&left, &right)
      words[index] = left
      words[index + 1] = right
    }
  }

  /// One block of 64 bits.
  @inline(__always)
  func encrypt(_ left: inout UInt32, _ right: inout UInt32) {
    var x = left
    var y = right
    var round = 0
    while round < 16 {
      x ^= words[round]
      y ^= mixed(x)
      y ^= words[round + 1]
      x ^= mixed(y)
      round += 2
    }
    left = y ^ words[17]
    right = x ^ words[16]
  }

  @inline(__always)
  private func mixed(_ word: UInt32) -> UInt32 {
    let boxes = words + Self.roundKeyCount
    let sum = boxes[Int(truncatingIfNeeded: word >> 24)] &+ boxes[256 + Int(truncatingIfNeeded: word >> 16 & 255)]
    let mixed = sum ^ boxes[512 + Int(truncatingIfNeeded: word >> 8 & 255)]
    return mixed &+ boxes[768 + Int(truncatingIfNeeded: word & 255)]
  }
}
