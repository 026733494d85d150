import Model

/// `object.name`.
final class AttributeExpression: Expression {
  let range: Range<Int>
  let object: any Expression
  let name: String
  /// True where it names a method of dicts, which comes before their entries.
  private let isDictMethod: Bool

  init(_ object: any Expression, _ name: String, end: Int) {
    self.object = object
    self.name = name
    isDictMethod = DictMethods.table[name] != nil
    range = object.range.lowerBound..<end
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let receiver = try object.evaluate(activation)
    do {
      if !isDictMethod, case .dict(let dict) = receiver, let entry = try dict.entry(named: name) { return entry }
      return try activation.evaluation.attribute(receiver, name).located(range, activation)
    } catch { throw activation.failure(error, at: range) }
  }
}

extension AttributeExpression {
  func evaluateIfDefined(_ activation: Activation) throws -> Object? {
    let receiver = try object.evaluate(activation)
    do {
      if !isDictMethod, case .dict(let dict) = receiver { return try dict.entry(named: name)?.ifDefined }
      return try activation.evaluation.attribute(receiver, name).ifDefined
    } catch { throw activation.failure(error, at: range) }
  }
}

extension Object {
  /// Remembers the place where something turned out to be undefined.
  fileprivate func located(_ range: Range<Int>, _ activation: Activation) -> Object {
    if case .undefined(let undefined) = self, undefined.place == nil {
      undefined.place = Failure.Place(unit: activation.unit, range: range)
    }
    return self
  }
}

/// `object[key]`.
final class ItemExpression: Expression {
  let range: Range<Int>
  private let object: any Expression, key: any Expression

  init(_ object: any Expression, _ key: any Expression, end: Int) {
    self.object = object
    self.key = key
    range = object.range.lowerBound..<end
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let receiver = try object.evaluate(activation)
    let key = try key.evaluate(activation)
    do {
      return try activation.evaluation.item(receiver, key).located(range, activation)
    } catch { throw activation.failure(error, at: range) }
  }
}

/// `object[start:stop:step]`.
final class SliceExpression: Expression {
  let range: Range<Int>
  private let object: any Expression
  private let bounds: [(any Expression)?]

  init(_ object: any Expression, _ bounds: [(any Expression)?], end: Int) {
    self.object = object
    self.bounds = bounds
    range = object.range.lowerBound..<end
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let receiver = try object.evaluate(activation)
    var numbers: [Int?] = []
    for bound in bounds { numbers.append(try bound.map { try index($0, activation) } ?? nil) }
    let slice = Slice(start: numbers[0], stop: numbers[1], step: min(max(numbers[2] ?? 1, -1 << 60), 1 << 60))
    do {
      if slice.step == 0 { throw Failure.value("slice step cannot be zero") }
      return try activation.evaluation.slice(receiver, slice)
    } catch { throw activation.failure(error, at: range) }
  }

  private func index(_ bound: any Expression, _ activation: Activation) throws -> Int? {
    let object = activation.evaluation.reveal(try bound.evaluate(activation))
    if case .null = object { return nil }
    if case .undefined(let undefined) = object { throw undefined.failure }
    guard case .int(let number)? = Number(object) else {
      throw activation.failure(Failure.type("slice indices must be integers or None"), at: bound.range)
    }
    return number
  }
}

extension Evaluation {
  func slice(_ object: Object, _ slice: Slice) throws -> Object {
    switch object {
    case .string(let text): return .string(PythonString.slice(text, slice))
    case .markup(let markup): return .markup(Markup(PythonString.slice(markup.text, slice)))
    case .list(let list):
      return .list(ListObject(try slice.indices(count: list.count).map { try list.element(at: $0) }))
    case .tuple(let elements): return .tuple(slice.indices(count: elements.count).map { elements[$0] })
    case .range(let range): return .range(range.sliced(slice))
    case .source, .secret: return try tracked { try self.slice(reveal(object), slice) }
    case .undefined(let undefined):
      if dialect.chainsUndefined || dialect.undefined == .chainable { return object }
      throw undefined.failure
    case .instance(let instance as PythonBytes): return .instance(instance.sliced(slice))
    case .dict: throw Failure.type("unhashable type: 'slice'")
    default: throw Failure.type("'\(typeName(object))' object is not subscriptable")
    }
  }
}
