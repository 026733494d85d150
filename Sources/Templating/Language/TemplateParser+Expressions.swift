import BigInt
import Model

/// Expressions, by Jinja's grammar.
extension TemplateParser {
  mutating func parseExpression(withConditional: Bool = true) throws(SyntaxError) -> any Expression {
    try checkDepth()
    if !withConditional { return try parseOr() }
    let start = current.range.lowerBound
    var expression = try parseOr()
    while skipName("if") {
      let condition = try parseOr()
      let otherwise: (any Expression)? = skipName("else") ? try parseExpression() : nil
      expression = ConditionalExpression(
        condition, then: expression, otherwise: otherwise, at: start..<previousEnd)
    }
    return expression
  }

  private mutating func parseOr() throws(SyntaxError) -> any Expression {
    var left = try parseAnd()
    while skipName("or") { left = LogicExpression(isAnd: false, left, try parseAnd()) }
    return left
  }

  private mutating func parseAnd() throws(SyntaxError) -> any Expression {
    var left = try parseNot()
    while skipName("and") { left = LogicExpression(isAnd: true, left, try parseNot()) }
    return left
  }

  private mutating func parseNot() throws(SyntaxError) -> any Expression {
    guard isAtName("not") else { return try parseCompare() }
    try checkDepth()
    let start = advance().range.lowerBound
    let operand = try parseNot()
    return NotExpression(operand, at: start..<previousEnd)
  }

  private mutating func parseCompare() throws(SyntaxError) -> any Expression {
    let first = try parseBinary(level: 0)
    var rest: [(comparison: Comparison, operand: any Expression)] = []
    while let comparison = comparisonHere() { rest.append((comparison, try parseBinary(level: 0))) }
    return rest.isEmpty ? first : CompareExpression(first, rest)
  }

  /// Takes a comparison operator, if one stands here.
  private mutating func comparisonHere() -> Comparison? {
    switch current.kind {
    case .operation(let symbol):
      guard let comparison = Comparison(rawValue: symbol) else { return nil }
      advance()
      return comparison
    case .name("in"):
      advance()
      return .isIn
    case .name("not") where next.kind == .name("in"):
      advance()
      advance()
      return .notIn
    default: return nil
    }
  }

  /// Operators that bind tighter at each level: sums, `~`, products, powers.
  private static let levels: [Set<String>] = [["+", "-"], ["~"], ["*", "/", "//", "%"], ["**"]]

  private mutating func parseBinary(level: Int) throws(SyntaxError) -> any Expression {
    guard level < Self.levels.count else { return try parseUnary() }
    if level == 1 { return try parseConcat() }
    var left = try parseBinary(level: level + 1)
    while case .operation(let symbol) = current.kind, Self.levels[level].contains(symbol),
      let operation = BinaryOperator(rawValue: symbol)
    {
      advance()
      left = BinaryExpression(operation, left, try parseBinary(level: level + 1))
    }
    return left
  }

  private mutating func parseConcat() throws(SyntaxError) -> any Expression {
    var operands = [try parseBinary(level: 2)]
    while skip("~") { operands.append(try parseBinary(level: 2)) }
    return operands.count == 1 ? operands[0] : ConcatExpression(operands)
  }

  private mutating func parseUnary(withFilters: Bool = true) throws(SyntaxError) -> any Expression {
    try checkDepth()
    let start = current.range.lowerBound
    var expression: any Expression
    if isAt("-") || isAt("+") {
      let isNegative = advance().kind == .operation("-")
      let operand = try parseUnary(withFilters: false)
      expression = SignExpression(isNegative: isNegative, operand, at: start..<previousEnd)
    } else {
      expression = try parsePrimary()
    }
    expression = try parsePostfix(expression)
    return withFilters ? try parseFilters(expression) : expression
  }

  mutating func parsePrimary() throws(SyntaxError) -> any Expression {
    let token = current
    switch token.kind {
    case .name(let name):
      advance()
      switch name {
      case "true", "True": return ScalarLiteral(.bool(true), at: token.range)
      case "false", "False": return ScalarLiteral(.bool(false), at: token.range)
      case "none", "None": return ScalarLiteral(.null, at: token.range)
      default: return nameExpression(name, at: token.range)
      }
    case .string: return try parseStrings()
    case .integer(let digits):
      advance()
      return try integer(digits, at: token.range)
    case .float(let number):
      advance()
      return ScalarLiteral(.float(number), at: token.range)
    case .operation("("):
      advance()
      let expression = try parseTuple(isParenthesized: true)
      try expect(")")
      return expression
    case .operation("["): return try parseList()
    case .operation("{"): return try parseDict()
    default: throw SyntaxError("unexpected '\(token.description)'", at: token.range)
    }
  }

  /// Strings that stand side by side are one.
  private mutating func parseStrings() throws(SyntaxError) -> any Expression {
    let start = current.range.lowerBound
    var text = ""
    while case .string(let part) = current.kind {
      text += part
      advance()
    }
    return try embedded(text, at: start..<previousEnd) ?? StringLiteral(text, at: start..<previousEnd)
  }

