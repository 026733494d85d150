/// Reads SSH's wire types (RFC 4251, section 5) from bytes that someone else wrote: every length is checked.
package struct SSHWireReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  package var isAtEnd: Bool { position == bytes.endIndex }
  package var remainingCount: Int { bytes.endIndex - position }
  package var remaining: ArraySlice<UInt8> { bytes[position...] }

  package mutating func take(_ count: Int) throws(SSHWireError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remainingCount else { throw SSHWireError(wanted: count, left: remainingCount) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  package mutating func byte() throws(SSHWireError) -> UInt8 {
    try take(1).first!
  }

  package mutating func uint32() throws(SSHWireError) -> UInt32 {
    try take(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  package mutating func string() throws(SSHWireError) -> [UInt8] {
    let count = try uint32()
    return Array(try take(Int(count)))
  }

  /// A string that is a name or a comment; invalid UTF-8 is repaired.
  package mutating func text() throws(SSHWireError) -> String {
    String(decoding: try string(), as: UTF8.self)
  }

  /// A non-negative multiple precision integer as big-endian bytes without leading zeros.
  package mutating func unsignedInteger() throws(SSHWireError) -> [UInt8] {
    Array(try string().drop { $0 == 0 })
  }
}

/// A field claims more bytes than there are.
package struct SSHWireError: Error, Sendable, Hashable {
  package let wanted: Int
  package let left: Int
}

extension SSHWireError: CustomStringConvertible {
  package var description: String { "a field of \(wanted) bytes does not fit the \(left) that are left" }
}
