/// Python's pattern syntax in PCRE2's words. What Python does not know is an error, not one of PCRE2's extensions.
struct RegexTranslation {
  private var rest: Substring.UnicodeScalarView
  private let total: Int
  private var output = String.UnicodeScalarView()

  static func pcre(of pattern: String) throws(PythonRegexError) -> String {
    var translation = RegexTranslation(pattern)
    while let scalar = translation.rest.popFirst() { try translation.take(scalar) }
    return String(translation.output)
  }

  private init(_ pattern: String) {
    rest = Substring(pattern).unicodeScalars
    total = pattern.unicodeScalars.count
  }

  private var position: Int { total - rest.count - 1 }

  private mutating func append(_ text: String) { output.append(contentsOf: text.unicodeScalars) }

  private mutating func take(_ scalar: Unicode.Scalar) throws(PythonRegexError) {
    switch scalar {
    case "\\": try escape(inClass: false)
    case "[": try characterClass()
    case "(": try group()
    case "{": brace()
    default: output.append(scalar)
    }
  }

  private func mistake(_ message: String) -> PythonRegexError {
    PythonRegexError(message: "\(message) at position \(position)")
  }

  private mutating func escape(inClass: Bool) throws(PythonRegexError) {
    guard let scalar = rest.popFirst() else {
      throw PythonRegexError(message: "bad escape (end of pattern) at position \(total - 1)")
    }
    switch scalar {
    case "u": append("\\x{\(try digits(4))}")
    case "U": append("\\x{\(try digits(8))}")
    case "x": append("\\x{\(try digits(2))}")
    case "Z" where !inClass: append("\\z")
    case "A" where !inClass, "B" where !inClass: append("\\\(scalar)")
    case "0": append("\\x{\(String(octal("", max: 2), radix: 16))}")
    case "1"..."9": reference(scalar, inClass: inClass)
    case "a", "b", "f", "n", "r", "t", "d", "D", "s", "S", "w", "W": append("\\\(scalar)")
    case "v": append("\\x{b}")
    case "a"..."z", "A"..."Z": throw PythonRegexError(message: "bad escape \\\(scalar) at position \(position - 1)")
    default:
      output.append("\\")
      output.append(scalar)
    }
  }

  private mutating func digits(_ count: Int) throws(PythonRegexError) -> String {
    let digits = String(rest.prefix(count))
    guard digits.utf8.count == count, UInt32(digits, radix: 16) != nil else { throw mistake("incomplete escape") }
    rest = rest.dropFirst(count)
    return digits
  }

  private mutating func octal(_ first: String, max: Int) -> Int {
    var digits = first
    while digits.count < max + first.count, let next = rest.first, ("0"..."7").contains(next) {
      digits.unicodeScalars.append(next)
      rest = rest.dropFirst()
    }
    return Int(digits, radix: 8) ?? 0
  }

  /// `\12` is a group, `\123` with three octal digits a character.
  private mutating func reference(_ first: Unicode.Scalar, inClass: Bool) {
    let next = Array(rest.prefix(2))
    let isOctal = next.count == 2 && first <= "3" && next.allSatisfy { ("0"..."7").contains($0) }
    if isOctal || inClass { return append("\\x{\(String(octal(String(first), max: 2), radix: 16))}") }
    var number = String(first)
    if let second = next.first, ("0"..."9").contains(second) {
      number.unicodeScalars.append(second)
      rest = rest.dropFirst()
    }
    append("\\g{\(number)}")
  }

  private mutating func characterClass() throws(PythonRegexError) {
    output.append("[")
    if rest.first == "^" { output.append(rest.removeFirst()) }
    if rest.first == "]" {
      rest.removeFirst()
      append("\\]")
    }
    while let scalar = rest.popFirst() {
      switch scalar {
      case "]":
        output.append("]")
        return
      case "[": append("\\[")
      case "\\": try escape(inClass: true)
      default: output.append(scalar)
      }
    }
    throw PythonRegexError(message: "unterminated character set at position \(position)")
  }

  private mutating func group() throws(PythonRegexError) {
    if rest.first == "*" { throw mistake("nothing to repeat") }
    output.append("(")
    guard rest.first == "?" else { return }
    output.append(rest.removeFirst())
    guard let kind = rest.first else { throw mistake("unexpected end of pattern") }
    switch kind {
    case ":", "=", "!", ">", "#", "(": return
    case "<":
      let second = rest.dropFirst().first
      guard second == "=" || second == "!" else {
        throw mistake("unknown extension ?<\(second.map { String($0) } ?? "")")
      }
    case "P":
      let second = rest.dropFirst().first
      guard second == "<" || second == "=" else {
        throw mistake("unknown extension ?P\(second.map { String($0) } ?? "")")
      }
    case "a", "i", "L", "m", "s", "u", "x", "-": flags()
    default: throw mistake("unknown extension ?\(kind)")
    }
  }

  /// Flags that mean nothing for text are left out.
  private mutating func flags() {
    while let scalar = rest.first, "aiLmsux-".unicodeScalars.contains(scalar) {
      rest.removeFirst()
      if !"aLu".unicodeScalars.contains(scalar) { output.append(scalar) }
    }
  }

  /// `{,3}` is `{0,3}`.
  private mutating func brace() {
    output.append("{")
    guard rest.first == "," else { return }
    let digits = rest.dropFirst().prefix { ("0"..."9").contains($0) }
    if digits.endIndex < rest.endIndex, rest[digits.endIndex] == "}" { output.append("0") }
  }
}
