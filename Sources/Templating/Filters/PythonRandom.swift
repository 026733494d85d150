import BigInt
import Glibc

/// Random numbers: the machine's, or with a seed those of Python's Mersenne Twister, so that a seeded choice is the
/// same as elsewhere.
struct PythonRandom {
  private var twister: MersenneTwister?

  init(seed: Object?, _ evaluation: Evaluation) throws {
    guard let seed, !seed.isNone else { return }
    twister = MersenneTwister(seed: try Self.words(of: seed, evaluation))
  }

  init(seed: String) throws { twister = MersenneTwister(seed: try Self.words(of: seed)) }

  /// A number from 0 up to a bound, which is not reached.
  mutating func below(_ bound: Int) -> Int {
    if twister == nil { return Int.random(in: 0..<bound) }
    let bits = Int.bitWidth - bound.leadingZeroBitCount
    while true {
      let number = randomBits(bits)
      if number < bound { return number }
    }
  }

  private mutating func randomBits(_ count: Int) -> Int {
    if count <= 32 { return Int((twister?.next() ?? 0) >> UInt32(32 - count)) }
    let low = Int(twister?.next() ?? 0)
    return low | Int((twister?.next() ?? 0) >> UInt32(64 - count)) << 32
  }

  private static func words(of seed: Object, _ evaluation: Evaluation) throws -> [UInt32] {
    switch Number(seed) {
    case .float(let number)?: return words(of: BigInt(UInt(bitPattern: hash(of: number))))
    case let number?: return words(of: number.big ?? 0)
    case nil: break
    }
    if let text = seed.plainText { return try words(of: text) }
    if case .instance(let bytes as PythonBytes) = seed { return try words(ofBytes: bytes.bytes) }
    throw Failure.type("The only supported seed types are: None,\nint, float, str, bytes, and bytearray.")
  }

  /// Python's hash of a float: its value modulo the prime 2^61 - 1.
  private static func hash(of number: Double) -> Int {
    if number.isNaN { return 0 }
    if number.isInfinite { return number < 0 ? -314_159 : 314_159 }
    let prime: UInt64 = 1 << 61 - 1
    var exponent = number == 0 ? 0 : Int(number.exponent) + 1
    var mantissa = number == 0 ? 0 : abs(number.significand) / 2
    var hash: UInt64 = 0
    while mantissa != 0 {
      hash = (hash << 28) & prime | hash >> 33
      mantissa *= 268_435_456
      exponent -= 28
      let whole = UInt64(mantissa)
      mantissa -= Double(whole)
      hash += whole
      if hash >= prime { hash -= prime }
    }
    exponent = exponent >= 0 ? exponent % 61 : 60 - (-1 - exponent) % 61
    hash = (hash << UInt64(exponent)) & prime | hash >> UInt64(61 - exponent)
    let signed = number < 0 ? -Int(hash) : Int(hash)
    return signed == -1 ? -2 : signed
  }

  /// Python's seed of a number is its size; of text, the text and its SHA-512 as one big number.
  private static func words(of seed: BigInt) -> [UInt32] {
    let words = seed.magnitude.words.flatMap {
      [UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $0 >> 32)]
    }
    return words.lastIndex { $0 != 0 }.map { Array(words[...$0]) } ?? [0]
  }

  private static func words(of seed: String) throws -> [UInt32] {
    try words(ofBytes: Array(seed.utf8))
  }

  private static func words(ofBytes bytes: [UInt8]) throws -> [UInt32] {
    let all = bytes + (try Digest.bytes("sha512", of: bytes))
    var words: [UInt32] = []
    for end in stride(from: all.count, to: 0, by: -4) {
      words.append(all[max(0, end - 4)..<end].reduce(0) { $0 << 8 | UInt32($1) })
    }
    while words.count > 1, words.last == 0 { words.removeLast() }
    return words
  }
}

/// MT19937, as CPython seeds it.
struct MersenneTwister {
  private var state = [UInt32](repeating: 0, count: 624)
  private var index = 624

  init(seed key: [UInt32]) {
    state[0] = 19_650_218
    for i in 1..<624 { state[i] = 1_812_433_253 &* (state[i - 1] ^ (state[i - 1] >> 30)) &+ UInt32(i) }
    var i = 1
    var j = 0
    for _ in 0..<max(624, key.count) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* 1_664_525)) &+ key[j] &+ UInt32(j)
      (i, j) = (i + 1, (j + 1) % key.count)
      if i >= 624 {
        state[0] = state[623]
        i = 1
      }
    }
    for _ in 0..<623 {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) &* 1_566_083_941)) &- UInt32(i)
      i += 1
      if i >= 624 {
        state[0] = state[623]
        i = 1
      }
    }
    state[0] = 0x8000_0000
  }

  mutating func next() -> UInt32 {
    if index >= 624 { refill() }
    var number = state[index]
    index += 1
    number ^= number >> 11
    number ^= (number << 7) & 0x9D2C_5680
    number ^= (number << 15) & 0xEFC6_0000
    return number ^ (number >> 18)
  }

  private mutating func refill() {
    for i in 0..<624 {
      let y = (state[i] & 0x8000_0000) | (state[(i + 1) % 624] & 0x7FFF_FFFF)
      state[i] = state[(i + 397) % 624] ^ (y >> 1) ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    index = 0
  }
}
