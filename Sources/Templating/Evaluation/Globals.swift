import Model

/// Functions that every template sees.
enum Globals {
  typealias Function = @Sendable (Arguments, Evaluation) throws -> Object

  /// What stands under a name in a dialect; nil where there is nothing.
  static func object(_ name: String, in dialect: Dialect) -> Object? {
    if let function = functions[name] {
      return .instance(classNames[name].map { PythonClass($0, function) } ?? NativeFunction(name, function))
    }
    if dialect.speaksAnsible {
      return ansibleFunctions[name].map { .instance(NativeFunction(name, $0)) } ?? (name == "omit" ? .omit : nil)
    }
    return dialect.translates ? Translations.functions[name].map { .instance(NativeFunction(name, $0)) } : nil
  }

  private static let classNames = [
    "range": "range", "dict": "dict", "namespace": "jinja2.utils.Namespace", "cycler": "jinja2.utils.Cycler",
    "joiner": "jinja2.utils.Joiner",
  ]

  private static let functions: [String: Function] = [
    "range": { arguments, evaluation in try range(arguments, evaluation) },
    "dict": { arguments, evaluation in
      let dict = DictObject()
      if let first = arguments.positional.first {
        try DictMethods.update(dict, with: evaluation.reveal(first), evaluation)
      }
      for (name, value) in arguments.named { dict[.string(name)] = value }
      return .dict(dict)
    },
    "namespace": { arguments, evaluation in
      var attributes: [String: Object] = [:]
      if let first = arguments.positional.first {
        let dict = DictObject()
        try DictMethods.update(dict, with: evaluation.reveal(first), evaluation)
        for (key, value) in try dict.all() { attributes[try evaluation.text(key)] = value }
      }
      for (name, value) in arguments.named { attributes[name] = value }
      return .instance(Namespace(attributes))
    },
    "cycler": { arguments, _ in
      if arguments.positional.isEmpty { throw Failure.type("at least one item has to be provided") }
      return .instance(Cycler(arguments.positional))
    },
    "joiner": { arguments, evaluation in .instance(Joiner(try evaluation.text(arguments, 0, "sep", ", "))) },
    "lipsum": { arguments, evaluation in try lipsum(arguments, evaluation) },
  ]

  private static let ansibleFunctions: [String: Function] = [
    "undef": { arguments, evaluation in
      let hint = try evaluation.string(arguments, 0, "hint") ?? "Mandatory variable has not been overridden"
      return .undefined(Undefined(name: "undef", failure: .undefined(hint)))
    },
    "now": { arguments, evaluation in
      let now = Timestamp.now(isUTC: try evaluation.flag(arguments, 0, "utc"))
      guard let format = try evaluation.string(arguments, 1, "fmt"), !format.isEmpty else {
        return .timestamp(Moment(now))
      }
      return .string(now.formatted(format))
    },
    "lookup": { arguments, evaluation in try evaluation.lookup(arguments, isQuery: false) },
    "query": { arguments, evaluation in try evaluation.lookup(arguments, isQuery: true) },
    "q": { arguments, evaluation in try evaluation.lookup(arguments, isQuery: true) },
  ]

  private static func range(_ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let bounds = try arguments.positional.map { try evaluation.integer($0) }
    guard (1...3).contains(bounds.count) else {
      throw Failure.type(
        "range expected at \(bounds.isEmpty ? "least 1 argument" : "most 3 arguments"), got \(bounds.count)")
    }
    let step = bounds.count == 3 ? bounds[2] : 1
    if step == 0 { throw Failure.value("range() arg 3 must not be zero") }
    let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
    guard abs(start.subtractingReportingOverflow(stop).partialValue) < Int.max / 2 else {
      throw Failure.limit("range is too big")
    }
    let range = RangeObject(start: start, stop: stop, step: step)
    if range.count > evaluation.budget.limits.rangeMax {
      throw Failure.limit("Range too big. The sandbox blocks ranges larger than MAX_RANGE (\(evaluation.budget.limits.rangeMax)).")
    }
    return .range(range)
  }
}

/// `cycler(a, b)`.
final class Cycler: Instance {
  private let elements: [Object]
  private var position = 0

  init(_ elements: [Object]) { self.elements = elements }
  override var typeName: String { "Cycler" }
  override var qualifiedTypeName: String { "jinja2.utils.Cycler" }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    switch name {
    case "current": elements[position]
    case "next":
      .instance(
        NativeFunction(name) { _, _ in
          defer { self.position = (self.position + 1) % self.elements.count }
          return self.elements[self.position]
        })
    case "reset":
      .instance(
        NativeFunction(name) { _, _ in
          self.position = 0
          return .null
        })
    default: nil
    }
  }
}

/// `joiner(text)`: nothing at the first call, the text after that.
final class Joiner: Instance {
  private let separator: String
  private var isUsed = false

  init(_ separator: String) { self.separator = separator }
  override var typeName: String { "Joiner" }
  override var qualifiedTypeName: String { "jinja2.utils.Joiner" }
  override var isCallable: Bool { true }

  override func call(_ arguments: Arguments, in evaluation: Evaluation) throws -> Object {
    defer { isUsed = true }
    return .string(isUsed ? separator : "")
  }
}
