/// A replacement as Python reads it: text, escapes and groups.
struct RegexReplacement {
  private enum Part {
    case text([UInt8])
    case group(Int)
  }

  private var parts: [Part] = []
  private var pending: [UInt8] = []

  init(_ source: String, groupNames: [String: Int], groupCount: Int) throws(PythonRegexError) {
    var rest = Substring(source).unicodeScalars
    let total = rest.count
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        pending += Array(String(scalar).utf8)
        continue
      }
      let position = total - rest.count - 1
      guard let escape = rest.popFirst() else {
        throw PythonRegexError(message: "bad escape (end of pattern) at position \(position)")
      }
      switch escape {
      case "g": add(.group(try Self.group(&rest, groupNames, groupCount)))
      case "0"..."9": try addNumber(escape, &rest, groupCount, position)
      default: try addEscape(escape, position)
      }
    }
    flush()
  }

  private mutating func flush() {
    if !pending.isEmpty { parts.append(.text(pending)) }
    pending = []
  }

  private mutating func add(_ part: Part) {
    flush()
    parts.append(part)
  }

  private mutating func addEscape(_ escape: Unicode.Scalar, _ position: Int) throws(PythonRegexError) {
    let codes: [Unicode.Scalar: UInt8] = ["n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "\\": 0x5C]
    if let code = codes[escape] {
      pending.append(code)
    } else if ("a"..."z").contains(escape) || ("A"..."Z").contains(escape) {
      throw PythonRegexError(message: "bad escape \\\(escape) at position \(position)")
    } else {
      pending += Array("\\\(escape)".utf8)
    }
  }

  private mutating func addNumber(
    _ first: Unicode.Scalar, _ rest: inout Substring.UnicodeScalarView, _ groupCount: Int, _ position: Int
  ) throws(PythonRegexError) {
    var digits = String(first)
    while digits.count < 3, let next = rest.first, ("0"..."9").contains(next) {
      let isOctal = ("0"..."7").contains(next)
      if digits.count == 2 && !(isOctal && digits.utf8.allSatisfy { $0 <= 0x37 }) { break }
      if first == "0" && !isOctal { break }
      digits.unicodeScalars.append(next)
      rest = rest.dropFirst()
    }
    if first == "0" || digits.count == 3 {
      pending += Array(String(Unicode.Scalar(UInt8(truncatingIfNeeded: Int(digits, radix: 8) ?? 0))).utf8)
      return
    }
    guard let number = Int(digits), number <= groupCount else {
      throw PythonRegexError(message: "invalid group reference \(digits) at position \(position + 1)")
    }
    add(.group(number))
  }

  private static func group(
    _ rest: inout Substring.UnicodeScalarView, _ names: [String: Int], _ count: Int
  ) throws(PythonRegexError) -> Int {
    guard rest.first == "<", let end = rest.firstIndex(of: ">") else { throw PythonRegexError(message: "missing <") }
    let name = String(rest[rest.index(after: rest.startIndex)..<end])
    rest = rest[rest.index(after: end)...]
    if let number = Int(name) {
      guard number <= count else { throw PythonRegexError(message: "invalid group reference \(number)") }
      return number
    }
    guard let number = names[name] else { throw PythonRegexError(message: "unknown group name '\(name)'") }
    return number
  }

  func append(_ match: PythonRegex.Match, to bytes: inout [UInt8]) {
    for part in parts {
      switch part {
      case .text(let text): bytes += text
      case .group(let number): bytes += match.groupBytes(number)
      }
    }
  }
}
