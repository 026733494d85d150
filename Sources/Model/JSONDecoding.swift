import BigInt

/// How JSON text becomes a value: what Python's `json.loads` accepts, `NaN` and `Infinity` included.
///
/// A half surrogate pair and bytes that are no UTF-8 become U+FFFD, since text here is always valid. A repeated key keeps
/// its first place and its last value.
package struct JSONDecoding: Sendable {
  /// Lists and dicts inside each other.
  package var depthMax: Int

  package init(depthMax: Int = 1000) { self.depthMax = depthMax }

  package func value(from text: String) throws(JSONError) -> Value {
    var text = text
    return try text.withUTF8 { utf8 in attempt(utf8) }.get()
  }

  package func value(from bytes: [UInt8]) throws(JSONError) -> Value {
    try bytes.withUnsafeBufferPointer { utf8 in attempt(utf8) }.get()
  }

  /// The standard library's `with…` functions don't carry a typed error through.
  private func attempt(_ utf8: UnsafeBufferPointer<UInt8>) -> Result<Value, JSONError> {
    Result { () throws(JSONError) in try value(from: utf8) }
  }

  package func value(from utf8: UnsafeBufferPointer<UInt8>) throws(JSONError) -> Value {
    var reader = JSONReader(utf8: utf8, depthMax: depthMax)
    return try reader.readDocument()
  }
}

/// Why text is no JSON, and where.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  package var message: String
  /// In bytes, from 0.
  package var offset: Int
  /// From 1; columns count code points.
  package var line: Int, column: Int

  init(_ message: String, at offset: Int, in utf8: UnsafeBufferPointer<UInt8>) {
    self.message = message
    self.offset = offset
    line = 1
    column = 1
    for byte in utf8.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
  }

  package var description: String { "\(message): line \(line) column \(column) (byte \(offset))" }
}

extension Value {
  /// Reads JSON text.
  package init(json text: String) throws(JSONError) { self = try JSONDecoding().value(from: text) }

  /// Reads JSON from UTF-8 bytes.
  package init(json bytes: [UInt8]) throws(JSONError) { self = try JSONDecoding().value(from: bytes) }
}

private struct JSONReader {
  let utf8: UnsafeBufferPointer<UInt8>
  let depthMax: Int
  var index = 0
  var depth = 0

  init(utf8: UnsafeBufferPointer<UInt8>, depthMax: Int) {
    self.utf8 = utf8
    self.depthMax = depthMax
  }

  mutating func readDocument() throws(JSONError) -> Value {
    if utf8.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure(.byteOrderMark) }
    skipSpace()
    let value = try readValue()
    skipSpace()
    guard index == utf8.count else { throw failure(.extraData) }
    return value
  }

  private mutating func readValue() throws(JSONError) -> Value {
    guard index < utf8.count else { throw failure(.value) }
    switch utf8[index] {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "{"): return try readDict()
    case UInt8(ascii: "["): return try readList()
    case UInt8(ascii: "n"): return try readWord("null", .null)
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "N"): return try readWord("NaN", .float(.nan))
    case UInt8(ascii: "I"): return try readWord("Infinity", .float(.infinity))
    case UInt8(ascii: "-") where index + 1 < utf8.count && utf8[index + 1] == UInt8(ascii: "I"):
      return try readWord("-Infinity", .float(-.infinity))
    case UInt8(ascii: "-"), digits: return try readNumber()
    default: throw failure(.value)
    }
  }

  private mutating func readWord(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
    let bytes = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard utf8[index...].starts(with: bytes) else { throw failure(.value) }
    index += bytes.count
    return value
  }

  private mutating func readList() throws(JSONError) -> Value {
    try enter()
    var elements: [Value] = []
    skipSpace()
    if skip(UInt8(ascii: "]")) { return leave(with: .list([])) }
    while true {
      elements.append(try readValue())
      skipSpace()
      if skip(UInt8(ascii: "]")) { return leave(with: .list(elements)) }
      guard skip(UInt8(ascii: ",")) else { throw failure(.comma) }
      skipSpace()
    }
  }

  private mutating func readDict() throws(JSONError) -> Value {
    try enter()
    var entries = Value.Dict()
    skipSpace()
    if skip(UInt8(ascii: "}")) { return leave(with: .dict([:])) }
    while true {
      guard index < utf8.count, utf8[index] == UInt8(ascii: "\"") else { throw failure(.key) }
      let key = try readString()
      skipSpace()
      guard skip(UInt8(ascii: ":")) else { throw failure(.colon) }
      skipSpace()
      entries[.string(key)] = try readValue()
      skipSpace()
      if skip(UInt8(ascii: "}")) { return leave(with: .dict(entries)) }
      guard skip(UInt8(ascii: ",")) else { throw failure(.comma) }
      skipSpace()
    }
  }

  private mutating func enter() throws(JSONError) {
    guard depth < depthMax else { throw failure(.depth(depthMax)) }
    depth += 1
    index += 1
  }

  private mutating func leave(with value: Value) -> Value {
    depth -= 1
    return value
  }

  private mutating func skipSpace() {
    while index < utf8.count {
      switch utf8[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index += 1
      default: return
      }
    }
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard index < utf8.count, utf8[index] == byte else { return false }
    index += 1
    return true
  }

  private func failure(_ problem: Problem, at offset: Int? = nil) -> JSONError {
    JSONError(problem.message, at: offset ?? index, in: utf8)
  }
}

// Numbers.
extension JSONReader {
  /// Python refuses longer integers too: reading them takes time that grows with the square.
  private static let integerDigitsMax = 4300

