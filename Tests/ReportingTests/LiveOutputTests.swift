import Model
import Testing

@testable import Reporting

struct LiveOutputTests {
  /// Bytes that count how often they are looked at.
  private struct CountedBytes: RandomAccessCollection {
    final class Looks { var count = 0 }

    let bytes: [UInt8]
    let looks = Looks()
    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }

    subscript(position: Int) -> UInt8 {
      looks.count += 1
      return bytes[position]
    }
  }

  @Test(arguments: [1_000, 20_000])
  func `each byte of a chunk is looked at once, however many lines it has`(lines: Int) {
    let bytes = CountedBytes(bytes: Array(String(repeating: "a short line\n", count: lines).utf8))
    #expect(LiveOutput.cut(bytes).lines.count == lines)
    #expect(bytes.looks.count == bytes.count)
  }

  @Test(arguments: [
    ("one\ntwo\nthr", ["one", "two"], "thr"), ("\n\n", ["", ""], ""), ("", [], ""),
    (String(repeating: "x", count: 9000), [String(repeating: "x", count: 9000)], ""),
  ])
  func `text is cut at newlines, and what has none for long is a line`(text: String, lines: [String], rest: String) {
    let cut = LiveOutput.cut(Array(text.utf8))
    #expect(cut.lines.map { String(decoding: $0, as: UTF8.self) } == lines)
    #expect(String(decoding: cut.rest, as: UTF8.self) == rest)
  }
}
