/// Python's methods of lists and tuples. Lists change in place: `{% set _ = list.append(x) %}` is common.
enum ListMethods {
  /// Methods that change the list.
  static let changing: Set<String> = ["append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"]

  /// Methods whose arguments go into the list as they are, secret marks included.
  static let storing: Set<String> = ["append", "insert", "extend", "update", "setdefault", "get", "pop"]

  static let table: [String: Method] = tupleTable.merging(listTable) { _, list in list }

  static let tupleTable: [String: Method] = [
    "index": { object, arguments, evaluation in
      let wanted = try arguments.required(0, "value", of: "index")
      let elements = try evaluation.elements(object)
      let start = try evaluation.integer(arguments, 1, "start") ?? 0
      for index in elements.indices where index >= start {
        if try evaluation.equal(elements[index], wanted) { return .int(index) }
      }
      throw Failure.value("\(try evaluation.repr(wanted)) is not in list")
    },
    "count": { object, arguments, evaluation in
      let wanted = try arguments.required(0, "value", of: "count")
      return .int(try evaluation.elements(object).reduce(0) { try evaluation.equal($1, wanted) ? $0 + 1 : $0 })
    },
  ]

  private static let listTable: [String: Method] = [
    "append": method { list, arguments, evaluation in
      let element = try arguments.required(0, "object", of: "append")
      try evaluation.budget.check(elements: list.count + 1)
      list.change { $0.append(element) }
      return .null
    },
    "extend": method { list, arguments, evaluation in
      let elements = try evaluation.elements(arguments.required(0, "iterable", of: "extend"))
      try evaluation.budget.check(elements: list.count + elements.count)
      list.change { $0 += elements }
      return .null
    },
    "insert": method { list, arguments, evaluation in
      let index = try evaluation.integer(arguments.required(0, "index", of: "insert"))
      let element = try arguments.required(1, "object", of: "insert")
      try evaluation.budget.check(elements: list.count + 1)
      let place = min(max(index < 0 ? index + list.count : index, 0), list.count)
      list.change { $0.insert(element, at: place) }
      return .null
    },
    "pop": method { list, arguments, evaluation in
      if list.count == 0 { throw Failure.value("pop from empty list") }
      let index = try evaluation.integer(arguments, 0, "index") ?? -1
      let place = index < 0 ? index + list.count : index
      guard (0..<list.count).contains(place) else { throw Failure.value("pop index out of range") }
      let element = try list.element(at: place)
      list.change { _ = $0.remove(at: place) }
      return element
    },
    "remove": method { list, arguments, evaluation in
      let wanted = try arguments.required(0, "value", of: "remove")
      guard let place = try list.all().firstIndex(where: { try evaluation.equal($0, wanted) }) else {
        throw Failure.value("list.remove(x): x not in list")
      }
      list.change { _ = $0.remove(at: place) }
      return .null
    },
    "clear": method { list, _, _ in
      list.change { $0.removeAll() }
      return .null
    },
    "copy": method { list, _, _ in .list(list.copy()) },
    "reverse": method { list, _, _ in
      list.change { $0.reverse() }
      return .null
    },
    "sort": method { list, arguments, evaluation in
      let isReversed = try evaluation.isTrue(arguments[named: "reverse"] ?? .bool(false))
      let sorted = try evaluation.sorted(list.all(), isReversed: isReversed) { $0 }
      list.change { $0 = sorted }
      return .null
    },
  ]

  private static func method(_ body: @escaping @Sendable (ListObject, Arguments, Evaluation) throws -> Object) -> Method
  {
    { object, arguments, evaluation in
      guard case .list(let list) = object else {
        preconditionFailure("a list's method on something else: this is a bug")
      }
      return try body(list, arguments, evaluation)
    }
  }
}

extension Evaluation {
  /// Sorted by Python's `<`, equal elements in their order.
  func sorted(_ elements: [Object], isReversed: Bool = false, by key: (Object) throws -> Object) throws -> [Object] {
    var keyed: [(key: Object, element: Object)] = []
    for element in elements { keyed.append((try key(element), element)) }
    // Swift's sort is stable; reversed order keeps equal elements in theirs, as Python's does.
    try keyed.sort { try isLess(isReversed ? $1.key : $0.key, isReversed ? $0.key : $1.key) }
    return keyed.map(\.element)
  }

  func isLess(_ left: Object, _ right: Object) throws -> Bool {
    try compare(left, right).map { $0 < 0 } ?? false
  }
}
