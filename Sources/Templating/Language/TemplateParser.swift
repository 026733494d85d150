import BigInt
import Model

/// Turns tokens into the tree that renders. Names get their slots on the way.
struct TemplateParser {
  private var tokens: [Token]
  private var index = 0
  var scope = FunctionScope(parent: nil, isTemplate: true)
  var names: [String: Int] = [:]
  var blocks: [String: BlockDefinition] = [:]
  var unknownNames: [TemplateUnit.UnknownName] = []
  /// The tags that are open, for the message about one that doesn't fit: each with its ends.
  var openTags: [(tag: String, ends: [String])] = []
  var loopDepth = 0
  /// Strings that look like templates are rendered: in conditions, and as terms of lookups.
  var embedsTemplates = false
  private let start: SourceSpan
  let syntax: TemplateSyntax
  private let stackBase = Budget.stackPointer

  /// What recursion in the parser may take of the stack.
  private static let stackBytesMax: UInt = 256 << 10

  private init(_ tokens: [Token], _ syntax: TemplateSyntax, at start: SourceSpan) {
    self.tokens = tokens
    self.start = start
    self.syntax = syntax
  }

  static func parse(_ source: String, at start: SourceSpan, _ syntax: TemplateSyntax) throws(SyntaxError)
    -> TemplateUnit
  {
    var parser = TemplateParser(try Lexer.tokens(of: source, syntax), syntax, at: start)
    let statements = try parser.parseStatements(until: [])
    let isLone = statements.statements.count == 1 && parser.blocks.isEmpty && !PythonString.hasSuffix(source, "\n")
    if isLone, let output = statements.statements[0] as? OutputStatement {
      return parser.unit(source, start, .lone(output))
    }
    return parser.unit(source, start, .statements(statements))
  }

  static func parseExpression(_ source: String, at start: SourceSpan) throws(SyntaxError) -> TemplateUnit {
    var parser = TemplateParser(try Lexer.expressionTokens(of: source), .file, at: start)
    parser.embedsTemplates = true
    if parser.isAt(.end) { throw SyntaxError("Expected an expression, got end of template", at: 0..<1) }
    let expression = try parser.parseTuple()
    guard parser.isAt(.end) else { throw parser.unexpected("chunk after expression") }
    return parser.unit(source, start, .expression(expression))
  }

  private func unit(_ source: String, _ start: SourceSpan, _ body: TemplateUnit.Body) -> TemplateUnit {
    let ordered = names.sorted { $0.value < $1.value }.map(\.key)
    return TemplateUnit(
      source: source, start: start, syntax: syntax, body: body, names: ordered, slotCount: scope.slotCount,
      blocks: blocks, unknownNames: unknownNames)
  }

  /// The template that a string of the source is, where strings are templates.
  func embedded(_ text: String, at range: Range<Int>) throws(SyntaxError) -> (any Expression)? {
    let isClosed = ["}}", "%}", "#}"].contains { text.firstRange(of: $0) != nil }
    guard embedsTemplates, isClosed, Template.isTemplate(text) else { return nil }
    do throws(TemplateError) {
      return EmbeddedTemplate(try Template.compile(text, at: start), at: range)
    } catch { throw SyntaxError(error.diagnostic.message, at: range) }
  }

  // MARK: tokens

  var current: Token { tokens[index] }
  var next: Token { tokens[min(index + 1, tokens.count - 1)] }

  @discardableResult
  mutating func advance() -> Token {
    let token = tokens[index]
    if index < tokens.count - 1 { index += 1 }
    return token
  }

  /// Where the token before this one ends.
  var previousEnd: Int { index > 0 ? tokens[index - 1].range.upperBound : 0 }

  func isAt(_ kind: Token.Kind) -> Bool { current.kind == kind }
  func isAt(_ symbol: String) -> Bool { current.kind == .operation(symbol) }
  func isAtName(_ name: String) -> Bool { current.kind == .name(name) }

