import BigInt

/// How Python prints values: users' scripts and templates rely on `True`, `None`, `[1, 'a']` and `3.0`.
extension Value {
  /// As Python's `str()`; a secret prints `***`.
  package var pythonText: String {
    switch self {
    case .string(let text), .source(let text): text
    case .timestamp(let timestamp): timestamp.description
    default: pythonRepr
    }
  }

  /// As Python's `repr()`; a secret prints `***`.
  package var pythonRepr: String {
    switch self {
    case .null: "None"
    case .bool(let flag): flag ? "True" : "False"
    case .int(let number): String(number)
    case .bigInt(let number): number.description
    case .float(let number): PythonText.repr(number)
    case .string(let text), .source(let text): PythonText.repr(text)
    case .timestamp(let timestamp): timestamp.pythonRepr
    case .list(let elements): "[" + elements.map(\.pythonRepr).joined(separator: ", ") + "]"
    case .dict(let entries):
      "{" + entries.map { "\($0.key.pythonRepr): \($0.value.pythonRepr)" }.joined(separator: ", ") + "}"
    case .secret(let secret): secret.description
    case .omit: "Omit"
    }
  }
}

/// Python's notation of single numbers and strings.
package enum PythonText {
  /// The shortest digits that read back as the same number, with an exponent where Python uses one.
  package static func repr(_ number: Double) -> String {
    if number.isNaN { return "nan" }
    if number.isInfinite { return number < 0 ? "-inf" : "inf" }
    let text = number.description
    guard text.utf8.contains(UInt8(ascii: "e")) || abs(number) >= 1e15 || (number != 0 && abs(number) < 1e-3) else {
      return text
    }
    return exponentAware(digitsAndExponent(of: text), isNegative: number < 0)
  }

  /// In quotes, single ones unless the text has single and no double ones; what doesn't print is escaped.
  package static func repr(_ text: String) -> String {
    var hasSingle = false
    var hasDouble = false
    var isPlain = true
    for byte in text.utf8 {
      switch byte {
      case 0x27: hasSingle = true
      case 0x22: hasDouble = true
      case 0x5C, 0..<0x20, 0x7F...: isPlain = false
      default: break
      }
    }
    let quote = hasSingle && !hasDouble ? "\"" : "'"
    if isPlain && !(hasSingle && hasDouble) { return quote + text + quote }
    var result = quote
    for scalar in text.unicodeScalars { appendEscaped(scalar, quote: quote, to: &result) }
    return result + quote
  }

  /// Whether Python's `str.isprintable` holds for a character.
  package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      false
    default: true
    }
  }

  private static func appendEscaped(_ scalar: Unicode.Scalar, quote: String, to result: inout String) {
    switch scalar {
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "'" where quote == "'": result += "\\'"
    case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
    case _ where scalar.value < 0x100: result += "\\x" + hex(scalar.value, 2)
    case _ where scalar.value < 0x10000: result += "\\u" + hex(scalar.value, 4)
    default: result += "\\U" + hex(scalar.value, 8)
    }
  }

  /// Lower-case hexadecimal digits, padded with zeros.
  package static func hex(_ number: UInt32, _ width: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The significant digits of Swift's notation and the decimal exponent of the first of them.
  private static func digitsAndExponent(of text: String) -> (digits: [Character], exponent: Int) {
    let parts = text.drop { $0 == "-" }.split(separator: "e")
    let written = parts.count > 1 ? Int(parts[1])! : 0
    let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    var digits = Array(halves[0]) + (halves.count > 1 ? Array(halves[1]) : [])
    var exponent = written + halves[0].count - 1
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    return (digits, exponent)
  }

  private static func exponentAware(_ number: (digits: [Character], exponent: Int), isNegative: Bool) -> String {
    let (digits, exponent) = number
    let sign = isNegative ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      let fraction = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
      let size = abs(exponent)
      return "\(sign)\(digits[0])\(fraction)e\(exponent < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)"
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
    let padded = digits + Array(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let fraction = padded.count > exponent + 1 ? String(padded[(exponent + 1)...]) : "0"
    return sign + String(padded[...exponent]) + "." + fraction
  }
}

extension Timestamp {
  /// As Python's `repr(date)` and `repr(datetime)`.
  package var pythonRepr: String {
    guard let time else { return "datetime.date(\(year), \(month), \(day))" }
    var parts = [year, month, day, time.hour, time.minute]
    if time.second != 0 || time.microsecond != 0 { parts.append(time.second) }
    if time.microsecond != 0 { parts.append(time.microsecond) }
    let zone = time.offsetSeconds.map { ", tzinfo=\(Self.zoneRepr($0))" } ?? ""
    return "datetime.datetime(\(parts.map(String.init).joined(separator: ", "))\(zone))"
  }

  private static func zoneRepr(_ offsetSeconds: Int) -> String {
    if offsetSeconds == 0 { return "datetime.timezone.utc" }
    if offsetSeconds > 0 { return "datetime.timezone(datetime.timedelta(seconds=\(offsetSeconds)))" }
    return "datetime.timezone(datetime.timedelta(days=-1, seconds=\(86400 + offsetSeconds)))"
  }
}
