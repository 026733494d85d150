/// The checksum that POSIX's `cksum` prints, which every host has and which costs a host next to nothing. SSH already keeps an
/// attacker from changing what travels; this finds what was lost, cut or changed on the way from disk to disk.
struct ContentChecksum: Sendable, Equatable {
  private var register: UInt32 = 0
  private(set) var count = 0

  init() {}

  init(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    register = Self.tables.withUnsafeBufferPointer { tables in Self.advance(register, bytes, tables) }
  }

  /// As `cksum` prints it for its standard input: checksum, blank, size.
  var text: String { "\(value) \(count)" }

  /// The count follows the content, lowest byte first, without leading zeros.
  var value: UInt32 {
    var (register, rest) = (register, count)
    while rest > 0 {
      register = register << 8 ^ Self.tables[Int(register >> 24 ^ UInt32(truncatingIfNeeded: rest & 0xFF))]
      rest >>= 8
    }
    return ~register
  }

  /// Eight bytes at a time: one table for each place that a byte may have among them.
  private static func advance(
    _ start: UInt32, _ bytes: UnsafeRawBufferPointer, _ tables: UnsafeBufferPointer<UInt32>
  ) -> UInt32 {
    var (register, index) = (start, 0)
    while bytes.count - index >= 8 {
      let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(register) << 32
      register = 0
      for place in 0..<8 { register ^= tables[place << 8 | Int(truncatingIfNeeded: word >> UInt64(place << 3) & 0xFF)] }
      index += 8
    }
    while index < bytes.count {
      register = register << 8 ^ tables[Int(register >> 24 ^ UInt32(bytes[index]))]
      index += 1
    }
    return register
  }

  private static let tables: [UInt32] = {
    var tables = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte) << 24) { register, _ in register << 1 ^ (register >> 31 == 1 ? polynomial : 0) }
    }
    for index in 256..<2048 {
      let nearer = tables[index - 256]
      tables.append(nearer << 8 ^ tables[Int(nearer >> 24)])
    }
    return tables
  }()

  private static let polynomial: UInt32 = 0x04C1_1DB7
}
