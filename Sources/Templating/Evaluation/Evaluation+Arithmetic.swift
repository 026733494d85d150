import BigInt
import Glibc

enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
  case power = "**"
}

/// Python's arithmetic: integers of any size, true division, floored `//` and `%`, `+` and `*` of strings and lists.
extension Evaluation {
  func binary(_ operation: BinaryOperator, _ left: Object, _ right: Object) throws -> Object {
    if case .int(let left) = left, case .int(let right) = right,
      let result = smallResult(operation, left, right)
    {
      return result
    }
    if case .source(let text) = left { return try binary(operation, .string(text), right) }
    if case .source(let text) = right { return try binary(operation, left, .string(text)) }
    if case .secret = left { return try tracked { try binary(operation, reveal(left), right) } }
    if case .secret = right { return try tracked { try binary(operation, left, reveal(right)) } }
    if case .undefined(let undefined) = left { throw undefined.failure }
    if case .undefined(let undefined) = right, dialect.undefined == .strict || operation != .modulo || left.plainText == nil {
      throw undefined.failure
    }
    if let left = Number(left), let right = Number(right) { return try arithmetic(operation, left, right) }
    if let result = try containerResult(operation, left, right) { return result }
    if case .instance(let instance) = left, let result = try instance.combined(operation, right, in: self) {
      return result
    }
    if case .timestamp(let moment) = left, let result = try moment.combined(operation, right) { return result }
    throw mismatch(operation, left, right)
  }

  /// What needs no thought: machine integers without overflow.
  private func smallResult(_ operation: BinaryOperator, _ left: Int, _ right: Int) -> Object? {
    let (result, overflow): (Int, Bool)
    switch operation {
    case .add: (result, overflow) = left.addingReportingOverflow(right)
    case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
    case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
    case .divide, .floorDivide, .modulo, .power: return nil
    }
    return overflow ? nil : .int(result)
  }

  private func arithmetic(_ operation: BinaryOperator, _ left: Number, _ right: Number) throws -> Object {
    if let left = left.big, let right = right.big { return try integers(operation, left, right) }
    return try .float(floats(operation, left.double, right.double))
  }

  private func integers(_ operation: BinaryOperator, _ left: BigInt, _ right: BigInt) throws -> Object {
    switch operation {
    case .add: return .integer(left + right)
    case .subtract: return .integer(left - right)
    case .multiply:
      try budget.check(integerBits: left.bitWidth + right.bitWidth)
      return .integer(left * right)
    case .divide:
      if right == 0 { throw zeroDivision("division by zero") }
      return .float(Double(left) / Double(right))
    case .floorDivide:
      if right == 0 { throw zeroDivision("integer division or modulo by zero") }
      return .integer(floored(left, right).quotient)
    case .modulo:
      if right == 0 { throw Failure.value("integer modulo by zero") }
      return .integer(floored(left, right).remainder)
    case .power: return try power(left, right)
    }
  }

  private func floored(_ left: BigInt, _ right: BigInt) -> (quotient: BigInt, remainder: BigInt) {
    let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
    let isOff = remainder != 0 && (remainder.sign != right.sign)
    return isOff ? (quotient - 1, remainder + right) : (quotient, remainder)
  }

  private func power(_ base: BigInt, _ exponent: BigInt) throws -> Object {
    if exponent < 0 {
      if base == 0 { throw Failure.value("0.0 cannot be raised to a negative power") }
      return .float(pow(Double(base), Double(exponent)))
    }
    if base == 0 || base == 1 || base == -1 {
      return .integer(exponent == 0 ? 1 : (base == -1 && exponent % 2 == 0 ? 1 : base))
    }
    guard let small = Int(exactly: exponent), small < budget.limits.integerBitsMax else {
      throw Failure.limit("integer has more than \(budget.limits.integerBitsMax) bits")
    }
    try budget.check(integerBits: base.magnitude.bitWidth.multipliedReportingOverflow(by: small).partialValue)
    return .integer(base.power(small))
  }

