import BigInt
import Model

/// A number as Python's source code writes it.
struct PythonNumber {
  private enum Kind { case integer(BigInt), real(Double), imaginary(Double) }

  private var kind: Kind

  private init(_ kind: Kind) { self.kind = kind }

  /// Reads a number without sign and moves `position` past it; nil where none stands there.
  init?(reading bytes: [UInt8], at position: inout Int) {
    var end = position
    while end < bytes.count, Self.continuesNumber(bytes, at: end, from: position) { end += 1 }
    guard end > position else { return nil }
    let text = String(decoding: bytes[position..<end], as: UTF8.self).lowercased()
    guard let kind = Self.parse(text) else { return nil }
    self.kind = kind
    position = end
  }

  private static func continuesNumber(_ bytes: [UInt8], at place: Int, from start: Int) -> Bool {
    let byte = bytes[place]
    if isWordByte(byte) || byte == UInt8(ascii: ".") { return true }
    guard byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), place > start else { return false }
    let isHexadecimal = place > start + 1 && bytes[start + 1] | 32 == UInt8(ascii: "x")
    return bytes[place - 1] | 32 == UInt8(ascii: "e") && !isHexadecimal
  }

  private static func parse(_ text: String) -> Kind? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
      // `0x_ff` is a number, too.
      var digits = text.dropFirst(2)
      if digits.first == "_" { digits = digits.dropFirst() }
      return plainDigits(digits, radix: radix).flatMap { BigInt($0, radix: radix) }.map(Kind.integer)
    }
    if let digits = plainDigits(text[...], radix: 10) {
      guard !digits.hasPrefix("0") || digits.allSatisfy({ $0 == "0" }), digits.count <= 4300 else { return nil }
      return BigInt(digits).map(Kind.integer)
    }
    if text.hasSuffix("j") { return real(text.dropLast()).map(Kind.imaginary) }
    return real(text[...]).map(Kind.real)
  }

  /// Digits with single underscores between them taken out; nil for anything else.
  private static func plainDigits(_ text: Substring, radix: Int) -> String? {
    var digits = "", wasDigit = false
    for character in text {
      if character == "_", wasDigit {
        wasDigit = false
        continue
      }
      guard let digit = character.hexDigitValue, character.isASCII, digit < radix else { return nil }
      digits.append(character)
      wasDigit = true
    }
    return wasDigit ? digits : nil
  }

  private static func real(_ text: Substring) -> Double? {
    let halves = text.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    var plain = ""
    for (place, part) in parts.enumerated() {
      if place > 0 { plain += "." }
      if part.isEmpty { continue }
      guard let digits = plainDigits(part, radix: 10) else { return nil }
      plain += digits
    }
    guard plain != ".", !plain.isEmpty else { return nil }
    if plain.hasPrefix(".") { plain = "0" + plain }
    if plain.hasSuffix(".") { plain += "0" }
    if halves.count == 2 {
      let sign = halves[1].first.map { $0 == "+" || $0 == "-" } == true ? String(halves[1].prefix(1)) : ""
      guard let exponent = plainDigits(halves[1].dropFirst(sign.count), radix: 10) else { return nil }
      plain += "e\(sign)\(exponent)"
    }
    return Double(plain)
  }

  var negated: PythonNumber {
    switch kind {
    case .integer(let number): PythonNumber(.integer(-number))
    case .real(let number): PythonNumber(.real(-number))
    case .imaginary(let number): PythonNumber(.imaginary(-number))
    }
  }

  var value: Value {
    switch kind {
    case .integer(let number): Int(exactly: number).map(Value.int) ?? .bigInt(number)
    case .real(let number): .float(number)
    case .imaginary(let number):
      // Python prints -3j as (-0-3j).
      number.sign == .minus ? .string("(-0\(Self.text(number))j)") : .string("\(Self.text(number))j")
    }
  }

  /// The text of a complex number; nil where the second part isn't imaginary, or the first is.
  func plus(_ other: PythonNumber) -> Value? {
    guard case .imaginary(let imaginary) = other.kind else { return nil }
    let real: Double
    switch kind {
    case .integer(let number): real = Double(number)
    case .real(let number): real = number
    case .imaginary: return nil
    }
    if real == 0, real.sign == .plus { return .string("\(Self.text(imaginary))j") }
    let sign = imaginary.sign == .minus ? "" : "+"
    return .string("(\(Self.text(real))\(sign)\(Self.text(imaginary))j)")
  }

  private static func text(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
