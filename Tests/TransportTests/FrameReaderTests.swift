import Model
import Testing

@testable import Transport

struct FrameReaderTests {
  static let token = FrameToken(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210)
  static var marker: String { "\u{1E}\(token)" }

  static func feed(_ reader: inout FrameReader, _ stream: OutputChunk.Stream, _ text: some Sequence<UInt8>) {
    Array(text).withUnsafeBytes { reader.receive(stream, $0) }
  }

  @Test(arguments: [1, 2, 3, 7, 33, 34, 1000])
  func `a marker is found however the stream is cut`(chunkBytes: Int) {
    var reader = FrameReader(token: Self.token, outputBytesMax: 1000)
    let out = Array("hello \u{1E}0123 world\(Self.marker) 7\nlate".utf8)
    let err = Array("oops\u{1E}\u{1E}\(Self.marker)\n".utf8)
    for start in stride(from: 0, to: out.count, by: chunkBytes) {
      Self.feed(&reader, .stdout, out[start..<min(start + chunkBytes, out.count)])
    }
    #expect(!reader.isComplete)
    for start in stride(from: 0, to: err.count, by: chunkBytes) {
      Self.feed(&reader, .stderr, err[start..<min(start + chunkBytes, err.count)])
    }
    #expect(reader.isComplete)
    #expect(reader.numbers == [7])
    #expect(String(decoding: reader.stdout, as: UTF8.self) == "hello \u{1E}0123 world")
    #expect(String(decoding: reader.stderr, as: UTF8.self) == "oops\u{1E}\u{1E}")
  }

  @Test func `what only looks like a marker is output`() {
    var reader = FrameReader(token: Self.token, outputBytesMax: 1000)
    let text = "\(Self.marker) seven\n\u{1E}\(FrameToken(1, 2)) 0\n"
    Self.feed(&reader, .stdout, text.utf8)
    #expect(!reader.isComplete)
    Self.feed(&reader, .stdout, "\(Self.marker) 0\n".utf8)
    Self.feed(&reader, .stderr, "\(Self.marker)\n".utf8)
    #expect(reader.isComplete)
    #expect(String(decoding: reader.stdout, as: UTF8.self) == text)
  }

  @Test func `output beyond the limit is cut and said to be`() {
    var reader = FrameReader(token: Self.token, outputBytesMax: 4)
    Self.feed(&reader, .stdout, "123456\(Self.marker) 0\n".utf8)
    Self.feed(&reader, .stderr, "1234\(Self.marker)\n".utf8)
    #expect(reader.isComplete)
    #expect(reader.isTruncated)
    #expect(reader.stdout == Array("1234".utf8))
    #expect(reader.stderr == Array("1234".utf8))
  }

  @Test func `a held-back beginning of a marker is output when the shell dies`() {
    var reader = FrameReader(token: Self.token, outputBytesMax: 100)
    Self.feed(&reader, .stdout, "abc\u{1E}01".utf8)
    #expect(reader.stdout == Array("abc".utf8))
    reader.finishWithoutMarkers()
    #expect(reader.stdout == Array("abc\u{1E}01".utf8))
  }

  @Test func `a terminal's single stream needs one marker only`() {
    var reader = FrameReader(token: Self.token, outputBytesMax: 100, isMerged: true)
    Self.feed(&reader, .stdout, "x\(Self.marker) 3\n".utf8)
    #expect(reader.isComplete)
  }

  @Test func `streamed chunks add up to the collected output`() {
    var reader = FrameReader(token: Self.token, outputBytesMax: 100)
    var chunks: [UInt8] = []
    for text in ["ab\u{1E}", "cd", "\u{1E}0123456789", "\(Self.marker) 0\n"] {
      Array(text.utf8).withUnsafeBytes { reader.receive(.stdout, $0) { chunks += $0.bytes } }
    }
    #expect(chunks == reader.stdout)
    #expect(String(decoding: chunks, as: UTF8.self) == "ab\u{1E}cd\u{1E}0123456789")
  }
}