  private func floats(_ operation: BinaryOperator, _ left: Double, _ right: Double) throws -> Double {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide:
      if right == 0 { throw zeroDivision("float division by zero") }
      return left / right
    case .floorDivide:
      if right == 0 { throw zeroDivision("float floor division by zero") }
      return (left / right).rounded(.down)
    case .modulo:
      if right == 0 { throw zeroDivision("float modulo") }
      let remainder = fmod(left, right)
      return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
    case .power: return pow(left, right)
    }
  }

  private func containerResult(_ operation: BinaryOperator, _ left: Object, _ right: Object) throws -> Object? {
    switch (operation, left, right) {
    case (.add, .markup(let left), _):
      return try .markup(Markup(left.text + escaped(right)))
    case (.add, .string, .markup(let right)):
      return try .markup(Markup(escaped(left) + right.text))
    case (.add, .string(let left), .string(let right)):
      try budget.check(textBytes: left.utf8.count + right.utf8.count)
      return .string(left + right)
    case (.add, .list(let left), .list(let right)):
      try budget.check(elements: left.count + right.count)
      return try .list(left.all() + right.all())
    case (.add, .tuple(let left), .tuple(let right)): return .tuple(left + right)
    case (.multiply, _, .int(let count)): return try repeated(left, count)
    case (.multiply, .int(let count), _): return try repeated(right, count)
    case (.multiply, _, .bool(let flag)): return try repeated(left, flag ? 1 : 0)
    case (.multiply, .bool(let flag), _): return try repeated(right, flag ? 1 : 0)
    case (.modulo, .string(let format), _):
      return try .string(PercentFormat(format, right, in: self).result())
    case (.modulo, .markup(let format), _):
      return try .markup(Markup(PercentFormat(format.text, right, in: self, escapes: true).result()))
    default: return nil
    }
  }

  private func repeated(_ object: Object, _ count: Int) throws -> Object? {
    let count = max(0, count)
    switch object {
    case .string(let text): return try .string(repeated(text, count))
    case .markup(let markup): return try .markup(Markup(repeated(markup.text, count)))
    case .list(let list): return try .list(repeated(list.all(), count))
    case .tuple(let elements): return try .tuple(repeated(elements, count))
    default: return nil
    }
  }

  func repeated(_ text: String, _ count: Int) throws -> String {
    let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(0, count))
    try budget.check(textBytes: overflow ? .max : bytes)
    // Nothing, however often, is done at once.
    if bytes == 0 { return "" }
    return String(repeating: text, count: max(0, count))
  }

  private func repeated(_ elements: [Object], _ count: Int) throws -> [Object] {
    let (total, overflow) = elements.count.multipliedReportingOverflow(by: count)
    try budget.check(elements: overflow ? .max : total)
    if total == 0 { return [] }
    return Array((0..<count).map { _ in elements }.joined())
  }

  private func mismatch(_ operation: BinaryOperator, _ left: Object, _ right: Object) -> Failure {
    switch (operation, left) {
    case (.multiply, _) where left.isSequence: .type("can't multiply sequence by non-int of type '\(typeName(right))'")
    case (.multiply, _) where right.isSequence: .type("can't multiply sequence by non-int of type '\(typeName(left))'")
    case (.add, .string): .type("can only concatenate str (not \"\(typeName(right))\") to str")
    case (.add, .list): .type("can only concatenate list (not \"\(typeName(right))\") to list")
    case (.add, .tuple): .type("can only concatenate tuple (not \"\(typeName(right))\") to tuple")
    default:
      .type(
        "unsupported operand type(s) for \(operation == .power ? "** or pow()" : operation.rawValue): "
          + "'\(typeName(left))' and '\(typeName(right))'")
    }
  }

  private func zeroDivision(_ words: String) -> Failure {
    .value((dialect.speaksAnsible ? "Error rendering template: " : "") + words)
  }

  func negated(_ object: Object, sign: String = "-") throws -> Object {
    switch object {
    case .int(let number): return number == .min ? .integer(-BigInt(number)) : .int(-number)
    case .bool(let flag): return .int(flag ? -1 : 0)
    case .float(let number): return .float(-number)
    case .bigInt(let number): return .integer(-number.value)
    case .secret: return try tracked { try negated(reveal(object), sign: sign) }
    case .undefined(let undefined): throw undefined.failure
    case .instance(let instance):
      if let result = try instance.combined(.multiply, .int(-1), in: self) { return result }
    default: break
    }
    throw Failure.type("bad operand type for unary \(sign): '\(typeName(object))'")
  }
}

extension Object {
  /// What `*` repeats.
  fileprivate var isSequence: Bool {
    switch self {
    case .string, .markup, .list, .tuple: true
    default: false
    }
  }
}
