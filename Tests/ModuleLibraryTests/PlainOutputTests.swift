import Model
import Testing

@testable import ModuleLibrary

struct PlainOutputTests {
  private let mark = Array("\u{1E}0123456789abcdef".utf8)

  private func shown(_ text: String, chunkBytes: Int, _ stream: OutputChunk.Stream = .stdout) -> String {
    let output = PlainOutput(mark: mark)
    let bytes = Array(text.utf8)
    let chunks = stride(from: 0, to: bytes.count, by: chunkBytes).compactMap { start in
      output.shown(of: OutputChunk(stream: stream, bytes: Array(bytes[start..<min(bytes.count, start + chunkBytes)])))
    }
    return String(decoding: chunks.flatMap(\.bytes), as: UTF8.self)
  }

  @Test(arguments: [1, 2, 5, 17, 100])
  func `what commands print is shown and a module's records are not`(chunkBytes: Int) {
    let records = "\u{1E}0123456789abcdefirc\u{1F}0\u{1E}0123456789abcdefz"
    #expect(shown("line 1\nline 2\n" + records, chunkBytes: chunkBytes) == "line 1\nline 2\n")
    #expect(shown("a\u{1E}b\u{1E}\u{1E}0123x\n" + records, chunkBytes: chunkBytes) == "a\u{1E}b\u{1E}\u{1E}0123x\n")
    #expect(shown(records, chunkBytes: chunkBytes) == "")
  }

  @Test func `errors are shown as they are`() {
    #expect(shown("\u{1E}0123456789abcdef err\n", chunkBytes: 3, .stderr) == "\u{1E}0123456789abcdef err\n")
  }
}
