/// The tokens between delimiters, and of bare expressions.
extension Lexer {
  mutating func expression(in kind: Delimiter, from start: Int) throws(SyntaxError) {
    let opener: Token.Kind = kind == .variable ? .variableStart : .blockStart
    tokens.append(Token(kind: opener, range: start..<position))
    keepsBackslashes = kind == .variable && syntax.keepsBackslashes
    var brackets: [UInt8] = []
    while position < source.count {
      if brackets.isEmpty, try finish(kind) { return }
      let before = tokens.count
      try expressionToken()
      if tokens.count > before, case .operation(let symbol) = tokens[before].kind {
        try balance(symbol, &brackets)
      }
    }
    if kind == .lineStatement {
      tokens.append(Token(kind: .blockEnd, range: position..<position))
    }
  }

  /// Ends the expression if its closing delimiter stands here.
  private mutating func finish(_ kind: Delimiter) throws(SyntaxError) -> Bool {
    let start = position
    switch kind {
    case .variable:
      let closer = Array(syntax.variableEnd.utf8)
      if source[position] == UInt8(ascii: "-"), starts(closer, at: position + 1) {
        close(at: skipSpace(from: position + 1 + closer.count))
      } else if starts(closer, at: position) {
        close(at: position + closer.count)
      } else {
        return false
      }
      tokens.append(Token(kind: .variableEnd, range: start..<position))
    case .block:
      guard let end = blockEnd(Array(syntax.blockEnd.utf8), at: position) else { return false }
      close(at: end)
      tokens.append(Token(kind: .blockEnd, range: start..<position))
    default:
      var end = position
      while end < source.count, isBlank(source[end]) { end += 1 }
      guard end == source.count || source[end] == 10 || isLineComment(at: end) else { return false }
      if isLineComment(at: end) { while end < source.count, source[end] != 10 { end += 1 } }
      close(at: min(end + 1, source.count))
      isAtLineStart = true
      tokens.append(Token(kind: .blockEnd, range: start..<position))
    }
    return true
  }

  private func isLineComment(at index: Int) -> Bool {
    syntax.lineCommentPrefix.map { starts(Array($0.utf8), at: index) } ?? false
  }

  private func balance(_ symbol: String, _ brackets: inout [UInt8]) throws(SyntaxError) {
    switch symbol {
    case "(": brackets.append(UInt8(ascii: ")"))
    case "[": brackets.append(UInt8(ascii: "]"))
    case "{": brackets.append(UInt8(ascii: "}"))
    case ")", "]", "}":
      let range = position - 1..<position
      guard let expected = brackets.popLast() else { throw SyntaxError("unexpected '\(symbol)'", at: range) }
      let wanted = String(UnicodeScalar(expected))
      if wanted != symbol { throw SyntaxError("unexpected '\(symbol)', expected '\(wanted)'", at: range) }
    default: break
    }
  }

  mutating func expressionToken() throws(SyntaxError) {
    let byte = source[position]
    if isSpace(byte) {
      position += 1
      return
    }
    if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") { return try stringToken(byte) }
    if isDigit(byte) { return try numberToken() }
    if byte == UInt8(ascii: "_") || byte >= 0x80 || isLetter(byte) { return try nameToken() }
    try operatorToken()
  }

  private mutating func operatorToken() throws(SyntaxError) {
    for length in [2, 1] where position + length <= source.count {
      let symbol = String(decoding: source[position..<(position + length)], as: UTF8.self)
      guard Lexer.operators.contains(symbol) else { continue }
      append(.operation(symbol), length: length)
      return
    }
    throw unexpectedCharacter()
  }

  private static let operators: Set<String> = [
    "+", "-", "/", "//", "*", "%", "**", "~", "[", "]", "(", ")", "{", "}", "==", "!=", ">", ">=", "<", "<=", "=", ".",
    ":", "|", ",", ";",
  ]

  private func unexpectedCharacter() -> SyntaxError {
    let rest = String(decoding: source[position..<min(position + 4, source.count)], as: UTF8.self)
    let character = rest.unicodeScalars.first.map { String($0) } ?? ""
    let place = PythonString.count(String(decoding: source[..<position], as: UTF8.self))
    let shown = character == "'" ? "\"'\"" : "'\(character)'"
    return SyntaxError("unexpected char \(shown) at \(place)", at: position..<(position + 1))
  }

  private mutating func nameToken() throws(SyntaxError) {
    var length = 0
    let limit = min(position + 1024, source.count)
    let rest = String(decoding: source[position..<limit], as: UTF8.self)
    for (index, scalar) in rest.unicodeScalars.enumerated() {
      let fits =
        index == 0
        ? scalar == "_" || scalar.properties.isXIDStart : scalar.properties.isXIDContinue
      guard fits else { break }
      length += UTF8.width(scalar)
    }
    if length == 0 { throw unexpectedCharacter() }
    append(.name(String(decoding: source[position..<(position + length)], as: UTF8.self)), length: length)
  }

  private mutating func append(_ kind: Token.Kind, length: Int) {
    tokens.append(Token(kind: kind, range: position..<(position + length)))
    position += length
  }

  private mutating func stringToken(_ quote: UInt8) throws(SyntaxError) {
    var index = position + 1
    while index < source.count, source[index] != quote { index += source[index] == UInt8(ascii: "\\") ? 2 : 1 }
    guard index < source.count else { throw unexpectedCharacter() }
    let written = String(decoding: source[(position + 1)..<index], as: UTF8.self)
    let text = keepsBackslashes ? written : try StringEscapes.decode(written, at: position..<(index + 1))
    append(.string(text), length: index + 1 - position)
  }

  private mutating func numberToken() throws(SyntaxError) {
    var index = position
    if source[index] == UInt8(ascii: "0"), index + 1 < source.count, "xXoObB".utf8.contains(source[index + 1]) {
      index += 2
      while index < source.count, isHexDigit(source[index]) || source[index] == UInt8(ascii: "_") { index += 1 }
      return append(.integer(digits(position..<index)), length: index - position)
    }
    index = skipDigits(from: index)
    // As in Python, no other integer begins with a zero.
    let zeros = source[position..<index].prefix { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "_") }.count
    let isPadded = zeros > 0 && zeros < index - position
    var isFloat = false
    let followsDot = position > 0 && source[position - 1] == UInt8(ascii: ".")
    if !followsDot, index + 1 < source.count, source[index] == UInt8(ascii: "."), isDigit(source[index + 1]) {
      isFloat = true
      index = skipDigits(from: index + 1)
    }
    if !followsDot, index < source.count, source[index] | 0x20 == UInt8(ascii: "e") {
      var exponent = index + 1
      if exponent < source.count, source[exponent] == UInt8(ascii: "+") || source[exponent] == UInt8(ascii: "-") {
        exponent += 1
      }
      if exponent < source.count, isDigit(source[exponent]) {
        isFloat = true
        index = skipDigits(from: exponent)
      }
    }
    if isPadded, !isFloat { index = position + zeros }
    let text = digits(position..<index)
    append(isFloat ? .float(Double(text) ?? .infinity) : .integer(text), length: index - position)
  }

  private func digits(_ range: Range<Int>) -> String {
    String(decoding: source[range].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
  }

  private func skipDigits(from index: Int) -> Int {
    var index = index
    while index < source.count {
      let isSeparator = source[index] == UInt8(ascii: "_") && index + 1 < source.count && isDigit(source[index + 1])
      guard isDigit(source[index]) || isSeparator else { break }
      index += 1
    }
    return index
  }
}
