/// SSH's wire types (RFC 4251, section 5), appended to a buffer.
extension [UInt8] {
  package mutating func appendUInt32(_ value: UInt32) {
    append(UInt8(truncatingIfNeeded: value >> 24))
    append(UInt8(truncatingIfNeeded: value >> 16))
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  package mutating func appendSSHString(_ content: some Collection<UInt8>) {
    appendUInt32(UInt32(content.count))
    append(contentsOf: content)
  }

  package mutating func appendSSHString(_ text: String) { appendSSHString(text.utf8) }

  /// A non-negative integer given as big-endian bytes: leading zeros go, one comes where the top bit would be a sign.
  package mutating func appendSSHInteger(_ bigEndian: some Collection<UInt8>) {
    let digits = bigEndian.drop { $0 == 0 }
    let needsZero = digits.first.map { $0 >= 0x80 } ?? false
    appendUInt32(UInt32(digits.count + (needsZero ? 1 : 0)))
    if needsZero { append(0) }
    append(contentsOf: digits)
  }
}
