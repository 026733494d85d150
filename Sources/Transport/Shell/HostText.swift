/// The last words of what a host printed, fit for one line of a message: no control characters, no more than 300 characters.
func lastLines(of bytes: [UInt8]) -> String {
  let text = String(decoding: bytes.suffix(2048), as: UTF8.self)
  let lines = text.split(whereSeparator: \.isNewline).map { line in
    String(String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
  }
  return String(lines.filter { !$0.allSatisfy(\.isWhitespace) }.suffix(3).joined(separator: "; ").suffix(300))
}

/// Seconds without a needless fraction: `10`, `2.5`.
func shortSeconds(_ seconds: Double) -> String {
  seconds == seconds.rounded() && abs(seconds) < 1e15 ? String(Int(seconds)) : String(seconds)
}
