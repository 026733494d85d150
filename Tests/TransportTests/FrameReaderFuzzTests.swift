import Model
import Testing

@testable import Transport

/// Noise, pieces of markers, other frames' markers and random splits: what was sent comes through, and nothing else.
struct FrameReaderFuzzTests {
  /// One stream's bytes before its marker.
  private static func noise(_ random: inout SeededRandom, _ token: FrameToken) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0..<20, using: &random) {
      switch Int.random(in: 0..<6, using: &random) {
      // Not so much of it that noise could complete it.
      case 0: bytes += token.marker.prefix(Int.random(in: 0..<token.marker.count - 4, using: &random))
      case 1: bytes += FrameToken(random.next(), random.next()).marker + Array(" 0\n".utf8)
      case 2: bytes += token.marker + Array([" x\n", " 1;\n", "\r\n", " -1\n"].randomElement(using: &random)!.utf8)
      case 3: bytes += Array(repeating: FrameToken.recordSeparator, count: Int.random(in: 1..<5, using: &random))
      case 4: bytes += Array("1 2 3\n".utf8)
      default: bytes += (0..<Int.random(in: 0..<50, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
    }
    return bytes
  }

  @Test func `frames cut at random among noise come through unchanged`() {
    var random = SeededRandom.announced()
    FuzzRounds.run(2000) {
      let token = FrameToken(random.next(), random.next())
      let (out, err) = (Self.noise(&random, token), Self.noise(&random, token))
      let status = Int.random(in: 0...255, using: &random)
      var streams = [
        (OutputChunk.Stream.stdout, ArraySlice(out + token.marker + Array(" \(status)\nlate".utf8))),
        (.stderr, ArraySlice(err + token.marker + Array("\nlate".utf8))),
      ]
      var reader = FrameReader(token: token, outputBytesMax: 1 << 20)
      var shown: [OutputChunk.Stream: [UInt8]] = [:]
      while !streams.allSatisfy({ $0.1.isEmpty }) {
        let index = Int.random(in: 0...1, using: &random)
        let piece = streams[index].1.prefix(Int.random(in: 1..<40, using: &random))
        streams[index].1 = streams[index].1.dropFirst(piece.count)
        Array(piece).withUnsafeBytes { bytes in
          reader.receive(streams[index].0, bytes) { shown[$0.stream, default: []] += $0.bytes }
        }
      }
      #expect(reader.isComplete)
      #expect(reader.numbers == [status])
      #expect(reader.stdout == out && reader.stderr == err)
      #expect(shown[.stdout, default: []] == out && shown[.stderr, default: []] == err)
    }
  }

  @Test func `streams that end anywhere lose nothing`() {
    var random = SeededRandom.announced()
    FuzzRounds.run(2000) {
      let token = FrameToken(random.next(), random.next())
      let out = Self.noise(&random, token) + token.marker.prefix(Int.random(in: 0...32, using: &random))
      var reader = FrameReader(token: token, outputBytesMax: 1 << 20)
      out.withUnsafeBytes { reader.receive(.stdout, $0) }
      reader.finishWithoutMarkers()
      #expect(reader.stdout == out)
    }
  }
}
