/// Python's methods of dicts. `keys`, `values` and `items` come to lists.
enum DictMethods {
  static let changing: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]

  static let table: [String: Method] = [
    "keys": method { dict, _, _ in .list(dict.keys) },
    "values": method { dict, _, _ in .list(Array(try dict.all().values)) },
    "items": method { dict, _, _ in .list(try dict.all().map { .tuple([$0.key, $0.value]) }) },
    "get": method { dict, arguments, evaluation in
      let key = evaluation.reveal(try arguments.required(0, "key", of: "get"))
      try evaluation.checkHashable(key)
      return try dict.entry(key) ?? arguments[1, "default"] ?? .null
    },
    "has_key": method { dict, arguments, evaluation in
      .bool(dict.contains(evaluation.reveal(try arguments.required(0, "key", of: "has_key"))))
    },
    "pop": method { dict, arguments, evaluation in
      let key = evaluation.reveal(try arguments.required(0, "key", of: "pop"))
      try evaluation.checkHashable(key)
      guard let entry = try dict.entry(key) else {
        guard let standard = arguments[1, "default"] else { throw Failure.value(try evaluation.repr(key)) }
        return standard
      }
      dict[key] = nil
      return entry
    },
    "popitem": method { dict, _, _ in
      guard let key = dict.keys.last, let entry = try dict.entry(key) else {
        throw Failure.value("popitem(): dictionary is empty")
      }
      dict[key] = nil
      return .tuple([key, entry])
    },
    "setdefault": method { dict, arguments, evaluation in
      let key = evaluation.reveal(try arguments.required(0, "key", of: "setdefault"))
      try evaluation.checkHashable(key)
      if let entry = try dict.entry(key) { return entry }
      let standard = arguments[1, "default"] ?? .null
      dict[key] = standard
      return standard
    },
    "update": method { dict, arguments, evaluation in
      if let other = arguments[0, ""] { try update(dict, with: evaluation.reveal(other), evaluation) }
      for (name, value) in arguments.named { dict[.string(name)] = value }
      try evaluation.budget.check(elements: dict.count)
      return .null
    },
    "clear": method { dict, _, _ in
      dict.change { $0.removeAll() }
      return .null
    },
    "copy": method { dict, _, _ in .dict(dict.copy()) },
    "fromkeys": method { _, arguments, evaluation in
      let dict = DictObject()
      for key in try evaluation.elements(arguments.required(0, "iterable", of: "fromkeys")) {
        try evaluation.checkHashable(key)
        dict[evaluation.reveal(key)] = arguments[1, "value"] ?? .null
      }
      return .dict(dict)
    },
  ]

  /// Takes entries of a dict, or pairs.
  static func update(_ dict: DictObject, with other: Object, _ evaluation: Evaluation) throws {
    if case .dict(let other) = other { return dict.update(from: other) }
    for pair in try evaluation.elements(other) {
      let entry = try evaluation.unpack(pair, count: 2)
      try evaluation.checkHashable(entry[0])
      dict[evaluation.reveal(entry[0])] = entry[1]
    }
  }

  private static func method(_ body: @escaping @Sendable (DictObject, Arguments, Evaluation) throws -> Object) -> Method
  {
    { object, arguments, evaluation in
      guard case .dict(let dict) = object else {
        preconditionFailure("a dict's method on something else: this is a bug")
      }
      return try body(dict, arguments, evaluation)
    }
  }
}
