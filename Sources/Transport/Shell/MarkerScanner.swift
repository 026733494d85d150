import Glibc

/// Finds where one stream's part of a frame ends: the marker, numbers divided by blanks, a newline. Everything before is
/// output, however it is cut into chunks.
struct MarkerScanner: Sendable {
  private enum Match {
    case no
    /// All bytes so far fit; more must come.
    case partial
    case whole(numbers: [Int])
  }

  private let marker: [UInt8]
  /// The beginning of what may be the marker line; never longer than one.
  private var held: [UInt8] = []
  /// The marker line's numbers, once it has been seen. What follows it belongs to no frame.
  private(set) var numbers: [Int]?

  init(marker: [UInt8]) { self.marker = marker }

  /// Passes output on and keeps back what may be a marker.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, output: (UnsafeRawBufferPointer) -> Void) {
    guard numbers == nil, !bytes.isEmpty else { return }
    guard !held.isEmpty else { return search(bytes, output: output) }
    let joined = held + bytes
    held = []
    joined.withUnsafeBytes { search($0, output: output) }
  }

  /// Gives out what is held back, for a stream that ended without a marker.
  mutating func flush(output: (UnsafeRawBufferPointer) -> Void) {
    guard !held.isEmpty else { return }
    held.withUnsafeBytes(output)
    held = []
  }

  private mutating func search(_ bytes: UnsafeRawBufferPointer, output: (UnsafeRawBufferPointer) -> Void) {
    var start = 0
    while start < bytes.count,
      let found = memchr(bytes.baseAddress! + start, Int32(FrameToken.recordSeparator), bytes.count - start)
    {
      let position = found - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
      switch match(UnsafeRawBufferPointer(rebasing: bytes[position...])) {
      case .no:
        start = position + 1
      case .partial:
        emit(bytes, upTo: position, output)
        held = Array(bytes[position...])
        return
      case .whole(let found):
        emit(bytes, upTo: position, output)
        numbers = found
        return
      }
    }
    emit(bytes, upTo: bytes.count, output)
  }

  private func emit(_ bytes: UnsafeRawBufferPointer, upTo end: Int, _ output: (UnsafeRawBufferPointer) -> Void) {
    if end > 0 { output(UnsafeRawBufferPointer(rebasing: bytes[..<end])) }
  }

  private func match(_ bytes: UnsafeRawBufferPointer) -> Match {
    let common = min(bytes.count, marker.count)
    guard marker.withUnsafeBytes({ memcmp($0.baseAddress!, bytes.baseAddress!, common) }) == 0 else { return .no }
    guard bytes.count > marker.count else { return .partial }
    let tail = bytes[marker.count...].prefix(Self.tailBytesMax)
    guard let newline = tail.firstIndex(of: UInt8(ascii: "\n")) else {
      return tail.count < Self.tailBytesMax && tail.allSatisfy(Self.isTailByte) ? .partial : .no
    }
    let line = tail[..<newline]
    guard line.allSatisfy(Self.isTailByte) else { return .no }
    return .whole(numbers: Self.numbers(in: line))
  }

  /// Decimal numbers with blanks before and between them.
  private static func numbers(in line: Slice<UnsafeRawBufferPointer>) -> [Int] {
    var numbers: [Int] = []
    var isInside = false
    for byte in line {
      guard byte != UInt8(ascii: " ") else {
        isInside = false
        continue
      }
      if !isInside { numbers.append(0) }
      isInside = true
      let (tens, digit) = (numbers[numbers.count - 1], Int(byte - UInt8(ascii: "0")))
      numbers[numbers.count - 1] = tens > Self.numberMax ? tens : 10 * tens + digit
    }
    return numbers
  }

  private static func isTailByte(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Three process ids and their blanks.
  private static let tailBytesMax = 64
  /// Beyond any process id; further digits don't count.
  private static let numberMax = 1 << 48
}
