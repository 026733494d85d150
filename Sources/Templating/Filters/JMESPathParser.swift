import Model

/// Reads JMESPath, by binding power as its reference implementation does.
struct JMESPathParser {
  private enum Token: Equatable {
    case name(String)
    case number(Int)
    case raw(String)
    case json(String)
    case symbol(String)
    case end
  }

  private let source: [Unicode.Scalar]
  private var position = 0
  private var token = Token.end
  private var wasQuoted = false
  private var depth = 0

  init(_ text: String) { source = Array(text.unicodeScalars) }

  mutating func parseWhole() throws -> JMESPath {
    try advance()
    let path = try parse(0)
    if token != .end { throw mistake() }
    return path
  }

  private func mistake() -> Failure { .value("invalid JMESPath expression at column \(position)") }

  private static let powers: [String: Int] = [
    "|": 1, "||": 2, "&&": 3, "==": 5, "!=": 5, "<": 5, "<=": 5, ">": 5, ">=": 5, "[]": 9, "*": 20, "[?": 21, ".": 40,
    "!": 45,
    "{": 50, "[": 55, "(": 60,
  ]

  private var power: Int {
    if case .symbol(let symbol) = token { return Self.powers[symbol] ?? 0 }
    return 0
  }

  private mutating func parse(_ limit: Int) throws -> JMESPath {
    depth += 1
    defer { depth -= 1 }
    if depth > 100 { throw Failure.value("JMESPath expression nests too deep") }
    var left = try prefix()
    while power > limit { left = try infix(left) }
    return left
  }

  private mutating func prefix() throws -> JMESPath {
    let start = token
    try advance()
    switch start {
    case .name(let name):
      guard token == .symbol("("), !wasQuoted else { return .field(name) }
      return try call(name)
    case .raw(let text): return .literal(.string(text))
    case .json(let text):
      guard let value = (try? Value(json: text)) ?? (try? Value(json: "\"\(PythonString.strip(text))\"")) else {
        throw mistake()
      }
      return .literal(Object(value))
    case .symbol("@"): return .current
    case .symbol("*"): return .projectValues(.current, try rest(20))
    case .symbol("!"): return .not(try parse(45))
    case .symbol("&"): return .reference(try parse(0))
    case .symbol("("):
      let inner = try parse(0)
      try expect(")")
      return inner
    case .symbol("["): return try bracket(.current, isPrefix: true)
    case .symbol("[]"): return .project(.flatten(.current), try rest(9))
    case .symbol("[?"): return try filter(.current)
    case .symbol("{"): return try dict()
    default: throw mistake()
    }
  }

  private mutating func infix(_ left: JMESPath) throws -> JMESPath {
    guard case .symbol(let symbol) = token else { throw mistake() }
    try advance()
    switch symbol {
    case ".":
      if token == .symbol("*") {
        try advance()
        return .projectValues(left, try rest(20))
      }
      return .chain(left, try dotted(40))
    case "|": return .pipe(left, try parse(1))
    case "||": return .or(left, try parse(2))
    case "&&": return .and(left, try parse(3))
    case "[]": return .project(.flatten(left), try rest(9))
    case "[?": return try filter(left)
    case "[": return try bracket(left, isPrefix: false)
    case "==", "!=", "<", "<=", ">", ">=": return .compare(symbol, left, try parse(5))
    default: throw mistake()
    }
  }

  /// What a projection applies to each element.
  private mutating func rest(_ limit: Int) throws -> JMESPath {
    if power < 10 { return .current }
    switch token {
    case .symbol("["), .symbol("[?"): return try parse(fromCurrent: limit)
    case .symbol("."):
      try advance()
      if token == .symbol("*") { return try parse(limit) }
      return try dotted(limit)
    default: throw mistake()
    }
  }

  private mutating func parse(fromCurrent limit: Int) throws -> JMESPath {
    var left = JMESPath.current
    while power > limit { left = try infix(left) }
    return left
  }

  private mutating func dotted(_ limit: Int) throws -> JMESPath {
    switch token {
    case .name, .symbol("*"): return try parse(limit)
    case .symbol("["):
      try advance()
      return try list(then: limit)
    case .symbol("{"):
      try advance()
      var left = try dict()
      while power > limit { left = try infix(left) }
      return left
    default: throw mistake()
    }
  }

