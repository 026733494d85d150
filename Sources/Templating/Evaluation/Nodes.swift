/// A node that comes to an object.
protocol Expression: AnyObject, Sendable {
  var range: Range<Int> { get }
  func evaluate(_ activation: Activation) throws -> Object
}

/// A node that writes, assigns or decides.
protocol Statement: AnyObject, Sendable {
  func run(_ activation: Activation) throws -> Flow
}

/// What a statement means for the loop around it.
enum Flow { case normal, breaks, continues }

struct StatementList: Sendable {
  var statements: [any Statement] = []

  @inline(__always)
  func run(_ activation: Activation) throws -> Flow {
    for statement in statements {
      let flow = try statement.run(activation)
      if flow != .normal { return flow }
    }
    return .normal
  }
}

final class TextStatement: Statement {
  private let text: String
  init(_ text: String) { self.text = text }

  var isBlank: Bool { text.unicodeScalars.allSatisfy(PythonString.isSpace) }

  func run(_ activation: Activation) throws -> Flow {
    try activation.sink.write(text: text)
    return .normal
  }
}

/// `{{ expression }}`.
final class OutputStatement: Statement {
  let expression: any Expression
  init(_ expression: any Expression) { self.expression = expression }

  func run(_ activation: Activation) throws -> Flow {
    let object = try expression.evaluate(activation)
    do {
      if activation.evaluation.autoescape {
        try activation.sink.write(activation.evaluation.escapedForOutput(object))
      } else {
        try activation.sink.write(object)
      }
    } catch { throw activation.failure(error, at: expression.range) }
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
    for branch in branches where try branch.condition.isTrue(activation) { return try branch.body.run(activation) }
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
