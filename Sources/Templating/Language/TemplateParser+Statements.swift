/// Statements, by Jinja's grammar.
extension TemplateParser {
  /// The statement whose tag is the current token; nil for one that leaves nothing to run.
  mutating func parseStatement() throws(SyntaxError) -> (any Statement)? {
    guard case .name(let tag) = current.kind else { throw SyntaxError("tag name expected", at: current.range) }
    let token = advance()
    switch tag {
    case "for": return try parseFor()
    case "if": return try parseIf()
    case "set": return try parseSet()
    case "macro": return try parseMacro()
    case "call": return try parseCall(at: token.range)
    case "filter": return try parseFilterBlock()
    case "with": return try parseWith()
    case "include": return try parseInclude()
    case "import": return try parseImport()
    case "from": return try parseFrom()
    case "extends": return try parseExtends()
    case "block": return try parseBlock(at: token.range)
    case "autoescape": return try parseAutoescape()
    case "trans" where syntax.translates: return try parseTranslation(at: token.range)
    case "do": return try parseDo()
    case "print": return try parsePrint()
    case "break", "continue": return try parseLoopControl(tag, at: token.range)
    default: throw unclosed("Encountered unknown tag '\(tag)'.", at: token.range)
    }
  }

  private mutating func parseFor() throws(SyntaxError) -> any Statement {
    let firstSlot = scope.slotCount
    // The elements are computed outside of the loop's names, which come first in the source.
    scope.enter()
    let targetRange = current.range
    let target = try parseTarget(endsAt: ["in"])
    if scope.isDeclaredHere("loop") {
      throw SyntaxError("Can't assign to special loop variable in for-loop target", at: targetRange)
    }
    let loopSlot = scope.declare("loop")
    try expectName("in")
    let names = scope.takePart()
    let elements = try parseTuple(withConditional: false, endsAt: ["recursive"])
    scope.putPart(names)
    var shape = ForStatement.Shape(target: target, elements: elements, loopSlot: loopSlot)
    if skipName("if") { shape.condition = try parseExpression() }
    shape.isRecursive = skipName("recursive")
    _ = skip(":")
    loopDepth += 1
    shape.body = try parseBody(of: "for", until: ["endfor", "else"])
    loopDepth -= 1
    scope.leave()
    shape.slots = firstSlot..<scope.slotCount
    if skipName("else") {
      scope.enter()
      shape.otherwise = try parseBody(of: "for", until: ["endfor"])
      scope.leave()
    }
    try endTag()
    return ForStatement(shape)
  }

  /// Consumes the name of an end tag and what closes it.
  private mutating func endTag() throws(SyntaxError) {
    advance()
    try expectBlockEnd()
  }

  private mutating func parseIf() throws(SyntaxError) -> any Statement {
    var branches: [IfStatement.Branch] = []
    var otherwise = StatementList()
    repeat {
      let condition = try parseTuple(withConditional: false)
      _ = skip(":")
      let body = try parseBody(of: "if", until: ["elif", "else", "endif"])
      branches.append(.init(condition: condition, body: body))
    } while skipName("elif")
    if skipName("else") {
      _ = skip(":")
      otherwise = try parseBody(of: "if", until: ["endif"])
    }
    try endTag()
    return IfStatement(branches, otherwise: otherwise)
  }

  /// What is assigned to: a name, a namespace's attribute, or several of those.
  mutating func parseTarget(endsAt ends: [String] = [], allowsAttributes: Bool = false) throws(SyntaxError) -> Target {
    let start = current.range.lowerBound
    var targets: [Target] = []
    var isTuple = false
    while true {
      if case .name(let name) = current.kind, ends.contains(name) { break }
      if isAt("=") || isAt(")") || isAt(.blockEnd) { break }
      targets.append(try parseSingleTarget(allowsAttributes: allowsAttributes))
      guard skip(",") else { break }
      isTuple = true
    }
    if !isTuple, let only = targets.first { return only }
    if targets.isEmpty { throw SyntaxError("Expected an expression, got '\(current.description)'", at: current.range) }
    return .tuple(targets, start..<previousEnd)
  }

  private mutating func parseSingleTarget(allowsAttributes: Bool) throws(SyntaxError) -> Target {
    let token = current
    if skip("(") {
      let target = try parseTarget(allowsAttributes: allowsAttributes)
      try expect(")")
      return target
    }
    guard case .name(let name) = token.kind, !Self.constants.contains(name) else {
      let expression = try parsePrimary()
      let kind =
        switch expression {
        case is ListLiteral: "list"
        case is DictLiteral: "dict"
        default: "const"
        }
      throw SyntaxError("can't assign to '\(kind)'", at: token.range)
    }
    advance()
    guard allowsAttributes, isAt(".") else { return target(named: name) }
    advance()
    let attribute = try expectName()
    let object = nameExpression(name, at: token.range)
    return .attribute(object: object, name: attribute, token.range.lowerBound..<previousEnd)
  }