  /// After `[`: an index, a slice, a star, or in front a list of expressions.
  private mutating func bracket(_ left: JMESPath, isPrefix: Bool) throws -> JMESPath {
    switch token {
    case .number, .symbol(":"):
      var numbers: [Int?] = [nil]
      var isSlice = false
      while token != .symbol("]") {
        if case .number(let number) = token {
          numbers[numbers.count - 1] = number
        } else if token == .symbol(":"), numbers.count < 3 {
          isSlice = true
          numbers.append(nil)
        } else {
          throw mistake()
        }
        try advance()
      }
      try advance()
      if !isSlice { return .chain(left, .index(numbers[0] ?? 0)) }
      while numbers.count < 3 { numbers.append(nil) }
      return .project(.chain(left, .slice(numbers[0], numbers[1], numbers[2] ?? 1)), try rest(20))
    case .symbol("*"):
      try advance()
      try expect("]")
      return .project(left, try rest(20))
    default:
      guard isPrefix else { throw mistake() }
      return try list(then: nil)
    }
  }

  private mutating func list(then limit: Int?) throws -> JMESPath {
    var parts = [try parse(0)]
    while token == .symbol(",") {
      try advance()
      parts.append(try parse(0))
    }
    try expect("]")
    var left = JMESPath.list(parts)
    if let limit { while power > limit { left = try infix(left) } }
    return left
  }

  private mutating func filter(_ left: JMESPath) throws -> JMESPath {
    let condition = try parse(0)
    try expect("]")
    if token == .symbol("[]") { return .filter(left, condition: condition, .current) }
    return .filter(left, condition: condition, try rest(21))
  }

  private mutating func dict() throws -> JMESPath {
    var parts: [(String, JMESPath)] = []
    while true {
      guard case .name(let name) = token else { throw mistake() }
      try advance()
      try expect(":")
      parts.append((name, try parse(0)))
      guard token == .symbol(",") else { break }
      try advance()
    }
    try expect("}")
    return .dict(parts)
  }

  private mutating func call(_ name: String) throws -> JMESPath {
    try advance()
    var arguments: [JMESPath] = []
    while token != .symbol(")") {
      if !arguments.isEmpty { try expect(",") }
      arguments.append(try parse(0))
    }
    try advance()
    return .call(name, arguments)
  }

  private mutating func expect(_ symbol: String) throws {
    guard token == .symbol(symbol) else { throw mistake() }
    try advance()
  }

  private mutating func advance() throws {
    while position < source.count, PythonString.isSpace(source[position]) { position += 1 }
    wasQuoted = false
    guard position < source.count else {
      token = .end
      return
    }
    let scalar = source[position]
    switch scalar {
    case "a"..."z", "A"..."Z", "_":
      token = .name(take { $0 == "_" || $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) })
    case "0"..."9", "-":
      position += 1
      let digits = String(scalar) + take { ("0"..."9").contains($0) }
      guard let number = Int(digits) else { throw mistake() }
      token = .number(number)
    case "'": token = .raw(try quoted("'"))
    case "`": token = .json(try quoted("`"))
    case "\"":
      guard let text = (try? Value(json: "\"" + quoted("\"") + "\""))?.string else { throw mistake() }
      token = .name(text)
      wasQuoted = true
    default: try symbol()
    }
  }

  private mutating func take(_ fits: (Unicode.Scalar) -> Bool) -> String {
    var text = String.UnicodeScalarView()
    while position < source.count, fits(source[position]) {
      text.append(source[position])
      position += 1
    }
    return String(text)
  }

  /// Text up to a closing mark; in double quotes escapes stay for JSON.
  private mutating func quoted(_ mark: Unicode.Scalar) throws -> String {
    position += 1
    var text = String.UnicodeScalarView()
    while position < source.count, source[position] != mark {
      if source[position] == "\\", position + 1 < source.count {
        if mark == "\"" || source[position + 1] != mark { text.append("\\") }
        position += 1
      }
      text.append(source[position])
      position += 1
    }
    guard position < source.count else { throw mistake() }
    position += 1
    return String(text)
  }

  private mutating func symbol() throws {
    for length in [2, 1] where position + length <= source.count {
      let text = String(String.UnicodeScalarView(source[position..<(position + length)]))
      guard
        ["[?", "[]", "||", "&&", "==", "!=", "<=", ">="].contains(text)
          || length == 1 && ".*[](){},:|<>!&@".contains(text)
      else { continue }
      position += length
      token = .symbol(text)
      return
    }
    throw mistake()
  }
}