  private func integer(_ digits: String, at range: Range<Int>) throws(SyntaxError) -> any Expression {
    let prefix = String(digits.prefix(2)).lowercased()
    let radix = ["0x": 16, "0o": 8, "0b": 2][prefix] ?? 10
    let written = radix == 10 ? digits : String(digits.dropFirst(2))
    if let small = Int(written, radix: radix) { return ScalarLiteral(.int(small), at: range) }
    guard digits.utf8.count < 5000, let big = BigInt(written, radix: radix) else {
      throw SyntaxError("invalid integer", at: range)
    }
    return ScalarLiteral(.bigInt(big), at: range)
  }

  /// One expression, or several with commas between, which are a tuple.
  mutating func parseTuple(
    withConditional: Bool = true, isParenthesized: Bool = false, endsAt ends: [String] = []
  ) throws(SyntaxError) -> any Expression {
    let start = current.range.lowerBound
    var elements: [any Expression] = []
    var isTuple = false
    while true {
      if isTupleEnd(ends) { break }
      elements.append(try parseExpression(withConditional: withConditional))
      guard skip(",") else { break }
      isTuple = true
    }
    if isTuple { return TupleLiteral(elements, at: start..<previousEnd) }
    if let only = elements.first { return only }
    if isParenthesized { return TupleLiteral([], at: start..<current.range.upperBound) }
    throw SyntaxError("Expected an expression, got '\(current.description)'", at: current.range)
  }