  mutating func skip(_ symbol: String) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func skipName(_ name: String) -> Bool {
    guard isAtName(name) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) throws(SyntaxError) {
    if !skip(symbol) { throw expected("'\(symbol)'") }
  }

  mutating func expectName(_ name: String) throws(SyntaxError) {
    if !skipName(name) { throw expected("'\(name)'") }
  }

  mutating func expectName() throws(SyntaxError) -> String {
    guard case .name(let name) = current.kind else { throw expected("'name'") }
    advance()
    return name
  }

  mutating func expectBlockEnd() throws(SyntaxError) {
    guard isAt(.blockEnd) else { throw expected("'end of statement block'") }
    advance()
  }

  func expected(_ what: String) -> SyntaxError {
    if isAt(.end) {
      return SyntaxError("unexpected end of template, expected \(what).", at: current.range)
    }
    return SyntaxError("expected token \(what), got '\(current.description)'", at: current.range)
  }

  func unexpected(_ what: String) -> SyntaxError {
    SyntaxError("unexpected \(what): '\(current.description)'", at: current.range)
  }

  /// Refuses what nests so deep that the stack would not hold it.
  func checkDepth() throws(SyntaxError) {
    let here = Budget.stackPointer
    let used = here > stackBase ? here - stackBase : stackBase - here
    if used > Self.stackBytesMax { throw SyntaxError("template nests too deep", at: current.range) }
  }

  // MARK: names

  mutating func nameExpression(_ name: String, at range: Range<Int>) -> NameExpression {
    NameExpression(name, slots: scope.slots(of: name), index: index(of: name), at: range)
  }

  /// Where an assignment to a name goes.
  mutating func target(named name: String) -> Target {
    scope.isTopLevel ? .exported(name, index(of: name)) : .slot(scope.declare(name))
  }

  /// A name's place among those that are looked up in the context.
  private mutating func index(of name: String) -> Int {
    let index = names[name] ?? names.count
    names[name] = index
    return index
  }

  // MARK: bodies

  /// Statements up to one of the end tags, whose name is left as the current token.
  mutating func parseStatements(until ends: [String]) throws(SyntaxError) -> StatementList {
    try checkDepth()
    var list = StatementList()
    while true {
      let token = current
      switch token.kind {
      case .text(let text):
        advance()
        list.append(TextStatement(text))
      case .variableStart:
        advance()
        list.append(OutputStatement(try parseTuple()))
        guard isAt(.variableEnd) else { throw expected("'end of print statement'") }
        advance()
      case .blockStart:
        advance()
        if case .name(let name) = current.kind, ends.contains(name) { return list }
        if let statement = try parseStatement() { list.append(statement) }
      case .end:
        if ends.isEmpty { return list }
        throw unclosed("Unexpected end of template.", at: token.range)
      default: throw SyntaxError("unexpected '\(token.description)'", at: token.range)
      }
    }
  }

  /// A tag's body, its own tag remembered for messages.
  mutating func parseBody(of tag: String, until ends: [String]) throws(SyntaxError) -> StatementList {
    try expectBlockEnd()
    openTags.append((tag, ends))
    let body = try parseStatements(until: ends)
    openTags.removeLast()
    return body
  }

  /// A body that ends with the one tag given, which is consumed.
  mutating func parseWholeBody(of tag: String) throws(SyntaxError) -> StatementList {
    // A colon before the end is allowed, as Python programmers write it.
    _ = skip(":")
    let body = try parseBody(of: tag, until: ["end\(tag)"])
    advance()
    return body
  }

  func unclosed(_ message: String, at range: Range<Int>) -> SyntaxError {
    var message = message
    if let open = openTags.last {
      let wanted = open.ends.map { "'\($0)'" }.joined(separator: " or ")
      message += " Jinja was looking for the following tags: \(wanted)."
      message += " The innermost block that needs to be closed is '\(open.tag)'."
    }
    return SyntaxError(message, at: range)
  }
}
