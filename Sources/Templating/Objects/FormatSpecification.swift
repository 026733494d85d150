import BigInt
import Glibc
import Model

/// A Python format specification, `[[fill]align][sign][#][0][width][grouping][.precision][type]`, and what it makes of
/// values.
struct FormatSpecification {
  var fill = " "
  var alignment: Unicode.Scalar?
  var sign: Unicode.Scalar = "-"
  var isAlternate = false
  var width = 0
  var grouping: Unicode.Scalar?
  var precision: Int?
  var type: Unicode.Scalar?

  init() {}

  init(_ text: String) throws {
    var rest = text.unicodeScalars[...]
    let aligns: Set<Unicode.Scalar> = ["<", ">", "=", "^"]
    if rest.count > 1, aligns.contains(rest[rest.index(after: rest.startIndex)]) {
      fill = String(rest.removeFirst())
      alignment = rest.removeFirst()
    } else if let first = rest.first, aligns.contains(first) {
      alignment = rest.removeFirst()
    }
    if let first = rest.first, first == "+" || first == "-" || first == " " { sign = rest.removeFirst() }
    if rest.first == "z" { rest.removeFirst() }
    if rest.first == "#" {
      isAlternate = true
      rest.removeFirst()
    }
    if rest.first == "0" {
      rest.removeFirst()
      if alignment == nil { (fill, alignment) = ("0", "=") }
    }
    width = Self.number(&rest) ?? 0
    if let first = rest.first, first == "," || first == "_" { grouping = rest.removeFirst() }
    if rest.first == "." {
      rest.removeFirst()
      guard let number = Self.number(&rest) else { throw Failure.value("Format specifier missing precision") }
      precision = number
    }
    type = rest.popFirst()
    if !rest.isEmpty { throw Failure.value("Invalid format specifier '\(text)'") }
  }

  private static func number(_ rest: inout Substring.UnicodeScalarView) -> Int? {
    let digits = rest.prefix { ("0"..."9").contains($0) }
    if digits.isEmpty { return nil }
    rest = rest[digits.endIndex...]
    return Int(String(digits)) ?? .max
  }

  func format(_ object: Object, in evaluation: Evaluation) throws -> String {
    switch object {
    case .int, .bigInt: return try format(integer: Number(object)?.big ?? 0, evaluation)
    case .bool where !isPlain: return try format(integer: Number(object)?.big ?? 0, evaluation)
    case .float(let number): return try format(float: number, evaluation)
    case .string, .source, .markup, .bool: return try format(text: evaluation.text(object), evaluation)
    case .timestamp(let moment): return moment.format(with: self)
    default:
      if width == 0 && type == nil { return try evaluation.text(object) }
      throw Failure.type("unsupported format string passed to \(evaluation.typeName(object)).__format__")
    }
  }

  /// Says nothing about how numbers look.
  private var isPlain: Bool { width == 0 && type == nil && alignment == nil && sign == "-" && grouping == nil }

  private func format(text: String, _ evaluation: Evaluation) throws -> String {
    if let type, type != "s" { throw unknownType("str") }
    let cut = precision.map { PythonString.slice(text, Slice(start: 0, stop: $0, step: 1)) } ?? text
    return try padded("", cut, standard: "<", evaluation)
  }

  private func unknownType(_ name: String) -> Failure {
    .value("Unknown format code '\(type.map { String($0) } ?? "")' for object of type '\(name)'")
  }

  private func format(integer: BigInt, _ evaluation: Evaluation) throws -> String {
    let digits: String
    let prefix: String
    switch type {
    case nil, "d", "n": (digits, prefix) = (integer.magnitude.description, "")
    case "x": (digits, prefix) = (String(integer.magnitude, radix: 16), "0x")
    case "X": (digits, prefix) = (String(integer.magnitude, radix: 16).uppercased(), "0X")
    case "o": (digits, prefix) = (String(integer.magnitude, radix: 8), "0o")
    case "b": (digits, prefix) = (String(integer.magnitude, radix: 2), "0b")
    case "c":
      guard let code = UInt32(exactly: integer), let scalar = Unicode.Scalar(code) else {
        throw Failure.value("%c arg not in range(0x110000)")
      }
      return try padded("", String(scalar), standard: "<", evaluation)
    case "e", "E", "f", "F", "g", "G", "%": return try format(float: Double(integer), evaluation)
    default: throw unknownType("int")
    }
    let size = type == nil || type == "d" || type == "n" ? 3 : 4
    return try padded(
      signText(isNegative: integer < 0) + (isAlternate ? prefix : ""), grouped(digits, size), standard: ">", evaluation)
  }

  private func signText(isNegative: Bool) -> String { isNegative ? "-" : (sign == "-" ? "" : String(sign)) }

  private func grouped(_ digits: String, _ size: Int) -> String {
    guard let grouping else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % size == 0 { result.unicodeScalars.append(grouping) }
      result.append(digit)
    }
    return result
  }

  private func format(float: Double, _ evaluation: Evaluation) throws -> String {
    let magnitude = abs(float)
    var body: String
    if !float.isFinite {
      body = float.isNaN ? "nan" : "inf"
    } else {
      switch type {
      case nil where precision == nil: body = PythonText.repr(magnitude)
      case nil: body = shortened(magnitude)
      case "f", "F": body = Self.printf("%.\(min(precision ?? 6, 1000))f", magnitude)
      case "e": body = Self.printf("%.\(min(precision ?? 6, 1000))e", magnitude)
      case "E": body = Self.printf("%.\(min(precision ?? 6, 1000))E", magnitude)
      case "g", "n": body = Self.printf("%\(isAlternate ? "#" : "").\(min(precision ?? 6, 1000))g", magnitude)
      case "G": body = Self.printf("%.\(min(precision ?? 6, 1000))G", magnitude)
      case "%": body = Self.printf("%.\(min(precision ?? 6, 1000))f", magnitude * 100) + "%"
      default: throw unknownType("float")
      }
    }
    if grouping != nil, let end = body.firstIndex(where: { !$0.isNumber }) {
      body = grouped(String(body[..<end]), 3) + body[end...]
    } else if grouping != nil {
      body = grouped(body, 3)
    }
    return try padded(
      signText(isNegative: float < 0 || float == 0 && float.sign == .minus), body, standard: ">", evaluation)
  }

  /// Python's form of a number with a precision and no type: as `g`, but at least one digit after the point.
  private func shortened(_ number: Double) -> String {
    let text = Self.printf("%.\(max(1, min(precision ?? 6, 1000)))g", number)
    return text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "e") } ? text : text + ".0"
  }

  static func printf(_ format: String, _ number: Double) -> String {
    withVaList([number]) { list in
      var buffer = [CChar](repeating: 0, count: 1500)
      let length = Int(vsnprintf(&buffer, buffer.count, format, list))
      return String(decoding: buffer.prefix(min(length, 1499)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  private func padded(
    _ prefix: String, _ body: String, standard: Unicode.Scalar, _ evaluation: Evaluation
  ) throws -> String {
    let space = width - PythonString.count(prefix) - PythonString.count(body)
    if space <= 0 { return prefix + body }
    switch alignment ?? standard {
    case "<": return try prefix + body + evaluation.repeated(fill, space)
    case "^":
      return try evaluation.repeated(fill, space / 2) + prefix + body + evaluation.repeated(fill, space - space / 2)
    case "=": return try prefix + evaluation.repeated(fill, space) + body
    default: return try evaluation.repeated(fill, space) + prefix + body
    }
  }
}