  private func isTupleEnd(_ ends: [String]) -> Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .operation(")"): true
    case .name(let name): ends.contains(name)
    default: false
    }
  }

  private mutating func parseList() throws(SyntaxError) -> any Expression {
    let start = advance().range.lowerBound
    var elements: [any Expression] = []
    while !isAt("]") {
      if !elements.isEmpty { try expect(",") }
      if isAt("]") { break }
      elements.append(try parseExpression())
    }
    advance()
    return ListLiteral(elements, at: start..<previousEnd)
  }

  private mutating func parseDict() throws(SyntaxError) -> any Expression {
    let start = advance().range.lowerBound
    var entries: [(key: any Expression, value: any Expression)] = []
    while !isAt("}") {
      if !entries.isEmpty { try expect(",") }
      if isAt("}") { break }
      let key = try parseExpression()
      try expect(":")
      entries.append((key, try parseExpression()))
    }
    advance()
    return DictLiteral(entries, at: start..<previousEnd)
  }

  mutating func parsePostfix(_ expression: any Expression) throws(SyntaxError) -> any Expression {
    var expression = expression
    while true {
      if isAt(".") || isAt("[") {
        expression = try parseSubscript(expression)
      } else if isAt("(") {
        let arguments = try parseArguments(of: expression)
        expression = CallExpression(expression, arguments, end: previousEnd)
      } else {
        return expression
      }
    }
  }

  private mutating func parseFilters(_ expression: any Expression) throws(SyntaxError) -> any Expression {
    var expression = expression
    while true {
      if isAt("|") {
        expression = try parseFilter(expression)
      } else if isAtName("is") {
        expression = try parseTest(expression)
      } else if isAt("(") {
        let arguments = try parseArguments()
        expression = CallExpression(expression, arguments, end: previousEnd)
      } else {
        return expression
      }
    }
  }

  private mutating func parseSubscript(_ object: any Expression) throws(SyntaxError) -> any Expression {
    if advance().kind == .operation(".") {
      switch current.kind {
      case .name(let name):
        advance()
        return AttributeExpression(object, name, end: previousEnd)
      case .integer(let digits):
        let token = advance()
        return ItemExpression(object, try integer(digits, at: token.range), end: previousEnd)
      default: throw SyntaxError("expected name or number", at: current.range)
      }
    }
    return try parseBracket(object)
  }

  private mutating func parseBracket(_ object: any Expression) throws(SyntaxError) -> any Expression {
    let start = current.range.lowerBound
    if let slice = try parseSlice(object) { return slice }
    var keys: [any Expression] = [try parseExpression()]
    if isAt(":") { return try parseSliceRest(object, from: keys[0]) }
    while skip(",") { keys.append(try parseExpression()) }
    let end = previousEnd
    try expect("]")
    let key = keys.count == 1 ? keys[0] : TupleLiteral(keys, at: start..<end)
    return ItemExpression(object, key, end: previousEnd)
  }

  private mutating func parseSlice(_ object: any Expression) throws(SyntaxError) -> (any Expression)? {
    isAt(":") ? try parseSliceRest(object, from: nil) : nil
  }

  /// What follows the start of a slice: `:stop:step]`.
  private mutating func parseSliceRest(
    _ object: any Expression, from start: (any Expression)?
  ) throws(SyntaxError) -> any Expression {
    var bounds: [(any Expression)?] = [start]
    while bounds.count < 3, skip(":") {
      bounds.append(isAt(":") || isAt("]") ? nil : try parseExpression())
    }
    while bounds.count < 3 { bounds.append(nil) }
    try expect("]")
    return SliceExpression(object, bounds, end: previousEnd)
  }

  private mutating func parseFilter(_ value: (any Expression)?) throws(SyntaxError) -> any Expression {
    advance()
    return try parseFilterCall(value).simplified
  }

  /// A filter's name and arguments.
  private mutating func parseFilterCall(_ value: (any Expression)?) throws(SyntaxError) -> FilterExpression {
    let nameStart = current.range.lowerBound
    let name = try parseDottedName()
    let nameRange = nameStart..<previousEnd
    let arguments = isAt("(") ? try parseArguments() : ArgumentList()
    let filter = Filter.named(name)
    if filter == nil { unknownNames.append(.init(kind: .filter, name: name, range: nameRange)) }
    return FilterExpression(value, name, filter, arguments, at: (value?.range.lowerBound ?? nameStart)..<previousEnd)
  }

  /// The filters of a block: `name(…) | name(…)`, the first with or without a bar before it.
  mutating func parseBlockFilters(startsInline: Bool) throws(SyntaxError) -> FilterExpression? {
    var filter: FilterExpression?
    if startsInline { filter = try parseFilterCall(nil) }
    while skip("|") { filter = try parseFilterCall(filter) }
    return filter
  }

  private mutating func parseDottedName() throws(SyntaxError) -> String {
    var name = try expectName()
    while skip(".") { name += "." + (try expectName()) }
    return name
  }

  private mutating func parseTest(_ value: any Expression) throws(SyntaxError) -> any Expression {
    advance()
    let isNegated = skipName("not")
    let nameStart = current.range.lowerBound
    let name = try parseDottedName()
    let nameRange = nameStart..<previousEnd
    let arguments = try parseTestArguments()
    let test = TemplateTest.named(name)
    if test == nil { unknownNames.append(.init(kind: .test, name: name, range: nameRange)) }
    if let test, test.asksForDefinition, arguments.isEmpty {
      return DefinedExpression(value, wanted: (test.name == "defined") != isNegated, end: previousEnd)
    }
    return TestExpression(value, name, test, arguments, isNegated: isNegated, end: previousEnd)
  }

  private mutating func parseTestArguments() throws(SyntaxError) -> ArgumentList {
    if isAt("(") { return try parseArguments() }
    switch current.kind {
    case .name("else"), .name("or"), .name("and"), .name("if"), .name("in"), .name("not"): return ArgumentList()
    case .name("is"): throw SyntaxError("You cannot chain multiple tests with is", at: current.range)
    case .name, .string, .integer, .float, .operation("("), .operation("["), .operation("{"):
      var arguments = ArgumentList()
      arguments.positional = [try parsePostfix(parsePrimary())]
      return arguments
    default: return ArgumentList()
    }
  }

  /// A call's arguments; strings among a lookup's terms may be templates, its name never.
  private mutating func parseArguments(of callee: any Expression) throws(SyntaxError) -> ArgumentList {
    guard let name = (callee as? NameExpression)?.name, ["lookup", "query", "q"].contains(name) else { return try parseArguments() }
    let before = embedsTemplates
    defer { embedsTemplates = before }
    embedsTemplates = false
    return try parseArguments(embeddingFromSecond: true)
  }

  mutating func parseArguments(embeddingFromSecond: Bool = false) throws(SyntaxError) -> ArgumentList {
    let open = advance()
    var list = ArgumentList()
    var needsComma = false
    while !isAt(")") {
      if needsComma {
        try expect(",")
        if isAt(")") { break }
        if embeddingFromSecond { embedsTemplates = true }
      }
      try parseArgument(into: &list, from: open.range.lowerBound)
      needsComma = true
    }
    try expect(")")
    return list
  }

  private mutating func parseArgument(into list: inout ArgumentList, from start: Int) throws(SyntaxError) {
    func check(_ isFine: Bool) throws(SyntaxError) {
      if !isFine {
        throw SyntaxError("invalid syntax for function call expression", at: start..<current.range.upperBound)
      }
    }
    if isAt("*") {
      try check(list.spreadList == nil && list.spreadDict == nil)
      advance()
      list.spreadList = try parseExpression()
    } else if isAt("**") {
      try check(list.spreadDict == nil)
      advance()
      list.spreadDict = try parseExpression()
    } else if case .name(let name) = current.kind, next.kind == .operation("=") {
      try check(list.spreadDict == nil)
      if list.named.contains(where: { $0.name == name }) {
        throw SyntaxError("keyword argument repeated: \(name)", at: current.range)
      }
      advance()
      advance()
      list.named.append((name, try parseExpression()))
    } else {
      try check(list.spreadList == nil && list.spreadDict == nil && list.named.isEmpty)
      list.positional.append(try parseExpression())
    }
  }
}
