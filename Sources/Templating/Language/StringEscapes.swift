/// Python's backslash escapes in string literals.
enum StringEscapes {
  static func decode(_ written: String, at range: Range<Int>) throws(SyntaxError) -> String {
    guard written.utf8.contains(UInt8(ascii: "\\")) else { return written }
    var result = String.UnicodeScalarView()
    var scalars = written.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "\\", let escape = scalars.popFirst() else {
        result.append(scalar)
        continue
      }
      try append(escape, &scalars, to: &result, at: range)
    }
    return String(result)
  }

  private static func append(
    _ escape: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView, to result: inout String.UnicodeScalarView,
    at range: Range<Int>
  ) throws(SyntaxError) {
    if let simple = simple[escape] { return result.append(simple) }
    switch escape {
    case "\n": return
    case "x": result.append(try code(2, &rest, at: range))
    case "u": result.append(try code(4, &rest, at: range))
    case "U": result.append(try code(8, &rest, at: range))
    case "0"..."7": result.append(octal(escape, &rest))
    default:
      result.append("\\")
      result.append(escape)
    }
  }

  private static let simple: [Unicode.Scalar: Unicode.Scalar] = [
    "n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", "\"": "\"", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}",
    "v": "\u{B}",
  ]

  private static func code(
    _ count: Int, _ rest: inout Substring.UnicodeScalarView, at range: Range<Int>
  ) throws(SyntaxError) -> Unicode.Scalar {
    let digits = String(rest.prefix(count))
    guard digits.utf8.count == count, let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number) else {
      throw SyntaxError("truncated or invalid escape in string", at: range)
    }
    rest = rest.dropFirst(count)
    return scalar
  }

  private static func octal(_ first: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar {
    var number = first.value - 48
    var left = 2
    while left > 0, let next = rest.first, ("0"..."7").contains(next) {
      number = number * 8 + next.value - 48
      rest = rest.dropFirst()
      left -= 1
    }
    return Unicode.Scalar(number) ?? "\u{FFFD}"
  }
}
