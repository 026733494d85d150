/// Text as bytes, appended without a look at what they mean: what goes in is whole UTF-8 each time.
struct TextBuffer: ~Copyable {
  private var bytes: UnsafeMutableBufferPointer<UInt8>
  private(set) var count = 0

  init() { bytes = UnsafeMutableBufferPointer(start: nil, count: 0) }

  deinit { bytes.deallocate() }

  @inline(__always)
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
    guard piece.count > 0, let source = piece.baseAddress else { return }
    let end = count + piece.count
    if end > bytes.count { grow(to: end) }
    (bytes.baseAddress! + count).update(from: source, count: piece.count)
    count = end
  }

  /// A number in decimal digits.
  mutating func append(_ number: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var place = digits.count
      var rest = number.magnitude
      repeat {
        place -= 1
        digits[place] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
        rest /= 10
      } while rest > 0
      if number < 0 {
        place -= 1
        digits[place] = UInt8(ascii: "-")
      }
      append(UnsafeBufferPointer(rebasing: digits[place...]))
    }
  }

  var text: String { String(decoding: bytes[..<count], as: UTF8.self) }

  @inline(never)
  private mutating func grow(to size: Int) {
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(64, size, bytes.count * 2))
    if count > 0 { larger.baseAddress!.update(from: bytes.baseAddress!, count: count) }
    bytes.deallocate()
    bytes = larger
  }
}
