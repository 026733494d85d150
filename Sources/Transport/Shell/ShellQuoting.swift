/// Text as one word of POSIX shell, whatever is in it.
package func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}

extension [UInt8] {
  /// Appends bytes as one single-quoted word; every `'` becomes `'\''`.
  mutating func appendShellQuoted(_ bytes: some Sequence<UInt8>) {
    append(UInt8(ascii: "'"))
    for byte in bytes {
      if byte == UInt8(ascii: "'") { append(contentsOf: [0x27, 0x5C, 0x27, 0x27]) } else { append(byte) }
    }
    append(UInt8(ascii: "'"))
  }
}
