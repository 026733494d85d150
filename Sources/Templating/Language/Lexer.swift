/// Cuts a template's source into tokens: text as it will be written, and the tokens of expressions between delimiters.
struct Lexer {
  let source: [UInt8]
  let syntax: TemplateSyntax
  private let openers: [Opener]
  var position = 0
  var tokens: [Token] = []
  /// The text before `position` ends with a line break, or there is none.
  var isAtLineStart = true
  var keepsBackslashes = false

  enum Delimiter { case block, variable, comment, lineStatement, lineComment }

  private struct Opener {
    let kind: Delimiter
    let bytes: [UInt8]
  }

  /// A place where something other than text begins.
  private struct Opening {
    var kind: Delimiter
    /// Where text ends, which for line prefixes is before their indentation.
    var start: Int
    var end: Int
    var sign: UInt8?
  }

  static func tokens(of source: String, _ syntax: TemplateSyntax) throws(SyntaxError) -> [Token] {
    var lexer = Lexer(source, syntax)
    try lexer.run()
    return lexer.tokens
  }

  /// The tokens of a bare expression.
  static func expressionTokens(of source: String) throws(SyntaxError) -> [Token] {
    var lexer = Lexer(source, .file)
    while lexer.position < lexer.source.count { try lexer.expressionToken() }
    lexer.tokens.append(Token(kind: .end, range: lexer.position..<lexer.position))
    return lexer.tokens.filter { $0.kind != .operation("") }
  }

  private init(_ source: String, _ syntax: TemplateSyntax) {
    self.source = Array(source.utf8)
    self.syntax = syntax
    var openers = [
      Opener(kind: .block, bytes: Array(syntax.blockStart.utf8)),
      Opener(kind: .variable, bytes: Array(syntax.variableStart.utf8)),
      Opener(kind: .comment, bytes: Array(syntax.commentStart.utf8)),
    ]
    if let prefix = syntax.lineStatementPrefix {
      openers.append(Opener(kind: .lineStatement, bytes: Array(prefix.utf8)))
    }
    if let prefix = syntax.lineCommentPrefix { openers.append(Opener(kind: .lineComment, bytes: Array(prefix.utf8))) }
    self.openers = openers.sorted { $0.bytes.count > $1.bytes.count }
  }

  private mutating func run() throws(SyntaxError) {
    while let opening = nextOpening() {
      try consume(opening)
    }
    appendText(position..<source.count, isLast: true)
    tokens.append(Token(kind: .end, range: source.count..<source.count))
  }

  // MARK: text

  /// The next delimiter at or after the position.
  private func nextOpening() -> Opening? {
    var index = position
    while index < source.count {
      for opener in openers where starts(opener.bytes, at: index) {
        if let opening = opening(opener, at: index) { return opening }
      }
      index += 1
    }
    return nil
  }

  private func opening(_ opener: Opener, at index: Int) -> Opening? {
    let end = index + opener.bytes.count
    switch opener.kind {
    case .block, .variable, .comment:
      let sign = end < source.count && (source[end] == UInt8(ascii: "-") || source[end] == UInt8(ascii: "+"))
      // A plus belongs to a print statement's expression.
      let isPlus = sign && source[end] == UInt8(ascii: "+") && opener.kind == .variable
      return Opening(
        kind: opener.kind, start: index, end: sign && !isPlus ? end + 1 : end, sign: sign ? source[end] : nil)
    case .lineStatement:
      guard let start = indentationStart(before: index), start == 0 || source[start - 1] == 10 else { return nil }
      let sign = end < source.count && (source[end] == UInt8(ascii: "-") || source[end] == UInt8(ascii: "+"))
      return Opening(
        kind: .lineStatement, start: start, end: sign ? end + 1 : end,
        sign: sign && source[end] == UInt8(ascii: "-") ? source[end] : nil)
    case .lineComment:
      guard let start = indentationStart(before: index) else { return nil }
      return Opening(kind: .lineComment, start: start, end: end, sign: nil)
    }
  }

  /// Where the blanks before a line prefix begin; not before the position.
  private func indentationStart(before index: Int) -> Int? {
    var start = index
    while start > position, isBlank(source[start - 1]) { start -= 1 }
    return start
  }

  private mutating func consume(_ opening: Opening) throws(SyntaxError) {
    let bounds = trimmed(position..<opening.start, before: opening)
    appendText(bounds)
    isAtLineStart = false
    position = opening.end
    switch opening.kind {
    case .comment: try comment(from: opening.start)
    case .variable: try expression(in: .variable, from: opening.start)
    case .block:
      if let end = rawOpening() {
        try raw(from: opening.start, contentStart: end)
      } else {
        try expression(in: .block, from: opening.start)
      }
    case .lineStatement: try expression(in: .lineStatement, from: opening.start)
    case .lineComment: while position < source.count && source[position] != 10 { position += 1 }
    }
  }

