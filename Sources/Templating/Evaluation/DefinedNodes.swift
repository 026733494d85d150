/// `value | default(standard)`, the filter that most templates use most, without an undefined value in between.
final class DefaultExpression: Expression {
  let range: Range<Int>
  private let value: any Expression
  private let standard: (any Expression)?

  init(_ value: any Expression, _ standard: (any Expression)?, at range: Range<Int>) {
    self.value = value
    self.standard = standard
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let object = try value.evaluateIfDefined(activation)
    // As any argument, it is computed whether it is needed or not, and a secret one makes the result secret.
    let standard = try standard?.evaluate(activation) ?? .string("")
    guard let object else { return standard }
    if case .secret = standard { return activation.evaluation.secret(object) }
    return object
  }
}

/// `value is defined`, `is undefined`, and `is not`.
final class DefinedExpression: Expression {
  let range: Range<Int>
  private let value: any Expression
  private let wanted: Bool

  init(_ value: any Expression, wanted: Bool, end: Int) {
    self.value = value
    self.wanted = wanted
    range = value.range.lowerBound..<end
  }

  func evaluate(_ activation: Activation) throws -> Object {
    .bool((try value.evaluateIfDefined(activation) != nil) == wanted)
  }
}
