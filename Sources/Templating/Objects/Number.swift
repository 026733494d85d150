import BigInt

/// A Python number with its three shapes; `True` and `False` count as 1 and 0.
enum Number {
  case int(Int)
  case big(BigInt)
  case float(Double)

  init?(_ object: Object) {
    switch object {
    case .int(let number): self = .int(number)
    case .bool(let flag): self = .int(flag ? 1 : 0)
    case .float(let number): self = .float(number)
    case .bigInt(let number): self = .big(number.value)
    default: return nil
    }
  }

  var object: Object {
    switch self {
    case .int(let number): .int(number)
    case .big(let number): .integer(number)
    case .float(let number): .float(number)
    }
  }

  var double: Double {
    switch self {
    case .int(let number): Double(number)
    case .big(let number): Double(number)
    case .float(let number): number
    }
  }

  var big: BigInt? {
    switch self {
    case .int(let number): BigInt(number)
    case .big(let number): number
    case .float: nil
    }
  }

  /// The integer nearest to zero's side of it, as Python's `int()`.
  var truncated: Object {
    guard case .float(let number) = self else { return object }
    return BigInt(exactly: number.rounded(.towardZero)).map { .integer($0) } ?? .int(0)
  }

  func isEqual(to other: Number) -> Bool {
    switch (self, other) {
    case (.int(let left), .int(let right)): left == right
    case (.float, _), (_, .float): compare(other) == 0
    default: big == other.big
    }
  }

  /// Negative, zero or positive as `self` is less, equal or greater; nil where one is not a number (NaN).
  func compare(_ other: Number) -> Int? {
    switch (self, other) {
    case (.int(let left), .int(let right)): return left < right ? -1 : (left == right ? 0 : 1)
    case (.float(let left), .float(let right)): return Number.order(left, right)
    case (.float(let left), _) where left.isNaN || left.isInfinite || abs(left) < 9e15 && abs(other.double) < 9e15:
      return Number.order(left, other.double)
    case (_, .float(let right)) where right.isNaN || right.isInfinite || abs(right) < 9e15 && abs(double) < 9e15:
      return Number.order(double, right)
    default:
      let left = exact
      let right = other.exact
      return left.whole == right.whole
        ? Number.order(left.fraction, right.fraction) : (left.whole < right.whole ? -1 : 1)
    }
  }

  private var exact: (whole: BigInt, fraction: Double) {
    if case .float(let number) = self {
      let whole = number.rounded(.towardZero)
      return (BigInt(exactly: whole) ?? 0, number - whole)
    }
    return (big ?? 0, 0)
  }

  private static func order(_ left: Double, _ right: Double) -> Int? {
    if left < right { return -1 }
    if left > right { return 1 }
    return left == right ? 0 : nil
  }
}
