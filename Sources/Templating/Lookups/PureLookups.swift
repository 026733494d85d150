import Model

/// Lookups that need nothing from outside.
enum PureLookups {
  typealias Body = @Sendable (Arguments, Evaluation) throws -> [Object]

  static let table: [String: Body] = [
    "items": { arguments, evaluation in try evaluation.flattened(arguments.positional, levels: 1) },
    "list": { arguments, _ in arguments.positional },
    "flattened": { arguments, evaluation in try evaluation.flattened(arguments.positional, levels: 100) },
    "dict": { arguments, evaluation in
      try arguments.positional.flatMap { term -> [Object] in
        guard case .dict(let dict) = evaluation.reveal(term) else {
          throw Failure.type("The dict lookup plugin expects a dictionary")
        }
        return try dict.all().map { .dict(DictObject([.string("key"): $0.key, .string("value"): $0.value])) }
      }
    },
    "indexed_items": { arguments, evaluation in
      let items = try arguments.positional.flatMap { term -> [Object] in
        guard case .list = evaluation.reveal(term) else { return [term] }
        return try evaluation.elements(term)
      }
      return items.enumerated().map { .tuple([.int($0.offset), $0.element]) }
    },
    "nested": { arguments, evaluation in
      if arguments.positional.isEmpty {
        throw Failure.value("with_nested requires at least one element in the nested list")
      }
      let columns = try arguments.positional.map { try evaluation.flattened([$0], levels: 1) }
      return try evaluation.product(columns).map { .list($0) }
    },
    "cartesian": { arguments, evaluation in
      if arguments.positional.isEmpty {
        throw Failure.value("with_cartesian requires at least one element in each list")
      }
      let columns = try arguments.positional.map { try evaluation.flattened([$0], levels: 1) }
      return try evaluation.product(columns).map { .list($0) }
    },
    "together": { arguments, evaluation in
      if arguments.positional.isEmpty {
        throw Failure.value("with_together requires at least one element in each list")
      }
      let columns = try arguments.positional.map { try evaluation.flattened([$0], levels: 1) }
      let count = columns.map(\.count).max() ?? 0
      return (0..<count).map { row in .list(columns.map { $0.indices.contains(row) ? $0[row] : .null }) }
    },
    "subelements": { arguments, evaluation in try subelements(arguments, evaluation) },
    "sequence": { arguments, evaluation in
      var result: [Object] = []
      let terms = try arguments.positional.map { try evaluation.text($0) }
      for term in terms.isEmpty ? [""] : terms {
        let sequence = try NumberSequence(term, arguments.named.map { ($0.name, try evaluation.text($0.value)) })
        try evaluation.budget.check(elements: sequence.count)
        result += try sequence.texts(in: evaluation).map { .string($0) }
      }
      return result
    },
    "random_choice": { arguments, _ in
      arguments.positional.isEmpty ? [] : [arguments.positional[Int.random(in: 0..<arguments.positional.count)]]
    },
    "vars": { arguments, evaluation in
      try arguments.positional.map { term in
        guard let name = evaluation.reveal(term).plainText else {
          throw Failure.type("Variable name must be 'str' not '\(evaluation.typeName(term))'.")
        }
        if let found = try evaluation.variable(named: name) { return found }
        if let standard = arguments[named: "default"] { return standard }
        throw Failure(.undefined, "No variable named '\(name)' was found.", variable: name)
      }
    },
    "varnames": { arguments, evaluation in
      let names = evaluation.scope.variableNames
      var seen: Set<String> = []
      return try arguments.positional.flatMap { term -> [Object] in
        let regex = try evaluation.regex(evaluation.string(term, "variable pattern"), [])
        return try names.filter { name in
          try evaluation.run { try regex.search(name) } != nil && seen.insert(name).inserted
        }
        .map { .string($0) }
      }
    },
  ]

