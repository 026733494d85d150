import Model

/// `{% trans %}`: text that a translator would get. There is no catalogue, so the text as written is what is shown;
/// what counts is the choice between singular and plural.
extension TemplateParser {
  mutating func parseTranslation(at range: Range<Int>) throws(SyntaxError) -> any Statement {
    if case .string = current.kind { advance() }
    scope.enter()
    var assignments: [(target: Target, value: any Expression)] = []
    var names: [(String, Range<Int>)] = []
    var isTrimmed = false
    var isFirst = true
    while !isAt(.blockEnd) {
      if !isFirst { _ = skip(",") }
      isFirst = false
      if skip(":") { break }
      let token = current
      let name = try expectName()
      if names.contains(where: { $0.0 == name }) {
        throw SyntaxError("translatable variable '\(name)' defined twice.", at: token.range)
      }
      if skip("=") {
        let outer = scope.takePart()
        let value = try parseExpression()
        scope.putPart(outer)
        assignments.append((.slot(scope.declare(name)), value))
        names.append((name, token.range))
      } else if name == "trimmed" || name == "notrimmed" {
        isTrimmed = name == "trimmed"
      } else {
        names.append((name, token.range))
      }
    }
    try expectBlockEnd()
    let singular = try parseTranslatable(isTrimmed: isTrimmed)
    var plural: StatementList?
    var count = names.first
    if skipName("pluralize") {
      if !isAt(.blockEnd) {
        let token = current
        let name = try expectName()
        guard names.contains(where: { $0.0 == name }) else {
          throw SyntaxError("unknown variable '\(name)' for pluralization", at: token.range)
        }
        count = (name, token.range)
      }
      try expectBlockEnd()
      plural = try parseTranslatable(isTrimmed: isTrimmed)
    }
    advance()
    try expectBlockEnd()
    guard let plural else {
      scope.leave()
      return WithStatement(assignments, singular)
    }
    guard let count else { throw SyntaxError("pluralize without variables", at: range) }
    let number = nameExpression(count.0, at: count.1)
    scope.leave()
    let isOne = CompareExpression(number, [(.equal, ScalarLiteral(.int(1), at: count.1))])
    let choice = IfStatement([.init(condition: isOne, body: singular)], otherwise: plural)
    return WithStatement(assignments, StatementList(statements: [choice]))
  }

  /// Text and names up to `pluralize` or the end, whose tag is left as the current token.
  private mutating func parseTranslatable(isTrimmed: Bool) throws(SyntaxError) -> StatementList {
    var pieces: [TranslatablePiece] = []
    while true {
      let token = current
      switch token.kind {
      case .text(let text):
        advance()
        pieces.append(.text(text))
      case .variableStart:
        advance()
        let nameToken = current
        let name = try expectName()
        pieces.append(.output(OutputStatement(nameExpression(name, at: nameToken.range))))
        guard isAt(.variableEnd) else { throw expected("'end of print statement'") }
        advance()
      case .blockStart:
        advance()
        guard case .name(let tag) = current.kind else { throw expected("'name'") }
        if tag == "pluralize" || tag == "endtrans" { return Self.body(of: pieces, isTrimmed: isTrimmed) }
        throw SyntaxError(
          "control structures in translatable sections are not allowed; saw `\(tag)`", at: current.range)
      default: throw unclosed("Unexpected end of template.", at: token.range)
      }
    }
  }

  private static func body(of pieces: [TranslatablePiece], isTrimmed: Bool) -> StatementList {
    var list = StatementList()
    for (index, piece) in pieces.enumerated() {
      switch piece {
      case .output(let output): list.append(output)
      case .text(let text) where isTrimmed:
        let isFirst = index == 0, isLast = index == pieces.count - 1
        list.append(TextStatement(joinedLines(PythonString.strip(text, left: isFirst, right: isLast))))
      case .text(let text): list.append(TextStatement(text))
      }
    }
    return list
  }

  /// The text with one blank for each line break and the white space around it.
  private static func joinedLines(_ text: String) -> String {
    let lines = PythonString.split(text, by: "\n")
    return lines.enumerated().compactMap { index, line in
      let isFirst = index == 0, isLast = index == lines.count - 1
      let kept = PythonString.strip(line, left: !isFirst, right: !isLast)
      return kept.isEmpty && !isFirst && !isLast ? nil : kept
    }.joined(separator: " ")
  }
}

private enum TranslatablePiece {
  case text(String)
  case output(OutputStatement)
}