  private static let constants: Set<String> = ["true", "false", "none", "True", "False", "None"]

  private mutating func parseSet() throws(SyntaxError) -> any Statement {
    let target = try parseTarget(allowsAttributes: true)
    if skip("=") {
      let expression = try parseTuple()
      try expectBlockEnd()
      return SetStatement(target, expression)
    }
    let filter = try parseBlockFilters(startsInline: false)
    scope.enter()
    let body = try parseBody(of: "set", until: ["endset"])
    scope.leave()
    try endTag()
    return SetBlockStatement(target, filter: filter, body)
  }

  private mutating func parseMacro() throws(SyntaxError) -> any Statement {
    let range = current.range
    let name = try expectName()
    let target = target(named: name)
    let outer = enterFunction()
    let parameters = try parseParameters()
    return MacroStatement(target, try finishFunction(name, "macro", parameters, outside: outer, at: range))
  }

  private mutating func parseCall(at range: Range<Int>) throws(SyntaxError) -> any Statement {
    let outer = enterFunction()
    let parameters = isAt("(") ? try parseParameters() : []
    let inner = scope
    scope = outer.scope
    guard let call = try parseExpression() as? CallExpression else { throw SyntaxError("expected call", at: range) }
    scope = inner
    return CallStatement(call, caller: try finishFunction("caller", "call", parameters, outside: outer, at: range))
  }

  /// Starts a function of its own; what it returns is for `finishFunction`.
  private mutating func enterFunction() -> (scope: FunctionScope, loopDepth: Int) {
    let outer = (scope, loopDepth)
    scope = FunctionScope(parent: scope, implicitNames: ["caller", "varargs", "kwargs"])
    loopDepth = 0
    return outer
  }

  private mutating func finishFunction(
    _ name: String, _ tag: String, _ parameters: [MacroDefinition.Parameter],
    outside outer: (scope: FunctionScope, loopDepth: Int), at range: Range<Int>
  ) throws(SyntaxError) -> MacroDefinition {
    let body = try parseWholeBody(of: tag)
    try expectBlockEnd()
    let inner = scope
    (scope, loopDepth) = outer
    return MacroDefinition(
      name: name, isAnonymous: tag == "call", parameters: parameters, body: body, slotCount: inner.slotCount,
      callerSlot: inner.implicit["caller"], varargsSlot: inner.implicit["varargs"], kwargsSlot: inner.implicit["kwargs"], range: range)
  }

  private mutating func parseParameters() throws(SyntaxError) -> [MacroDefinition.Parameter] {
    try expect("(")
    var parameters: [MacroDefinition.Parameter] = []
    var hasDefault = false
    while !isAt(")") {
      if !parameters.isEmpty { try expect(",") }
      let range = current.range
      let name = try expectName()
      if parameters.contains(where: { $0.name == name }) {
        throw SyntaxError("duplicate argument '\(name)' in function definition", at: range)
      }
      var standard: (any Expression)?
      if skip("=") {
        standard = try parseExpression()
        hasDefault = true
      } else if hasDefault {
        throw SyntaxError("non-default argument follows default argument", at: range)
      } else if name == "caller" {
        throw SyntaxError(
          "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a default.", at: range)
      }
      parameters.append(.init(name: name, slot: scope.declare(name), standard: standard))
    }
    advance()
    return parameters
  }

  private mutating func parseFilterBlock() throws(SyntaxError) -> any Statement {
    guard let filter = try parseBlockFilters(startsInline: true) else { throw expected("'name'") }
    scope.enter()
    let body = try parseWholeBody(of: "filter")
    scope.leave()
    try expectBlockEnd()
    return FilterBlockStatement(filter, body)
  }

  private mutating func parseWith() throws(SyntaxError) -> any Statement {
    var assignments: [(target: Target, value: any Expression)] = []
    // Values are parsed before any of the names is declared: they are computed outside.
    scope.enter()
    while !isAt(.blockEnd) {
      if !assignments.isEmpty { try expect(",") }
      let target = try parseSingleTarget(allowsAttributes: false)
      try expect("=")
      let names = scope.takePart()
      let value = try parseExpression()
      scope.putPart(names)
      assignments.append((target, value))
    }
    let body = try parseWholeBody(of: "with")
    scope.leave()
    try expectBlockEnd()
    return WithStatement(assignments, body)
  }

  private mutating func parseInclude() throws(SyntaxError) -> any Statement {
    let name = try parseExpression()
    var ignoresMissing = false
    if isAtName("ignore"), next.kind == .name("missing") {
      advance()
      advance()
      ignoresMissing = true
    }
    let visible = parseContextModifier(standard: true) ? scope.visible : nil
    try expectBlockEnd()
    return IncludeStatement(name, ignoresMissing: ignoresMissing, visible: visible)
  }

