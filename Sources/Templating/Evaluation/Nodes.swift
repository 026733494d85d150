/// A node that comes to an object.
protocol Expression: AnyObject, Sendable {
  var range: Range<Int> { get }
  func evaluate(_ activation: Activation) throws -> Object
  /// As `evaluate`, for who asks only whether it is defined: nil where it is not, without the words that say so.
  func evaluateIfDefined(_ activation: Activation) throws -> Object?
}

extension Expression {
  func evaluateIfDefined(_ activation: Activation) throws -> Object? { try evaluate(activation).ifDefined }
}

extension Object {
  /// Nil for what is undefined.
  var ifDefined: Object? { if case .undefined = self { nil } else { self } }
}

/// A node that writes, assigns or decides.
protocol Statement: AnyObject, Sendable {
  func run(_ activation: Activation) throws -> Flow
}

/// What a statement means for the loop around it.
enum Flow { case normal, breaks, continues }

struct StatementList: Sendable {
  private(set) var statements: [any Statement] = []

  mutating func append(_ statement: any Statement) {
    if let text = statements.last as? TextStatement, let output = statement as? OutputStatement {
      statements[statements.count - 1] = TextOutputStatement(text, output)
    } else {
      statements.append(statement)
    }
  }

  @inline(__always)
  func run(_ activation: Activation) throws -> Flow {
    for index in statements.indices {
      let flow = try statements[index].run(activation)
      if flow != .normal { return flow }
    }
    return .normal
  }
}

final class TextStatement: Statement {
  private let bytes: [UInt8]
  init(_ text: String) { bytes = Array(text.utf8) }

  var isBlank: Bool { String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy(PythonString.isSpace) }

  func run(_ activation: Activation) throws -> Flow {
    if !activation.sink.isMuted { try write(to: activation.sink) }
    return .normal
  }

  @inline(__always)
  func write(to sink: Sink) throws {
    try bytes.withUnsafeBufferPointer { try sink.write(bytes: $0) }
  }
}

/// `{{ expression }}`.
final class OutputStatement: Statement {
  let expression: any Expression
  private let call: CallExpression?

  init(_ expression: any Expression) {
    self.expression = expression
    call = expression as? CallExpression
  }

  func run(_ activation: Activation) throws -> Flow {
    if !activation.sink.isMuted { try write(activation, to: activation.sink) }
    return .normal
  }

  @inline(__always)
  func write(_ activation: Activation, to sink: Sink) throws {
    let escapes = activation.evaluation.escapesOutput
    do {
      if let call, sink.isText, !escapes {
        try call.write(activation, to: sink)
      } else {
        let object = try expression.evaluate(activation)
        try sink.write(escapes ? activation.evaluation.escapedForOutput(object) : object)
      }
    } catch { throw activation.failure(error, at: expression.range) }
  }
}

/// Text and the output right after it, which is what most of a template is made of.
final class TextOutputStatement: Statement {
  private let text: TextStatement
  private let output: OutputStatement

  init(_ text: TextStatement, _ output: OutputStatement) {
    self.text = text
    self.output = output
  }

  func run(_ activation: Activation) throws -> Flow {
    let sink = activation.sink
    if sink.isMuted { return .normal }
    try text.write(to: sink)
    try output.write(activation, to: sink)
    return .normal
  }
}

/// `{% do expression %}`.
final class DoStatement: Statement {
  private let expression: any Expression
  init(_ expression: any Expression) { self.expression = expression }

  func run(_ activation: Activation) throws -> Flow {
    _ = try expression.evaluate(activation)
    return .normal
  }
}

final class IfStatement: Statement {
  struct Branch: Sendable {
    let condition: any Expression
    let body: StatementList
  }

  private let branches: [Branch]
  private let otherwise: StatementList

  init(_ branches: [Branch], otherwise: StatementList) {
    self.branches = branches
    self.otherwise = otherwise
  }

  func run(_ activation: Activation) throws -> Flow {
    for index in branches.indices where try branches[index].condition.isTrue(activation) {
      return try branches[index].body.run(activation)
    }
    return try otherwise.run(activation)
  }
}

extension Expression {
  /// Its truth, with the place of what has none.
  @inline(__always)
  func isTrue(_ activation: Activation) throws -> Bool {
    let object = try evaluate(activation)
    if case .bool(let flag) = object { return flag }
    do { return try activation.evaluation.isTrue(object) } catch { throw activation.failure(error, at: range) }
  }
}

final class BreakStatement: Statement {
  func run(_ activation: Activation) throws -> Flow { .breaks }
}

final class ContinueStatement: Statement {
  func run(_ activation: Activation) throws -> Flow { .continues }
}

/// `{% autoescape flag %}`.
final class AutoescapeStatement: Statement {
  private let flag: any Expression
  private let body: StatementList

  init(_ flag: any Expression, _ body: StatementList) {
    self.flag = flag
    self.body = body
  }

  func run(_ activation: Activation) throws -> Flow {
    let before = activation.evaluation.autoescape
    activation.evaluation.autoescape = try flag.isTrue(activation)
    defer { activation.evaluation.autoescape = before }
    return try body.run(activation)
  }
}
