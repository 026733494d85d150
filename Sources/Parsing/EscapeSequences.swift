/// Python's backslash escapes in `k=v` text: `\n`, `\t`, `\\`, `\x41`, `\u00e4`, …; anything else stays as it is.
enum EscapeSequences {
  static func decoded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var result = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let kind = rest.first, let (decoded, count) = decode(kind, rest.dropFirst()) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      result.unicodeScalars.append(decoded)
      rest = rest.dropFirst(count)
    }
    return result
  }

  /// The scalar that an escape stands for, and how many scalars behind the backslash belong to it.
  private static func decode(
    _ kind: Unicode.Scalar, _ digits: Substring.UnicodeScalarView
  ) -> (Unicode.Scalar, Int)? {
    switch kind {
    case "\\", "'", "\"": (kind, 1)
    case "a": ("\u{7}", 1)
    case "b": ("\u{8}", 1)
    case "f": ("\u{c}", 1)
    case "n": ("\n", 1)
    case "r": ("\r", 1)
    case "t": ("\t", 1)
    case "v": ("\u{b}", 1)
    case "x": hexadecimal(digits, 2)
    case "u": hexadecimal(digits, 4)
    case "U": hexadecimal(digits, 8)
    default: nil
    }
  }

  private static func hexadecimal(_ digits: Substring.UnicodeScalarView, _ count: Int) -> (Unicode.Scalar, Int)? {
    let text = String(digits.prefix(count))
    guard text.utf8.count == count, text.allSatisfy(\.isHexDigit), let code = UInt32(text, radix: 16) else {
      return nil
    }
    return Unicode.Scalar(code).map { ($0, count + 1) }
  }
}
