import Glibc
import Synchronization

/// 32 random hex digits that mark one frame's end; nobody who writes to the streams can know them beforehand.
package struct FrameToken: Sendable, Hashable, CustomStringConvertible {
  /// What ends a stream's part of the frame, before its numbers and the newline.
  let marker: [UInt8]

  package var description: String { String(decoding: marker.dropFirst(), as: UTF8.self) }

  package init() {
    let words = Self.random.two()
    self.init(words.0, words.1)
  }

  /// For tests that need to know it.
  package init(_ high: UInt64, _ low: UInt64) {
    marker = [UInt8](unsafeUninitializedCapacity: 1 + Self.digits) { bytes, count in
      bytes[0] = Self.recordSeparator
      for index in 0..<Self.digits {
        let word = index < Self.digits / 2 ? high : low
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % 16))) & 0xF
        bytes[1 + index] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
      }
      count = 1 + Self.digits
    }
  }

  static let recordSeparator: UInt8 = 0x1E
  private static let digits = 32

  private static let random = RandomWords()
}

/// The kernel's random bytes, many fetched at once: a system call for each would cost a round trip more than all else that a
/// frame needs. None is given out twice.
private final class RandomWords: Sendable {
  private let words = Mutex<[UInt64]>([])

  func two() -> (UInt64, UInt64) {
    words.withLock { words in
      if words.isEmpty { words = Self.fetch() }
      return (words.removeLast(), words.removeLast())
    }
  }

  private static func fetch() -> [UInt64] {
    var words = [UInt64](repeating: 0, count: 256)
    // Up to 256 bytes come whole; each call asks for no more.
    words.withUnsafeMutableBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: 256) {
        let code = getentropy(bytes.baseAddress! + start, 256)
        precondition(code == 0, "the system gives no random bytes")
      }
    }
    return words
  }
}
