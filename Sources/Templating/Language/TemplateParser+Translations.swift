import Model

/// `{% trans %}`: text that a catalogue of translations may have, with names in it but no other expressions.
extension TemplateParser {
  mutating func parseTranslation(at range: Range<Int>) throws(SyntaxError) -> any Statement {
    var text = TranslationStatement.Text(singular: "")
    if case .string(let context) = current.kind {
      advance()
      text.context = context
    }
    var variables = try parseTranslationVariables()
    text.count = variables.names.first?.name
    try expectBlockEnd()
    let singular = try parseTranslatable(allowsPlural: true)
    text.singular = singular.text
    if text.count == nil { text.count = singular.names.first?.name }
    var used = singular.names
    if skipName("pluralize") {
      if !isAt(.blockEnd) { text.count = try parsePluralName(among: variables.names) }
      try expectBlockEnd()
      let plural = try parseTranslatable(allowsPlural: false)
      text.plural = plural.text
      used += plural.names
      if text.count == nil { throw SyntaxError("pluralize without variables", at: range) }
    }
    advance()
    try expectBlockEnd()
    if variables.isTrimmed ?? syntax.trimsTranslations {
      text.singular = Self.trimmed(text.singular)
      text.plural = text.plural.map(Self.trimmed)
    }
    for (name, place) in used where !variables.names.contains(where: { $0.name == name }) {
      variables.names.append((name, nameExpression(name, at: place)))
    }
    let function = (text.plural == nil ? "" : "n") + (text.context == nil ? "" : "p") + "gettext"
    return TranslationStatement(nameExpression(function, at: range), text, variables.names)
  }

  private mutating func parseTranslationVariables() throws(SyntaxError) -> (
    names: [(name: String, value: any Expression)], isTrimmed: Bool?
  ) {
    var names: [(name: String, value: any Expression)] = []
    var isTrimmed: Bool?
    while !isAt(.blockEnd) {
      if !names.isEmpty { try expect(",") }
      if skip(":") { break }
      let token = current
      let name = try expectName()
      if names.contains(where: { $0.name == name }) {
        throw SyntaxError("translatable variable '\(name)' defined twice.", at: token.range)
      }
      if skip("=") {
        names.append((name, try parseExpression()))
      } else if isTrimmed == nil, name == "trimmed" || name == "notrimmed" {
        isTrimmed = name == "trimmed"
      } else {
        names.append((name, nameExpression(name, at: token.range)))
      }
    }
    return (names, isTrimmed)
  }

  private mutating func parsePluralName(among names: [(name: String, value: any Expression)]) throws(SyntaxError) -> String {
    let token = current
    let name = try expectName()
    if !names.contains(where: { $0.name == name }) {
      throw SyntaxError("unknown variable '\(name)' for pluralization", at: token.range)
    }
    return name
  }

  /// Text and names up to `pluralize` or the end, whose tag is left as the current token.
  private mutating func parseTranslatable(allowsPlural: Bool) throws(SyntaxError) -> (
    text: String, names: [(name: String, place: Range<Int>)]
  ) {
    var text = ""
    var names: [(name: String, place: Range<Int>)] = []
    while true {
      let token = current
      advance()
      switch token.kind {
      case .text(let piece): text += PythonString.replace("%", with: "%%", in: piece)
      case .variableStart:
        let place = current.range
        let name = try expectName()
        names.append((name, place))
        text += "%(\(name))s"
        guard isAt(.variableEnd) else { throw expected("'end of print statement'") }
        advance()
      case .blockStart:
        if isAtName("endtrans") || isAtName("pluralize") && allowsPlural { return (text, names) }
        throw SyntaxError(refusal(of: current), at: current.range)
      case .end: throw SyntaxError("unclosed translation block", at: token.range)
      default: throw SyntaxError("internal parser error", at: token.range)
      }
    }
  }

  private func refusal(of token: Token) -> String {
    switch token.kind {
    case .name("pluralize"): "a translatable section can have only one pluralize section"
    case .name("trans"): "trans blocks can't be nested; did you mean `endtrans`?"
    default: "control structures in translatable sections are not allowed; saw `\(token.description)`"
    }
  }

  /// The text with one blank for each line break and the white space around it.
  private static func trimmed(_ text: String) -> String {
    var lines = PythonString.split(PythonString.strip(text), by: "\n").map { PythonString.strip($0) }
    lines.removeAll { $0.isEmpty }
    return lines.joined(separator: " ")
  }
}