  /// The text before a delimiter without what `-` and `lstrip_blocks` take away.
  private func trimmed(_ range: Range<Int>, before opening: Opening) -> Range<Int> {
    var end = range.upperBound
    if opening.sign == UInt8(ascii: "-") {
      while end > range.lowerBound, isSpace(source[end - 1]) { end -= 1 }
      return range.lowerBound..<end
    }
    guard opening.sign != UInt8(ascii: "+"), syntax.stripsLinesBeforeBlocks,
      opening.kind == .block || opening.kind == .comment
    else { return range }
    while end > range.lowerBound, isBlank(source[end - 1]) { end -= 1 }
    let isLineStart = end > range.lowerBound ? source[end - 1] == 10 : isAtLineStart
    return isLineStart ? range.lowerBound..<end : range
  }

  /// Adds text with normal line breaks; the last line break of a template is dropped unless it is kept.
  private mutating func appendText(_ range: Range<Int>, isLast: Bool = false) {
    guard !range.isEmpty else { return }
    var bytes = source[range]
    if isLast && !syntax.keepsTrailingNewline {
      if bytes.last == 10 { bytes.removeLast() }
      if bytes.last == 13 { bytes.removeLast() }
    }
    guard !bytes.isEmpty else { return }
    var text = String(decoding: bytes, as: UTF8.self)
    if bytes.contains(13) || syntax.newline != "\n" { text = normalized(text) }
    tokens.append(Token(kind: .text(text), range: range))
  }

  private func normalized(_ text: String) -> String {
    let unix = PythonString.replace("\r", with: "\n", in: PythonString.replace("\r\n", with: "\n", in: text))
    return syntax.newline == "\n" ? unix : PythonString.replace("\n", with: syntax.newline, in: unix)
  }

  // MARK: comments and raw

  private mutating func comment(from start: Int) throws(SyntaxError) {
    let closer = Array(syntax.commentEnd.utf8)
    while position < source.count {
      if let end = blockEnd(closer, at: position) {
        close(at: end)
        return
      }
      position += 1
    }
    throw SyntaxError("Missing end of comment tag", at: start..<min(start + 2, source.count))
  }

  /// The end of a closing delimiter at an index, with its sign and the space that goes with it.
  func blockEnd(_ closer: [UInt8], at index: Int) -> Int? {
    if source[index] == UInt8(ascii: "+"), starts(closer, at: index + 1) { return index + 1 + closer.count }
    if source[index] == UInt8(ascii: "-"), starts(closer, at: index + 1) {
      return skipSpace(from: index + 1 + closer.count)
    }
    guard starts(closer, at: index) else { return nil }
    let end = index + closer.count
    guard syntax.trimsBlocks, end < source.count else { return end }
    if source[end] == 10 { return end + 1 }
    if source[end] == 13 { return end + 1 < source.count && source[end + 1] == 10 ? end + 2 : end + 1 }
    return end
  }

  mutating func close(at end: Int) {
    position = end
    isAtLineStart = end > 0 && source[end - 1] == 10
  }

  /// After a block's opening: the end of `raw %}`, if that stands here.
  private func rawOpening() -> Int? {
    var index = skipSpace(from: position)
    guard starts(Array("raw".utf8), at: index) else { return nil }
    index = skipSpace(from: index + 3)
    let closer = Array(syntax.blockEnd.utf8)
    if index < source.count, source[index] == UInt8(ascii: "-"), starts(closer, at: index + 1) {
      return skipSpace(from: index + 1 + closer.count)
    }
    return starts(closer, at: index) ? index + closer.count : nil
  }

  private mutating func raw(from start: Int, contentStart: Int) throws(SyntaxError) {
    position = contentStart
    let opener = Array(syntax.blockStart.utf8)
    isAtLineStart = contentStart > 0 && source[contentStart - 1] == 10
    var index = contentStart
    while index < source.count {
      if starts(opener, at: index), let (end, sign) = rawEnd(at: index + opener.count) {
        let opening = Opening(kind: .block, start: index, end: end, sign: sign)
        appendText(trimmed(contentStart..<index, before: opening))
        close(at: end)
        return
      }
      index += 1
    }
    throw SyntaxError("Missing end of raw directive", at: start..<contentStart)
  }

  private func rawEnd(at index: Int) -> (end: Int, sign: UInt8?)? {
    var index = index
    var sign: UInt8?
    if index < source.count, source[index] == UInt8(ascii: "-") || source[index] == UInt8(ascii: "+") {
      sign = source[index]
      index += 1
    }
    index = skipSpace(from: index)
    guard starts(Array("endraw".utf8), at: index) else { return nil }
    index = skipSpace(from: index + 6)
    guard index < source.count, let end = blockEnd(Array(syntax.blockEnd.utf8), at: index) else { return nil }
    return (end, sign)
  }

  // MARK: bytes

  func starts(_ bytes: [UInt8], at index: Int) -> Bool {
    guard index + bytes.count <= source.count, bytes.first == source[safe: index] else { return false }
    return source[index..<(index + bytes.count)].elementsEqual(bytes)
  }

  func skipSpace(from index: Int) -> Int {
    var index = index
    while index < source.count, isSpace(source[index]) { index += 1 }
    return index
  }

  func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
  func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 || byte == 11 || byte == 12 || byte == 13 }
  func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
