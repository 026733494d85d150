/// The arguments of a call as they are written.
struct ArgumentList: Sendable {
  var positional: [any Expression] = []
  var named: [(name: String, value: any Expression)] = []
  var spreadList: (any Expression)?
  var spreadDict: (any Expression)?

  /// True where the arguments stand one by one in the source.
  var isPlain: Bool { spreadList == nil && spreadDict == nil }
  var isEmpty: Bool { positional.isEmpty && named.isEmpty && isPlain }

  func evaluate(_ activation: Activation) throws -> Arguments {
    var arguments = Arguments()
    arguments.positional.reserveCapacity(positional.count)
    for expression in positional { arguments.positional.append(try expression.evaluate(activation)) }
    for (name, value) in named { arguments.named.append((name, try value.evaluate(activation))) }
    if let spreadList {
      do { arguments.positional += try activation.evaluation.elements(spreadList.evaluate(activation)) } catch {
        throw activation.failure(error, at: spreadList.range)
      }
    }
    if let spreadDict {
      guard case .dict(let dict) = activation.evaluation.reveal(try spreadDict.evaluate(activation)) else {
        throw activation.failure(Failure.type("argument after ** must be a mapping"), at: spreadDict.range)
      }
      for (key, value) in try dict.all() { arguments.named.append((try activation.evaluation.text(key), value)) }
    }
    return arguments
  }
}

/// `callee(arguments)`.
final class CallExpression: Expression {
  let range: Range<Int>
  private let callee: any Expression
  private let arguments: ArgumentList

  init(_ callee: any Expression, _ arguments: ArgumentList, end: Int) {
    self.callee = callee
    self.arguments = arguments
    range = callee.range.lowerBound..<end
  }

  func evaluate(_ activation: Activation) throws -> Object { try evaluate(activation, caller: nil) }

  func evaluate(_ activation: Activation, caller: Object?) throws -> Object {
    let evaluation = activation.evaluation
    if let attribute = callee as? AttributeExpression {
      return try evaluation.tracked { try callMethod(attribute, activation, caller) }
    }
    return try call(callee.evaluate(activation), activation, caller: caller)
  }

  /// Writes what it comes to; the output of a macro goes straight to where its caller's goes.
  func write(_ activation: Activation, to sink: Sink) throws {
    guard let name = callee as? NameExpression else { return try sink.write(evaluate(activation)) }
    let function = try name.evaluate(activation)
    guard case .instance(let instance) = function, let macro = instance as? MacroObject, macro.takesAsWritten(arguments)
    else { return try sink.write(call(function, activation, caller: nil)) }
    do { try sink.marking { try macro.write(arguments, of: activation, to: sink) } } catch {
      throw activation.failure(error, at: range)
    }
  }

  private func call(_ function: Object, _ activation: Activation, caller: Object?) throws -> Object {
    let evaluation = activation.evaluation
    return try evaluation.tracked {
      let arguments = try evaluate(arguments, activation, caller)
      do { return try evaluation.call(function, arguments) } catch { throw activation.failure(error, at: range) }
    }
  }

  private func evaluate(_ list: ArgumentList, _ activation: Activation, _ caller: Object?) throws -> Arguments {
    var arguments = try list.evaluate(activation)
    if let caller { arguments.named.append(("caller", caller)) }
    return arguments
  }

  /// Calls a method of a built-in type without making an object of the method.
  private func callMethod(_ attribute: AttributeExpression, _ activation: Activation, _ caller: Object?) throws
    -> Object
  {
    let evaluation = activation.evaluation
    let receiver = evaluation.reveal(try attribute.object.evaluate(activation))
    let arguments = try evaluate(arguments, activation, caller)
    do {
      if let method = evaluation.method(attribute.name, of: receiver) {
        return try evaluation.call(attribute.name, method, of: receiver, arguments)
      }
      return try evaluation.call(evaluation.attribute(receiver, attribute.name), arguments)
    } catch { throw activation.failure(error, at: range) }
  }
}

extension Evaluation {
  func call(_ name: String, _ method: Method, of receiver: Object, _ arguments: Arguments) throws -> Object {
    if dialect.isImmutable, ListMethods.changing.contains(name) || DictMethods.changing.contains(name),
      receiver.plainText == nil
    {
      throw Failure.value("access to attribute '\(name)' of '\(typeName(receiver))' object is unsafe.")
    }
    if dialect.undefined == .strict { try refuseUndefined(arguments) }
    return try method(receiver, ListMethods.storing.contains(name) ? arguments : revealed(arguments), self)
  }

  /// What takes no undefined arguments fails with the reason why they are undefined.
  func refuseUndefined(_ arguments: Arguments) throws {
    for case .undefined(let undefined) in arguments.positional { throw undefined.failure }
    for case (_, .undefined(let undefined)) in arguments.named { throw undefined.failure }
  }
}

/// `value | name(arguments)`.
final class FilterExpression: Expression {
  let range: Range<Int>
  let name: String
  /// Nil in a `{% filter %}` or filtered `{% set %}`, where the value is the body.
  private let value: (any Expression)?
  private let filter: Filter?
  private let arguments: ArgumentList

  init(_ value: (any Expression)?, _ name: String, _ filter: Filter?, _ arguments: ArgumentList, at range: Range<Int>) {
    self.value = value
    self.name = name
    self.filter = filter
    self.arguments = arguments
    self.range = range
  }

  func evaluate(_ activation: Activation) throws -> Object {
    guard let value else { preconditionFailure("a filter block's innermost filter has no value: this is a bug") }
    return try apply(to: value.evaluate(activation), activation)
  }

  func apply(to object: Object, _ activation: Activation) throws -> Object {
    let evaluation = activation.evaluation
    return try evaluation.tracked {
      let arguments = try arguments.evaluate(activation)
      do {
        guard let filter else { throw Filter.unknown(name, " found") }
        return try evaluation.apply(filter, to: object, arguments)
      } catch { throw activation.failure(error, at: range) }
    }
  }

  /// A node of its own for `default`.
  var simplified: any Expression {
    guard let value, filter?.name == "default", arguments.isPlain, arguments.named.isEmpty, arguments.positional.count <= 1
    else { return self }
    return DefaultExpression(value, arguments.positional.first, at: range)
  }

  /// Applies a chain of filters, this one the last, to a block's text.
  func applyChain(to body: Object, _ activation: Activation) throws -> Object {
    guard let inner = value as? FilterExpression else { return try apply(to: body, activation) }
    return try apply(to: inner.applyChain(to: body, activation), activation)
  }
}

/// `value is name(arguments)`, or `is not`.
final class TestExpression: Expression {
  let range: Range<Int>
  private let value: any Expression
  private let name: String
  private let test: TemplateTest?
  private let arguments: ArgumentList
  private let isNegated: Bool

  init(
    _ value: any Expression, _ name: String, _ test: TemplateTest?, _ arguments: ArgumentList, isNegated: Bool,
    end: Int
  ) {
    self.value = value
    self.name = name
    self.test = test
    self.arguments = arguments
    self.isNegated = isNegated
    range = value.range.lowerBound..<end
  }

  func evaluate(_ activation: Activation) throws -> Object {
    let evaluation = activation.evaluation
    let object = try value.evaluate(activation)
    return try evaluation.tracked {
      let arguments = try arguments.evaluate(activation)
      do {
        guard let test else { throw TemplateTest.unknown(name, " found") }
        return .bool(try evaluation.check(test, object, arguments) != isNegated)
      } catch { throw activation.failure(error, at: range) }
    }
  }
}
