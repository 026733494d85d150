/// PyYAML's patterns for numbers and timestamps, over the bytes of a scalar.
struct NumericScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let end: Int
  private var at = 0

  init(bytes: UnsafeBufferPointer<UInt8>, end: Int) {
    self.bytes = bytes
    self.end = end
  }

  /// `1.5`, `1.`, `.5e+3`, `1:30.5`, `.inf`, `.NaN`. An exponent without sign makes no float.
  mutating func isFloat() -> Bool {
    at = 0
    let isSigned = skip(oneOf: "+-")
    if skip(".") {
      if rest(is: "inf") || rest(is: "Inf") || rest(is: "INF") { return true }
      if isSigned { return false }
      if rest(is: "nan") || rest(is: "NaN") || rest(is: "NAN") { return true }
      guard skipDigit() else { return false }
      skipDigitsAndUnderscores()
      return exponentAndEnd()
    }
    guard skipDigit() else { return false }
    skipDigitsAndUnderscores()
    if skip(".") {
      skipDigitsAndUnderscores()
      return exponentAndEnd()
    }
    guard skipSixtieths(), skip(".") else { return false }
    skipDigitsAndUnderscores()
    return at == end
  }

  /// `12`, `1_000`, `0644`, `0x1F`, `0b101`, `1:30`.
  mutating func isInt() -> Bool {
    at = 0
    skip(oneOf: "+-")
    if skip("0") {
      if at == end { return true }
      if skip("b") { return skipAll { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") || $0 == UInt8(ascii: "_") } }
      if skip("x") { return skipAll(Self.isHex) }
      return skipAll { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) || $0 == UInt8(ascii: "_") }
    }
    guard skipDigit() else { return false }
    skipDigitsAndUnderscores()
    return at == end || (skipSixtieths() && at == end)
  }

  /// `2024-05-01`, `2024-5-1 10:00:00.5 +02:00`.
  mutating func isTimestamp() -> Bool {
    at = 0
    guard skipDigits(4, 4), skip("-") else { return false }
    let monthAt = at
    guard skipDigits(1, 2), skip("-") else { return false }
    let monthDigits = at - 1 - monthAt
    let dayAt = at
    guard skipDigits(1, 2) else { return false }
    if at == end { return monthDigits == 2 && at - dayAt == 2 }
    if !skip(oneOf: "Tt") {
      guard skipBlanks() > 0 else { return false }
    }
    guard skipDigits(1, 2), skip(":"), skipDigits(2, 2), skip(":"), skipDigits(2, 2) else { return false }
    if skip(".") { skipDigits(0, .max) }
    if at == end { return true }
    skipBlanks()
    if skip("Z") { return at == end }
    guard skip(oneOf: "+-"), skipDigits(1, 2) else { return false }
    if skip(":") { return skipDigits(2, 2) && at == end }
    return at == end
  }

  private mutating func exponentAndEnd() -> Bool {
    if at == end { return true }
    return skip(oneOf: "eE") && skip(oneOf: "+-") && skipAll(Self.isDigit)
  }

  /// One or more `:59`.
  private mutating func skipSixtieths() -> Bool {
    var count = 0
    while skip(":") {
      guard at < end, Self.isDigit(bytes[at]) else { return false }
      let isTens = bytes[at] <= UInt8(ascii: "5")
      at += 1
      if isTens { _ = skipDigit() }
      count += 1
    }
    return count > 0
  }

  @discardableResult
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard at < end, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  @discardableResult
  private mutating func skip(oneOf characters: StaticString) -> Bool {
    guard at < end else { return false }
    for offset in 0..<characters.utf8CodeUnitCount where characters.utf8Start[offset] == bytes[at] {
      at += 1
      return true
    }
    return false
  }

  private mutating func skipDigit() -> Bool {
    guard at < end, Self.isDigit(bytes[at]) else { return false }
    at += 1
    return true
  }

  private mutating func skipDigitsAndUnderscores() {
    while at < end, Self.isDigit(bytes[at]) || bytes[at] == UInt8(ascii: "_") { at += 1 }
  }

  @discardableResult
  private mutating func skipDigits(_ least: Int, _ most: Int) -> Bool {
    let start = at
    while at < end, at - start < most, Self.isDigit(bytes[at]) { at += 1 }
    return at - start >= least
  }

  @discardableResult
  private mutating func skipBlanks() -> Int {
    let start = at
    while at < end, bytes[at] == UInt8(ascii: " ") || bytes[at] == UInt8(ascii: "\t") { at += 1 }
    return at - start
  }

  /// Takes the rest, at least one byte, all of which must fit.
  private mutating func skipAll(_ fits: (UInt8) -> Bool) -> Bool {
    let start = at
    while at < end, fits(bytes[at]) { at += 1 }
    return at == end && at > start
  }

  private func rest(is word: StaticString) -> Bool {
    guard end - at == word.utf8CodeUnitCount else { return false }
    return (0..<word.utf8CodeUnitCount).allSatisfy { word.utf8Start[$0] == bytes[at + $0] }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte) || byte == UInt8(ascii: "_")
  }
}
