import Glibc

/// Text that a test expects, kept in a file beside the test. `MARTLET_REWRITE_GOLDEN=1` writes what came instead of
/// comparing: read the diff before you commit it.
package struct GoldenFile {
  package let path: String

  /// A file in the folder `Golden` beside the test's source file.
  package init(_ name: String, beside source: String = #filePath) {
    path = source.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      + "/Golden/\(name)"
  }

  /// The file's text; nil where it can't be read.
  package var text: String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = [], chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Nil where the text is the file's, byte for byte; else the first line that differs, in words.
  package func difference(from text: String) -> String? {
    if getenv("MARTLET_REWRITE_GOLDEN") != nil { return write(text) }
    guard let expected = self.text else { return "can't read \(path)" }
    guard !text.utf8.elementsEqual(expected.utf8) else { return nil }
    let lines = split(text), expectedLines = split(expected)
    let number = zip(lines, expectedLines).enumerated().first { !$1.0.elementsEqual($1.1) }?.offset
      ?? min(lines.count, expectedLines.count)
    func line(_ lines: [[UInt8]]) -> String {
      number < lines.count ? String(decoding: lines[number], as: UTF8.self).debugDescription : "the end"
    }
    return "line \(number + 1) of \(path)\nexpected: \(line(expectedLines))\ngot:      \(line(lines))"
  }

  private func split(_ text: String) -> [[UInt8]] {
    Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
  }

  private func write(_ text: String) -> String? {
    guard let file = fopen(path, "w") else { return "can't write \(path)" }
    defer { fclose(file) }
    return fputs(text, file) >= 0 ? nil : "can't write \(path)"
  }
}
