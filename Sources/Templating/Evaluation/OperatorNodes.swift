final class BinaryExpression: Expression {
  let range: Range<Int>
  private let operation: BinaryOperator
  private let left: any Expression, right: any Expression

  init(_ operation: BinaryOperator, _ left: any Expression, _ right: any Expression) {
    self.operation = operation
    self.left = left
    self.right = right
    range = left.range.lowerBound..<right.range.upperBound
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let left = try left.evaluate(activation)
    let right = try right.evaluate(activation)
    do { return try activation.evaluation.binary(operation, left, right) } catch {
      throw activation.failure(error, at: range)
    }
  }
}

/// `-x` and `+x`.
final class SignExpression: Expression {
  let range: Range<Int>
  private let isNegative: Bool
  private let operand: any Expression

  init(isNegative: Bool, _ operand: any Expression, at range: Range<Int>) {
    self.isNegative = isNegative
    self.operand = operand
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let object = try operand.evaluate(activation)
    do {
      let negated = try activation.evaluation.negated(object, sign: isNegative ? "-" : "+")
      return isNegative ? negated : try activation.evaluation.negated(negated)
    } catch { throw activation.failure(error, at: range) }
  }
}

final class NotExpression: Expression {
  let range: Range<Int>
  private let operand: any Expression

  init(_ operand: any Expression, at range: Range<Int>) {
    self.operand = operand
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object { .bool(try !operand.isTrue(activation)) }
}

/// `and` and `or`, which come to the operand that decided.
final class LogicExpression: Expression {
  let range: Range<Int>
  private let isAnd: Bool
  private let left: any Expression, right: any Expression

  init(isAnd: Bool, _ left: any Expression, _ right: any Expression) {
    self.isAnd = isAnd
    self.left = left
    self.right = right
    range = left.range.lowerBound..<right.range.upperBound
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let object = try left.evaluate(activation)
    do {
      return try activation.evaluation.isTrue(object) == isAnd ? try right.evaluate(activation) : object
    } catch { throw activation.failure(error, at: left.range) }
  }
}

/// `a if condition else b`.
final class ConditionalExpression: Expression {
  let range: Range<Int>
  private let condition: any Expression, then: any Expression, otherwise: (any Expression)?

  init(_ condition: any Expression, then: any Expression, otherwise: (any Expression)?, at range: Range<Int>) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    if try condition.isTrue(activation) { return try then.evaluate(activation) }
    if let otherwise { return try otherwise.evaluate(activation) }
    let line = activation.unit.source.utf8.prefix(range.lowerBound).reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    let failure = Failure.undefined(
      "the inline if-expression on line \(line) evaluated to false and no else section was defined.")
    return .undefined(Undefined(name: "", failure: failure.located(range, in: activation.unit), isInlineIf: true))
  }
}

enum Comparison: String, Sendable {
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case isIn = "in"
  case notIn = "not in"
}

/// `a < b <= c`: every operand is evaluated once, and only as far as needed.
final class CompareExpression: Expression {
  let range: Range<Int>
  private let first: any Expression
  private let rest: [(comparison: Comparison, operand: any Expression)]

  init(_ first: any Expression, _ rest: [(comparison: Comparison, operand: any Expression)]) {
    self.first = first
    self.rest = rest
    range = first.range.lowerBound..<(rest.last?.operand.range.upperBound ?? first.range.upperBound)
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let evaluation = activation.evaluation
    var left = try first.evaluate(activation)
    var isSecret = false
    for (comparison, operand) in rest {
      let right = try operand.evaluate(activation)
      if case .secret = left { isSecret = true }
      if case .secret = right { isSecret = true }
      do {
        if try !evaluation.holds(comparison, left, right) {
          return isSecret ? evaluation.secret(.bool(false)) : .bool(false)
        }
      } catch { throw activation.failure(error, at: range) }
      left = right
    }
    return isSecret ? evaluation.secret(.bool(true)) : .bool(true)
  }
}

extension Evaluation {
  func holds(_ comparison: Comparison, _ left: Object, _ right: Object) throws -> Bool {
    switch comparison {
    case .equal: return try equal(left, right)
    case .notEqual: return try !equal(left, right)
    case .isIn: return try contains(right, left)
    case .notIn: return try !contains(right, left)
    case .less: return try compare(left, right, symbol: "<").map { $0 < 0 } ?? false
    case .lessOrEqual: return try compare(left, right, symbol: "<=").map { $0 <= 0 } ?? false
    case .greater: return try compare(left, right, symbol: ">").map { $0 > 0 } ?? false
    case .greaterOrEqual: return try compare(left, right, symbol: ">=").map { $0 >= 0 } ?? false
    }
  }
}

/// `a ~ b ~ c`: all as text.
final class ConcatExpression: Expression {
  let range: Range<Int>
  private let operands: [any Expression]

  init(_ operands: [any Expression]) {
    self.operands = operands
    range = operands[0].range.lowerBound..<operands[operands.count - 1].range.upperBound
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let evaluation = activation.evaluation
    return try evaluation.tracked {
      var objects: [Object] = []
      for operand in operands { objects.append(try operand.evaluate(activation)) }
      do { return try evaluation.concatenated(objects) } catch { throw activation.failure(error, at: range) }
    }
  }
}

extension Evaluation {
  func concatenated(_ objects: [Object]) throws -> Object {
    let isMarkup = autoescape && objects.contains { unsealed($0).isMarkup }
    var result = ""
    for object in objects { result += try isMarkup ? escaped(object) : text(object) }
    try budget.check(textBytes: result.utf8.count)
    return isMarkup ? .markup(Markup(result)) : .string(result)
  }
}
