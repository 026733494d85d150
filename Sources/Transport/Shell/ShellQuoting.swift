import Glibc

/// Text as one word of POSIX shell, whatever is in it.
package func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

extension [UInt8] {
  /// Appends text as one single-quoted word; every `'` becomes `'\''`.
  mutating func appendShellQuoted(_ text: String) {
    var text = text
    text.withUTF8 { appendShellQuoted(UnsafeRawBufferPointer($0)) }
  }

  mutating func appendShellQuoted(_ bytes: [UInt8]) { bytes.withUnsafeBytes { appendShellQuoted($0) } }

  /// Copies whole stretches between quotes: scripts may be a megabyte, and this runs on a loop's thread.
  private mutating func appendShellQuoted(_ bytes: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "'"))
    var start = 0
    while start < bytes.count,
      let quote = memchr(bytes.baseAddress! + start, Int32(UInt8(ascii: "'")), bytes.count - start)
    {
      let position = quote - UnsafeMutableRawPointer(mutating: bytes.baseAddress!)
      append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<position]))
      append(contentsOf: [0x27, 0x5C, 0x27, 0x27])
      start = position + 1
    }
    append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start...]))
    append(UInt8(ascii: "'"))
  }
}

/// Whether text has a NUL, which no shell can take.
func hasNUL(_ text: String) -> Bool {
  var text = text
  return text.withUTF8 { bytes in
    bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
  }
}