  private mutating func readNumber() throws(JSONError) -> Value {
    let start = index
    _ = skip(UInt8(ascii: "-"))
    let firstDigit = index
    guard !skip(UInt8(ascii: "0")) || index == utf8.count || !isFraction(utf8[index]) else {
      return try readFloat(from: start)
    }
    if index == firstDigit { skipDigits() }
    guard index > firstDigit else { throw failure(.value, at: start) }
    if index < utf8.count, isFraction(utf8[index]) { return try readFloat(from: start) }
    return try integer(from: start, digitCount: index - firstDigit)
  }

  private func isFraction(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
  }

  private func integer(from start: Int, digitCount: Int) throws(JSONError) -> Value {
    if digitCount <= 18 {
      var number = 0
      let isNegative = utf8[start] == UInt8(ascii: "-")
      for byte in utf8[(isNegative ? start + 1 : start)..<index] { number = number * 10 + Int(byte & 0xF) }
      return .int(isNegative ? -number : number)
    }
    guard digitCount <= Self.integerDigitsMax else { throw failure(.longInteger, at: start) }
    let text = String(decoding: utf8[start..<index], as: UTF8.self)
    if let number = Int(text) { return .int(number) }
    guard let number = BigInt(text) else { throw failure(.value, at: start) }
    return .bigInt(number)
  }

  /// A fraction or an exponent without digits is not part of the number: what follows then is out of place, as in Python.
  private mutating func readFloat(from start: Int) throws(JSONError) -> Value {
    let integerEnd = index
    if skip(UInt8(ascii: ".")) {
      let fractionStart = index
      skipDigits()
      if index == fractionStart {
        index = integerEnd
        return try integer(from: start, digitCount: integerEnd - start)
      }
    }
    skipExponent()
    if index == integerEnd { return try integer(from: start, digitCount: integerEnd - start) }
    guard let number = Double(String(decoding: utf8[start..<index], as: UTF8.self)) else {
      throw failure(.value, at: start)
    }
    return .float(number)
  }

  private mutating func skipExponent() {
    let start = index
    guard skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) else { return }
    if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
    let firstDigit = index
    skipDigits()
    if index == firstDigit { index = start }
  }

  private mutating func skipDigits() {
    while index < utf8.count, digits.contains(utf8[index]) { index += 1 }
  }
}

// Strings.
extension JSONReader {
  private mutating func readString() throws(JSONError) -> String {
    let opening = index
    index += 1
    let start = index
    skipPlain()
    if index < utf8.count, utf8[index] == UInt8(ascii: "\"") {
      index += 1
      return String(decoding: UnsafeBufferPointer(rebasing: utf8[start..<index - 1]), as: UTF8.self)
    }
    return try readEscapedString(from: start, opening: opening)
  }

  private mutating func readEscapedString(from start: Int, opening: Int) throws(JSONError) -> String {
    var bytes = Array(utf8[start..<index])
    while index < utf8.count {
      switch utf8[index] {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): try readEscape(into: &bytes, opening: opening)
      case 0..<0x20: throw failure(.controlCharacter)
      default:
        let plain = index
        skipPlain()
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[plain..<index]))
      }
    }
    throw failure(.unterminated, at: opening)
  }

  private mutating func skipPlain() {
    while index < utf8.count {
      let byte = utf8[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      index += 1
    }
  }

  private mutating func readEscape(into bytes: inout [UInt8], opening: Int) throws(JSONError) {
    guard index + 1 < utf8.count else { throw failure(.unterminated, at: opening) }
    let letter = utf8[index + 1]
    if letter == UInt8(ascii: "u") {
      bytes.append(contentsOf: String(try readUnicodeEscape()).utf8)
      return
    }
    guard let byte = simpleEscape(letter) else { throw failure(.escape) }
    bytes.append(byte)
    index += 2
  }

  private func simpleEscape(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  private mutating func readUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let high = try readCodeUnit()
    guard (0xD800..<0xDC00).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
    let afterHigh = index
    guard index + 1 < utf8.count, utf8[index] == UInt8(ascii: "\\"), utf8[index + 1] == UInt8(ascii: "u") else {
      return "\u{FFFD}"
    }
    let low = try readCodeUnit()
    guard (0xDC00..<0xE000).contains(low) else {
      index = afterHigh
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x1_0000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  /// The four hexadecimal digits after the `\u` that stands here.
  private mutating func readCodeUnit() throws(JSONError) -> UInt32 {
    guard index + 6 <= utf8.count else { throw failure(.unicodeEscape) }
    var unit: UInt32 = 0
    for byte in utf8[(index + 2)..<(index + 6)] {
      guard let digit = hexDigit(byte) else { throw failure(.unicodeEscape) }
      unit = unit << 4 | digit
    }
    index += 6
    return unit
  }

  private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case digits: UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }
}

private let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

private enum Problem {
  case value, key, colon, comma, extraData, byteOrderMark, unterminated, controlCharacter, escape, unicodeEscape
  case longInteger
  case depth(Int)

  var message: String {
    switch self {
    case .value: "expecting value"
    case .key: "expecting property name enclosed in double quotes"
    case .colon: "expecting ':' delimiter"
    case .comma: "expecting ',' delimiter"
    case .extraData: "extra data"
    case .byteOrderMark: "unexpected UTF-8 byte order mark"
    case .unterminated: "unterminated string starting at"
    case .controlCharacter: "invalid control character at"
    case .escape: "invalid \\escape"
    case .unicodeEscape: "invalid \\uXXXX escape"
    case .longInteger: "integer of more than 4300 digits"
    case .depth(let limit): "lists and dicts nested deeper than \(limit)"
    }
  }
}
