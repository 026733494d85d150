/// Truth, equality and order as Python has them.
extension Evaluation {
  func isTrue(_ object: Object) throws -> Bool {
    switch object {
    case .bool(let flag): return flag
    case .null: return false
    case .int(let number): return number != 0
    case .float(let number): return number != 0
    case .string(let text), .source(let text): return !text.isEmpty
    case .markup(let markup): return !markup.text.isEmpty
    case .list(let list): return list.count > 0
    case .dict(let dict): return dict.count > 0
    case .tuple(let elements): return !elements.isEmpty
    case .range(let range): return range.count > 0
    case .bigInt, .timestamp: return true
    case .instance(let instance): return try instance.isTrue(in: self)
    case .undefined(let undefined):
      if dialect.undefined == .strict && !undefined.isInlineIf { throw undefined.failure }
      return false
    case .secret(let secret): return try isTrue(secret.inner)
    case .lazy(let lazy): return try isTrue(lazy.force())
    case .omit: throw Failure.type("omit has no truth value: it stands for an argument that is not given")
    case .unset: return false
    }
  }

  func equal(_ left: Object, _ right: Object) throws -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): return left.hasSameBytes(as: right)
    case (.int(let left), .int(let right)): return left == right
    case (.source, _), (_, .source), (.secret, _), (_, .secret): return try equal(reveal(left), reveal(right))
    case (.lazy(let lazy), _): return try equal(lazy.force(), right)
    case (_, .lazy(let lazy)): return try equal(left, lazy.force())
    case (.undefined(let undefined), _), (_, .undefined(let undefined)):
      if dialect.undefined == .strict && !undefined.isInlineIf { throw undefined.failure }
      return left.isUndefined && right.isUndefined
    case (.list(let left), .list(let right)):
      return try left === right || (left.count == right.count && equal(left.all(), right.all()))
    case (.tuple(let left), .tuple(let right)): return try equal(left, right)
    case (.dict(let left), .dict(let right)): return try left === right || equal(left, right)
    default: return left == right
    }
  }

  private func equal(_ left: [Object], _ right: [Object]) throws -> Bool {
    try budget.checkStack()
    guard left.count == right.count else { return false }
    for index in left.indices where try !equal(left[index], right[index]) { return false }
    return true
  }

  private func equal(_ left: DictObject, _ right: DictObject) throws -> Bool {
    try budget.checkStack()
    guard left.count == right.count else { return false }
    for (key, value) in try left.all() {
      guard let other = try right.entry(key), try equal(value, other) else { return false }
    }
    return true
  }

  /// Negative, zero or positive; nil where the numbers have no order (NaN). Fails as Python does between unlike types.
  func compare(_ left: Object, _ right: Object, symbol: String = "<") throws -> Int? {
    switch (left, right) {
    case (.int(let left), .int(let right)): return left < right ? -1 : (left == right ? 0 : 1)
    case (.secret, _), (_, .secret): return try compare(reveal(left), reveal(right), symbol: symbol)
    case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.failure
    case (.list(let left), .list(let right)): return try compare(left.all(), right.all(), symbol: symbol)
    case (.tuple(let left), .tuple(let right)): return try compare(left, right, symbol: symbol)
    case (.timestamp(let left), .timestamp(let right)):
      return left.timestamp.ordinalMicroseconds - right.timestamp.ordinalMicroseconds
    case (.instance(let left), .instance(let right)):
      if let order = left.order(against: right) { return order }
    default:
      if let left = left.plainText, let right = right.plainText { return compareText(left, right) }
      if let left = Number(left), let right = Number(right) { return left.compare(right) }
    }
    throw Failure.type(
      "'\(symbol)' not supported between instances of '\(typeName(left))' and '\(typeName(right))'")
  }

  private func compare(_ left: [Object], _ right: [Object], symbol: String) throws -> Int? {
    try budget.checkStack()
    for (left, right) in zip(left, right) where try !equal(left, right) {
      return try compare(left, right, symbol: symbol)
    }
    return left.count - right.count
  }

  /// Whether `needle in haystack`.
  func contains(_ haystack: Object, _ needle: Object) throws -> Bool {
    switch haystack {
    case .dict(let dict):
      let key = reveal(needle)
      try checkHashable(key)
      return dict.contains(key)
    case .string, .source, .markup:
      let needle = reveal(needle)
      if case .undefined(let undefined) = needle { throw undefined.failure }
      guard let text = needle.plainText else {
        throw Failure.type("'in <string>' requires string as left operand, not \(typeName(needle))")
      }
      return PythonString.find(text, in: haystack.plainText ?? "") != nil
    case .list(let list): return try contains(list.all(), needle)
    case .tuple(let elements): return try contains(elements, needle)
    case .range(let range):
      guard let number = Number(reveal(needle)), case .int(let wanted)? = number.integral else { return false }
      let distance = wanted - range.start
      return distance % range.step == 0 && (0..<range.count).contains(distance / range.step)
    case .secret: return try contains(reveal(haystack), needle)
    case .undefined(let undefined):
      if dialect.undefined == .strict { throw undefined.failure }
      return false
    case .instance:
      guard let elements = try iterable(haystack) else { break }
      return try contains(elements, needle)
    default: break
    }
    throw Failure.type("argument of type '\(typeName(haystack))' is not iterable")
  }

  private func contains(_ elements: [Object], _ needle: Object) throws -> Bool {
    if case .undefined(let undefined) = needle, dialect.undefined == .strict { throw undefined.failure }
    for element in elements where try equal(element, needle) { return true }
    return false
  }

  func checkHashable(_ key: Object) throws {
    switch key {
    case .list, .dict: throw Failure.type("unhashable type: '\(typeName(key))'")
    case .undefined(let undefined) where dialect.undefined == .strict: throw undefined.failure
    case .tuple(let elements): for element in elements { try checkHashable(element) }
    default: return
    }
  }

  func typeName(_ object: Object) -> String {
    switch object {
    case .null: "NoneType"
    case .bool: "bool"
    case .int, .bigInt: "int"
    case .float: "float"
    case .string, .source: "str"
    case .markup: "Markup"
    case .timestamp(let moment): moment.timestamp.time == nil ? "date" : "datetime"
    case .tuple: "tuple"
    case .list: "list"
    case .dict: "dict"
    case .range: "range"
    case .instance(let instance): instance.typeName
    case .undefined: dialect.speaksAnsible ? "UndefinedMarker" : "Undefined"
    case .secret(let secret): typeName(secret.inner)
    case .lazy: "lazy"
    case .omit: "Omit"
    case .unset: "unset"
    }
  }
}

extension Object {
  /// The text of a string; nil for anything else.
  var plainText: String? {
    switch self {
    case .string(let text), .source(let text): text
    case .markup(let markup): markup.text
    default: nil
    }
  }
}

extension Number {
  /// The number as an integer where it is one.
  var integral: Number? {
    switch self {
    case .int, .big: self
    case .float(let number): Int(exactly: number).map { .int($0) }
    }
  }
}

/// Order by code points, which is the order of UTF-8 bytes.
func compareText(_ left: String, _ right: String) -> Int {
  var left = left
  var right = right
  return left.withUTF8 { left in
    right.withUTF8 { right in
      for index in 0..<min(left.count, right.count) where left[index] != right[index] {
        return left[index] < right[index] ? -1 : 1
      }
      return left.count - right.count
    }
  }
}
