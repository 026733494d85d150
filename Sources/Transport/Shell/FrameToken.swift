/// 32 random hex digits that mark one frame's end; nobody who writes to the streams can know them beforehand.
package struct FrameToken: Sendable, Hashable, CustomStringConvertible {
  package let description: String

  package init() {
    var random = SystemRandomNumberGenerator()
    self.init(random.next(), random.next())
  }

  /// For tests that need to know it.
  package init(_ high: UInt64, _ low: UInt64) { description = Self.hex(high) + Self.hex(low) }

  /// What ends a stream's part of the frame, before its numbers and the newline.
  var marker: [UInt8] { [Self.recordSeparator] + Array(description.utf8) }

  static let recordSeparator: UInt8 = 0x1E

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