  /// `with context` or `without context`, if that stands here.
  private mutating func parseContextModifier(standard: Bool) -> Bool {
    guard isAtName("with") || isAtName("without"), next.kind == .name("context") else { return standard }
    let isWith = advance().kind == .name("with")
    advance()
    return isWith
  }

  private mutating func parseImport() throws(SyntaxError) -> any Statement {
    let name = try parseExpression()
    try expectName("as")
    let target = target(named: try expectName())
    let visible = parseContextModifier(standard: false) ? scope.visible : nil
    try expectBlockEnd()
    return ImportStatement(name, .module(target), visible: visible)
  }

  private mutating func parseFrom() throws(SyntaxError) -> any Statement {
    let template = try parseExpression()
    try expectName("import")
    var members: [(name: String, target: Target)] = []
    var visible: VisibleNames?
    var isDone = false
    while !isDone {
      if !members.isEmpty { try expect(",") }
      guard case .name = current.kind else { throw expected("'name'") }
      if let modifier = parseTrailingContext() {
        visible = modifier
        break
      }
      let range = current.range
      let name = try expectName()
      if name.hasPrefix("_") { throw SyntaxError("names starting with an underline can not be imported", at: range) }
      members.append((name, target(named: skipName("as") ? try expectName() : name)))
      if let modifier = parseTrailingContext() {
        visible = modifier
        isDone = true
      } else {
        isDone = !isAt(",")
      }
    }
    try expectBlockEnd()
    return ImportStatement(template, .members(members), visible: visible ?? nil)
  }

  /// Nil where no context modifier stands here; otherwise what it lets through.
  private mutating func parseTrailingContext() -> VisibleNames?? {
    guard isAtName("with") || isAtName("without"), next.kind == .name("context") else { return nil }
    return .some(parseContextModifier(standard: false) ? scope.visible : nil)
  }

  private mutating func parseExtends() throws(SyntaxError) -> any Statement {
    let statement = ExtendsStatement(try parseExpression())
    try expectBlockEnd()
    return statement
  }

  private mutating func parseBlock(at range: Range<Int>) throws(SyntaxError) -> any Statement {
    let nameRange = current.range
    let name = try expectName()
    if blocks[name] != nil { throw SyntaxError("block '\(name)' defined twice", at: nameRange) }
    let isScoped = skipName("scoped")
    let isRequired = skipName("required")
    if isAt("-") {
      throw SyntaxError(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens,"
          + " use an underscore instead.", at: current.range)
    }
    if case .name = current.kind { throw expected("'end of statement block'") }
    let outer = scope
    let loops = loopDepth
    let visible = isScoped ? outer.visible : nil
    scope = FunctionScope(parent: nil)
    loopDepth = 0
    _ = scope.declare("super")
    // The name is taken from here on, so that the block can't hold another of its name.
    blocks[name] = BlockDefinition(
      name: name, body: StatementList(), slotCount: 1, isScoped: isScoped, isRequired: isRequired)
    let body = try parseWholeBody(of: "block")
    _ = skipName(name)
    try expectBlockEnd()
    if isRequired { try checkRequired(body, at: range) }
    blocks[name] = BlockDefinition(
      name: name, body: body, slotCount: scope.slotCount, isScoped: isScoped, isRequired: isRequired)
    (scope, loopDepth) = (outer, loops)
    return BlockStatement(name, isRequired: isRequired, isTopLevel: outer.isTopLevel, visible: visible, range: nameRange)
  }

  private func checkRequired(_ body: StatementList, at range: Range<Int>) throws(SyntaxError) {
    for statement in body.statements {
      if let text = statement as? TextStatement, text.isBlank { continue }
      throw SyntaxError("Required blocks can only contain comments or whitespace", at: range)
    }
  }

  private mutating func parseAutoescape() throws(SyntaxError) -> any Statement {
    let flag = try parseExpression()
    scope.enter()
    let body = try parseWholeBody(of: "autoescape")
    scope.leave()
    try expectBlockEnd()
    return AutoescapeStatement(flag, body)
  }

  private mutating func parseDo() throws(SyntaxError) -> any Statement {
    let statement = DoStatement(try parseTuple())
    try expectBlockEnd()
    return statement
  }

  private mutating func parsePrint() throws(SyntaxError) -> any Statement {
    var statements = StatementList()
    while !isAt(.blockEnd) {
      if !statements.statements.isEmpty { try expect(",") }
      statements.append(OutputStatement(try parseExpression()))
    }
    try expectBlockEnd()
    return WithStatement([], statements)
  }

  private mutating func parseLoopControl(_ tag: String, at range: Range<Int>) throws(SyntaxError) -> any Statement {
    if loopDepth == 0 { throw SyntaxError("'\(tag)' outside of a loop", at: range) }
    try expectBlockEnd()
    return tag == "break" ? BreakStatement() : ContinueStatement()
  }
}
