import BigInt
import Model

/// What an unquoted scalar is, by YAML 1.1 as PyYAML reads it.
enum PlainScalar {
  static func tag(of text: String) -> YAMLTag {
    var text = text
    return text.withUTF8 { bytes in
      guard let first = bytes.first else { return .null }
      switch first {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
        return numericTag(bytes)
      case UInt8(ascii: "~"), UInt8(ascii: "<"), UInt8(ascii: "="): return bytes.count <= 3 ? wordTag(bytes) : .str
      case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
        UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "o"), UInt8(ascii: "O"):
        return bytes.count <= 6 ? wordTag(bytes) : .str
      default: return .str
      }
    }
  }

  /// One line break at the end does not count: Python's `$` looks past it.
  private static func wordTag(_ bytes: UnsafeBufferPointer<UInt8>) -> YAMLTag {
    let word = String(decoding: bytes, as: UTF8.self)
    return switch word.hasSuffix("\n") ? String(word.dropLast()) : word {
    case "~", "null", "Null", "NULL": .null
    case "yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON",
      "off", "Off", "OFF":
      .bool
    case "<<": .merge
    case "=": .value
    default: .str
    }
  }

  private static func numericTag(_ bytes: UnsafeBufferPointer<UInt8>) -> YAMLTag {
    let end = bytes.last == UInt8(ascii: "\n") ? bytes.count - 1 : bytes.count
    var scanner = NumericScanner(bytes: bytes, end: end)
    if scanner.isFloat() { return .float }
    if scanner.isInt() { return .int }
    return scanner.isTimestamp() ? .timestamp : .str
  }

  /// The value of a text under a tag; nil if the tag cannot be read from it.
  static func value(_ text: String, as tag: YAMLTag) -> Value? {
    switch tag {
    case .null: .null
    case .bool: boolean(text)
    case .int: integer(text)
    case .float: float(text).map(Value.float)
    case .timestamp: YAMLTimestamp.read(text).map(Value.timestamp)
    case .binary: base64(text).map(Value.string)
    case .str, .merge, .value, .vault, .unsafe: .string(text)
    case .seq, .map, .set, .omap, .pairs: nil
    }
  }

  private static func boolean(_ text: String) -> Value? {
    switch text.lowercased() {
    case "yes", "true", "on": true
    case "no", "false", "off": false
    default: nil
    }
  }

  private static func integer(_ text: String) -> Value? {
    if let number = Int(text), !text.hasPrefix("0"), !text.hasPrefix("+0"), !text.hasPrefix("-0") {
      return .int(number)
    }
    var digits = text.filter { $0 != "_" }[...]
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    let magnitude: BigInt?
    if digits.hasPrefix("0b") {
      magnitude = BigInt(String(digits.dropFirst(2)), radix: 2)
    } else if digits.hasPrefix("0x") {
      magnitude = BigInt(String(digits.dropFirst(2)), radix: 16)
    } else if digits.contains(":") {
      magnitude = sexagesimal(digits)
    } else {
      magnitude = digits.hasPrefix("0") ? BigInt(String(digits), radix: 8) : BigInt(String(digits), radix: 10)
    }
    guard let magnitude else { return nil }
    let number = isNegative ? -magnitude : magnitude
    return Int(exactly: number).map(Value.int) ?? .bigInt(number)
  }

  private static func sexagesimal(_ digits: Substring) -> BigInt? {
    var sum = BigInt(0)
    for part in digits.split(separator: ":") {
      guard let part = BigInt(String(part), radix: 10) else { return nil }
      sum = sum * 60 + part
    }
    return sum
  }

  private static func float(_ text: String) -> Double? {
    var digits = text.filter { $0 != "_" }.lowercased()[...]
    let sign: Double = digits.hasPrefix("-") ? -1 : 1
    if digits.hasPrefix("-") || digits.hasPrefix("+") { digits = digits.dropFirst() }
    switch digits {
    case ".inf", "inf", "infinity": return sign * .infinity
    case ".nan", "nan": return .nan
    default: break
    }
    var sum = 0.0
    for part in digits.split(separator: ":") {
      guard let part = decimal(part) else { return nil }
      sum = sum * 60 + part
    }
    return sign * sum
  }

  /// Python's `float`: a point may stand without digits on one side of it.
  private static func decimal(_ digits: Substring) -> Double? {
    let mantissa = digits.prefix { $0 != "e" }
    guard mantissa.contains(where: \.isASCIIDigit) else { return nil }
    let exponent = digits.dropFirst(mantissa.count)
    var text = mantissa.hasPrefix(".") ? "0" + mantissa : String(mantissa)
    if text.hasSuffix(".") { text += "0" }
    return Double(text + exponent)
  }

  private static func base64(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var bits = 0
    var held = 0
    for byte in text.utf8 where byte != UInt8(ascii: "=") {
      guard let digit = base64Digit(byte) else { continue }
      (held, bits) = (held << 6 | digit, bits + 6)
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: held >> bits))
        held &= (1 << bits) - 1
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func base64Digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}

extension Character {
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
