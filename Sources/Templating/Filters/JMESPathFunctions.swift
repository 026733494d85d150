import Model

/// JMESPath's functions.
enum JMESPathFunctions {
  static func call(_ name: String, _ arguments: [JMESPath], _ object: Object, _ evaluation: Evaluation) throws -> Object
  {
    if let byExpression = byExpression[name] {
      guard arguments.count == 2 else { throw Failure.value("\(name)() takes 2 arguments") }
      let (list, reference) = name == "map" ? (arguments[1], arguments[0]) : (arguments[0], arguments[1])
      guard case .reference(let inner) = reference else {
        throw Failure.value("\(name)() wants an expression reference such as &name")
      }
      let elements = try evaluation.elements(list.search(object, evaluation))
      return try byExpression(elements, evaluation) { try inner.search($0, evaluation) }
    }
    guard let function = table[name] else { throw Failure.value("Unknown function: \(name)()") }
    let values = try arguments.map { evaluation.reveal(try $0.search(object, evaluation)) }
    guard function.counts.contains(values.count) else { throw Failure.value("wrong number of arguments for \(name)()") }
    return try function.body(values, evaluation)
  }

  private typealias ByExpression = @Sendable ([Object], Evaluation, (Object) throws -> Object) throws -> Object

  private static let byExpression: [String: ByExpression] = [
    "map": { elements, _, key in .list(try elements.map(key)) },
    "sort_by": { elements, evaluation, key in .list(try evaluation.sorted(elements, by: key)) },
    "max_by": { elements, evaluation, key in try evaluation.sorted(elements, by: key).last ?? .null },
    "min_by": { elements, evaluation, key in try evaluation.sorted(elements, by: key).first ?? .null },
  ]

  private struct Function: Sendable {
    let counts: ClosedRange<Int>
    let body: @Sendable ([Object], Evaluation) throws -> Object

    init(_ counts: ClosedRange<Int>, _ body: @escaping @Sendable ([Object], Evaluation) throws -> Object) {
      self.counts = counts
      self.body = body
    }
  }

  private static func filter(_ name: String) -> Function {
    Function(1...1) { values, evaluation in
      try evaluation.apply(evaluation.filter(named: name), to: values[0], Arguments())
    }
  }

  private static let table: [String: Function] = [
    "abs": filter("abs"), "sum": filter("sum"), "reverse": filter("reverse"),
    "avg": Function(1...1) { values, evaluation in
      let numbers = try evaluation.elements(values[0]).compactMap { Number($0)?.double }
      return numbers.isEmpty ? .null : .float(numbers.reduce(0, +) / Double(numbers.count))
    },
    "ceil": Function(1...1) { values, _ in Number.float((Number(values[0])?.double ?? 0).rounded(.up)).truncated },
    "floor": Function(1...1) { values, _ in Number.float((Number(values[0])?.double ?? 0).rounded(.down)).truncated },
    "contains": Function(2...2) { values, evaluation in .bool(try evaluation.contains(values[0], values[1])) },
    "starts_with": Function(2...2) { values, evaluation in
      .bool(PythonString.hasPrefix(try evaluation.text(values[0]), try evaluation.text(values[1])))
    },
    "ends_with": Function(2...2) { values, evaluation in
      .bool(PythonString.hasSuffix(try evaluation.text(values[0]), try evaluation.text(values[1])))
    },
    "join": Function(2...2) { values, evaluation in
      .string(
        try evaluation.elements(values[1]).map { try evaluation.text($0) }.joined(separator: evaluation.text(values[0]))
      )
    },
    "keys": Function(1...1) { values, evaluation in .list(try evaluation.dict(values[0], "keys()").keys) },
    "values": Function(1...1) { values, evaluation in
      .list(Array(try evaluation.dict(values[0], "values()").all().values))
    },
    "length": Function(1...1) { values, evaluation in
      guard let length = try evaluation.length(values[0]) else {
        throw Failure.value("length() wants text, a list or a dict")
      }
      return .int(length)
    },
    "max": Function(1...1) { values, evaluation in
      try evaluation.sorted(evaluation.elements(values[0])) { $0 }.last ?? .null
    },
    "min": Function(1...1) { values, evaluation in
      try evaluation.sorted(evaluation.elements(values[0])) { $0 }.first ?? .null
    },
    "merge": Function(0...99) { values, evaluation in
      let result = DictObject()
      for value in values { result.update(from: try evaluation.dict(value, "merge()")) }
      return .dict(result)
    },
    "not_null": Function(1...99) { values, _ in values.first { !$0.isNone } ?? .null },
    "sort": Function(1...1) { values, evaluation in .list(try evaluation.sorted(evaluation.elements(values[0])) { $0 })
    },
    "to_array": Function(1...1) { values, _ in if case .list = values[0] { values[0] } else { .list([values[0]]) } },
    "to_string": Function(1...1) { values, evaluation in
      if let text = values[0].plainText { return .string(text) }
      return .string(
        try evaluation.plainValue(of: values[0]).json(
          JSONEncoding(itemSeparator: ",", keySeparator: ":", revealingSecrets: true)))
    },
    "to_number": Function(1...1) { values, _ in
      if Number(values[0]) != nil && !values[0].isBool { return values[0] }
      guard let text = values[0].plainText else { return .null }
      return Int(text).map { .int($0) } ?? PythonNumber.float(text).map { .float($0) } ?? .null
    },
    "type": Function(1...1) { values, _ in
      switch values[0] {
      case .null: .string("null")
      case .bool: .string("boolean")
      case .int, .float, .bigInt: .string("number")
      case .list, .tuple: .string("array")
      case .dict: .string("object")
      default: .string("string")
      }
    },
  ]
}