  /// Terms are a list of dicts, the path in them, and perhaps flags; the path's own entry is left out of what comes
  /// along.
  private static func subelements(_ arguments: Arguments, _ evaluation: Evaluation) throws -> [Object] {
    guard arguments.positional.count >= 2 else {
      throw Failure.value(
        "subelements lookup expects a list of two or three items, first a dict or a list, second a string")
    }
    let flags = try arguments.positional.dropFirst(2).first.map { try evaluation.dict($0, "flags") }
    let skips = try flags?.entry(.string("skip_missing")).map { try evaluation.isTrue($0) } ?? false
    let path = try evaluation.string(arguments.positional[1], "subelements").split(separator: ".").map(String.init)
    var elements: [Object]
    switch evaluation.reveal(arguments.positional[0]) {
    case .dict(let dict): elements = Array(try dict.all().values)
    case let list: elements = try evaluation.elements(list)
    }
    elements = try elements.filter { element in
      guard case .dict(let dict) = evaluation.reveal(element), let skipped = try dict.entry(.string("skipped")) else {
        return true
      }
      return try !evaluation.isTrue(skipped)
    }
    if skips { elements = try elements.filter { try leads($0, path.dropLast(), evaluation) } }
    return try Filter.subelements(
      .list(elements), .string(path.joined(separator: ".")), skipsMissing: skips, evaluation
    ).map { pair in
      guard case .tuple(let halves) = pair, case .dict(let host) = halves[0] else { return pair }
      let rest = host.copy()
      if path.count == 1 { rest[.string(path[0])] = nil }
      return .tuple([.dict(rest), halves[1]])
    }
  }

  /// Whether a path leads through dicts only, as far as it is there.
  private static func leads(_ element: Object, _ path: ArraySlice<String>, _ evaluation: Evaluation) throws -> Bool {
    guard let first = path.first else { return true }
    guard case .dict(let dict) = evaluation.reveal(element), let next = try dict.entry(.string(first)) else { return true }
    guard case .dict = evaluation.reveal(next) else { return false }
    return try leads(next, path.dropFirst(), evaluation)
  }
}

/// What the sequence lookup counts: `start=1 end=5`, `1-10/2`, `4:host%02d`.
struct NumberSequence {
  private var start = 1
  private var end: Int?
  private var stride = 1
  private var format = "%d"
  private var wanted: Int?

  init(_ term: String, _ options: [(String, String)]) throws {
    for (name, value) in options { try set(name, value) }
    let isShort = !term.isEmpty && !term.contains("=")
    if isShort {
      try readShort(term)
    } else {
      for part in PythonString.splitAtSpace(term) {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else { throw Failure.value("unrecognized arguments to with_sequence: \(part)") }
        try set(String(pair[0]), String(pair[1]))
      }
    }
    if let wanted {
      if end != nil { throw Failure.value("can't specify both count and end in with_sequence") }
      end = wanted == 0 ? nil : start + wanted * stride - stride
    } else if end == nil {
      throw Failure.value("must specify count or end in with_sequence")
    }
    if let end {
      if stride > 0 && end < start { throw Failure.value("to count backwards make stride negative") }
      if stride < 0 && end > start { throw Failure.value("to count forward don't make stride negative") }
    }
  }

  private mutating func set(_ name: String, _ value: String) throws {
    if name == "format" {
      format = value
      return
    }
    guard let number = PythonNumber.integer(value, base: 0).flatMap({ Int(exactly: $0) }) else {
      throw Failure.value("Option '\(name)' has an invalid value: '\(value)' is no integer")
    }
    switch name {
    case "start": start = number
    case "end": end = number
    case "count": wanted = number
    case "stride": stride = number
    default: throw Failure.value("unrecognized arguments to with_sequence: ['\(name)']")
    }
  }

  private mutating func readShort(_ term: String) throws {
    let pattern = #"(0?x?[0-9a-f]+(?=-))?-?(0?x?[0-9a-f]+)(?:/(0?x?[0-9a-f]+))?(?::(.+))?"#
    guard let match = try? PythonRegex(pattern, flags: .ignoreCase).fullMatch(term) else {
      throw Failure.value("can't parse with_sequence arguments: \(term)")
    }
    if let text = match.group(1) { try set("start", text) }
    if let text = match.group(2) { try set("end", text) }
    if let text = match.group(3) { try set("stride", text) }
    if let text = match.group(4) { format = text }
  }

  var count: Int {
    guard let end, stride != 0 else { return 0 }
    return (end - start) / stride + 1
  }

  func texts(in evaluation: Evaluation) throws -> [String] {
    try (0..<max(0, count)).map { index in
      try PercentFormat(format, .int(start + index * stride), in: evaluation).result()
    }
  }
}
