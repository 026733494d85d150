import OrderedCollections

/// ansible-core's filters of lists and dicts.
extension Filter {
  static let collectionFilters: [Filter] = [
    Filter("combine") { object, arguments, evaluation in try combine(object, arguments, evaluation) },
    Filter("dict2items") { object, arguments, evaluation in
      let key = try evaluation.string(arguments, 0, "key_name") ?? "key"
      let value = try evaluation.string(arguments, 1, "value_name") ?? "value"
      guard case .dict(let dict) = object else {
        throw Failure.type("dict2items requires a dictionary, got <class '\(evaluation.typeName(object))'> instead.")
      }
      return .list(try dict.all().map { .dict(DictObject([.string(key): $0.key, .string(value): $0.value])) })
    },
    Filter("items2dict") { object, arguments, evaluation in
      let key = try evaluation.string(arguments, 0, "key_name") ?? "key"
      let value = try evaluation.string(arguments, 1, "value_name") ?? "value"
      guard object.plainText == nil, let elements = try evaluation.iterable(object), !object.isDict else {
        throw Failure.type("items2dict requires a list, got <class '\(evaluation.typeName(object))'> instead.")
      }
      return .dict(
        try DictObject(
          OrderedDictionary(
            elements.map { try pair($0, key, value, of: object, evaluation) }, uniquingKeysWith: { _, last in last })))
    },
    Filter("flatten") { object, arguments, evaluation in
      let levels = try evaluation.integer(arguments, 0, "levels") ?? .max
      let skips = try evaluation.flag(arguments, 1, "skip_nulls", true)
      var result: [Object] = []
      for element in try evaluation.elements(object) {
        try flatten(element, to: &result, levels: levels, skipsNulls: skips, evaluation)
      }
      return .list(result)
    },
    set("union") { left, right, evaluation in evaluation.unique(left + right) },
    set("intersect") { left, right, evaluation in
      evaluation.unique(try left.filter { try evaluation.contains(.list(right), $0) })
    },
    set("difference") { left, right, evaluation in
      evaluation.unique(try left.filter { try !evaluation.contains(.list(right), $0) })
    },
    set("symmetric_difference") { left, right, evaluation in
      let both = try left.filter { try evaluation.contains(.list(right), $0) }
      return evaluation.unique(try (left + right).filter { try !evaluation.contains(.list(both), $0) })
    },
    Filter("zip") { object, arguments, evaluation in
      let columns = try ([object] + arguments.positional).map { try evaluation.elements($0) }
      let count = columns.map(\.count).min() ?? 0
      return .list((0..<count).map { row in .list(columns.map { $0[row] }) })
    },
    Filter("zip_longest") { object, arguments, evaluation in
      let columns = try ([object] + arguments.positional).map { try evaluation.elements($0) }
      let fill = arguments[named: "fillvalue"] ?? .null
      let count = columns.map(\.count).max() ?? 0
      return .list((0..<count).map { row in .list(columns.map { $0.indices.contains(row) ? $0[row] : fill }) })
    },
    Filter("product") { object, arguments, evaluation in
      var columns = try ([object] + arguments.positional).map { try evaluation.elements($0) }
      let times = try arguments[named: "repeat"].map { try evaluation.integer($0) } ?? 1
      try evaluation.budget.check(elements: times)
      columns = Array((0..<max(0, times)).map { _ in columns }.joined())
      return .list(try evaluation.product(columns).map { .list($0) })
    },
    Filter("permutations") { object, arguments, evaluation in
      let elements = try evaluation.elements(object)
      return .list(
        try evaluation.permutations(elements, try evaluation.integer(arguments, 0, "r") ?? elements.count).map {
          .list($0)
        })
    },
    Filter("combinations") { object, arguments, evaluation in
      let size = try evaluation.integer(arguments.required(0, "r", of: "combinations"))
      return .list(try evaluation.combinations(evaluation.elements(object), size).map { .list($0) })
    },
    Filter("extract", acceptsUndefined: true) { object, arguments, evaluation in
      let container = try arguments.required(0, "container", of: "extract")
      var keys = [object]
      if let more = arguments[1, "morekeys"], !more.isNone {
        if case .list = more { keys += try evaluation.elements(more) } else { keys.append(more) }
      }
      // What is missing on the way stays missing: `default` behind it applies.
      return try keys.reduce(container) { if case .undefined = $0 { $0 } else { try evaluation.item($0, $1) } }
    },
    Filter("subelements") { object, arguments, evaluation in
      let path = try arguments.required(0, "subelements", of: "subelements")
      let skips = try evaluation.flag(arguments, 1, "skip_missing")
      return .list(try subelements(object, path, skipsMissing: skips, evaluation))
    },
    Filter("rekey_on_member") { object, arguments, evaluation in try rekey(object, arguments, evaluation) },
    Filter("shuffle") { object, arguments, evaluation in
      var random = try PythonRandom(seed: arguments[0, "seed"], evaluation)
      guard var elements = try evaluation.iterable(object) else { return object }
      for index in elements.indices.reversed() where index > 0 { elements.swapAt(index, random.below(index + 1)) }
      return .list(elements)
    },
    Filter("random") { object, arguments, evaluation in try random(object, arguments, evaluation) },
  ]

  private static func set(
    _ name: String, _ body: @escaping @Sendable ([Object], [Object], Evaluation) throws -> [Object]
  ) -> Filter {
    Filter(name) { object, arguments, evaluation in
      let other = try arguments.required(0, "b", of: name)
      return .list(try body(evaluation.elements(object), evaluation.elements(other), evaluation))
    }
  }

  // MARK: combine

  private static func combine(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    try arguments.refuse(
      namesExcept: ["recursive", "list_merge"], "'recursive' and 'list_merge' are the only valid keyword arguments")
    let recurses = try arguments[named: "recursive"].map { try evaluation.isTrue($0) } ?? false
    let merge = try arguments[named: "list_merge"].map { try evaluation.text($0) } ?? "replace"
    guard let listMerge = ListMerge(rawValue: merge) else {
      throw Failure.value(
        "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'"
      )
    }
    var dicts: [DictObject] = []
    for term in [object] + arguments.positional { try collect(term, into: &dicts, evaluation) }
    guard let first = dicts.first else { return .dict(DictObject()) }
    var result = first.copy()
    for next in dicts.dropFirst() { result = try evaluation.merged(result, next, recurses: recurses, listMerge) }
    return .dict(result)
  }

  /// A dict, or the dicts of a list; nulls count for nothing.
  private static func collect(
    _ object: Object, into dicts: inout [DictObject], _ evaluation: Evaluation, opensLists: Bool = true
  ) throws {
    switch evaluation.reveal(object) {
    case .dict(let dict): dicts.append(dict)
    case .list where opensLists, .tuple where opensLists:
      for element in try evaluation.elements(object) { try collect(element, into: &dicts, evaluation, opensLists: false) }
    case .undefined(let undefined): throw undefined.failure
    case .null, .string("None"), .string("null"): break
    default:
      throw Failure.type("failed to combine variables, expected dicts but got a '\(evaluation.typeName(object))'")
    }
  }

  private static func pair(
    _ object: Object, _ key: String, _ value: String, of list: Object, _ evaluation: Evaluation
  ) throws -> (Object, Object) {
    guard case .dict(let dict) = evaluation.reveal(object) else {
      throw Failure.type("items2dict requires a list of dictionaries, got \(try evaluation.repr(list)) instead.")
    }
    guard let name = try dict.entry(.string(key)), let entry = try dict.entry(.string(value)) else {
      throw Failure.value(
        "items2dict requires each dictionary in the list to contain the keys '\(key)' and '\(value)', got \(try evaluation.repr(list)) instead."
      )
    }
    try evaluation.checkHashable(name)
    return (evaluation.reveal(name), entry)
  }

  private static func flatten(
    _ object: Object, to result: inout [Object], levels: Int, skipsNulls: Bool, _ evaluation: Evaluation
  ) throws {
    try evaluation.budget.checkStack()
    let isNone = object.isNone || object.plainText == "None" || object.plainText == "null"
    if isNone && skipsNulls { return }
    let elements: [Object]
    switch object {
    case .list(let list): elements = try list.all()
    case .tuple(let tuple): elements = tuple
    default: return result.append(object)
    }
    if levels < 1 { return result.append(object) }
    for element in elements {
      try flatten(element, to: &result, levels: levels - 1, skipsNulls: skipsNulls, evaluation)
    }
  }

  static func subelements(
    _ object: Object, _ path: Object, skipsMissing: Bool, _ evaluation: Evaluation
  ) throws -> [Object] {
    var hosts: [Object]
    if case .dict(let dict) = object {
      hosts = Array(try dict.all().values)
    } else {
      guard object.plainText == nil, let elements = try evaluation.iterable(object) else {
        throw Failure.value("obj must be a list of dicts or a nested dict")
      }
      hosts = elements
    }
    let written = path.plainText.map { $0.split(separator: ".").map { Object.string(String($0)) } }
    guard !path.isDict, let keys = try written ?? evaluation.iterable(path) else {
      throw Failure.type("subelements must be a list or a string")
    }
    hosts = hosts.map { evaluation.reveal($0) }
    var result: [Object] = []
    for host in hosts {
      guard let values = try list(at: keys, of: host, skipsMissing, evaluation) else { continue }
      for value in values { result.append(.tuple([host, value])) }
    }
    return result
  }

  private static func list(
    at keys: [Object], of host: Object, _ skipsMissing: Bool, _ evaluation: Evaluation
  ) throws -> [Object]? {
    var object = host
    for key in keys {
      guard case .dict(let dict) = object else {
        throw Failure.type(
          "the key \(try evaluation.text(key)) should point to a dictionary, got '\(try evaluation.text(object))'")
      }
      guard let entry = try dict.entry(key) else {
        if skipsMissing { return nil }
        throw Failure.value(
          "could not find '\(try evaluation.text(key))' key in iterated item \(try evaluation.repr(host))")
      }
      object = evaluation.reveal(entry)
    }
    guard case .list(let list) = object else {
      throw Failure.type(
        "the key \(try evaluation.text(keys.last ?? .null)) should point to a list, got '\(try evaluation.text(object))'"
      )
    }
    return try list.all()
  }

  private static func rekey(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let key = try arguments.required(0, "key", of: "rekey_on_member")
    let duplicates = try evaluation.string(arguments, 1, "duplicates") ?? "error"
    guard duplicates == "error" || duplicates == "overwrite" else {
      throw Failure.value("duplicates parameter to rekey_on_member has unknown value: \(duplicates)")
    }
    let elements: [Object]
    if case .dict(let dict) = object {
      elements = Array(try dict.all().values)
    } else {
      guard object.plainText == nil, let list = try evaluation.iterable(object) else {
        throw Failure.type("Type is not a valid list, set, or dict")
      }
      elements = list
    }
    let result = DictObject()
    for element in elements {
      guard case .dict(let dict) = evaluation.reveal(element) else {
        throw Failure.type("List item is not a valid dict: '\(try evaluation.text(element))'")
      }
      guard let name = try dict.entry(key) else { throw Failure.value("Key \(try evaluation.text(key)) was not found") }
      if try duplicates == "error" && result.entry(name) != nil {
        throw Failure.value("Key \(try evaluation.text(name)) is not unique, cannot correctly turn into dict")
      }
      result[evaluation.reveal(name)] = element
    }
    return .dict(result)
  }

  private static func random(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let start = try evaluation.integer(arguments, 1, "start")
    let step = try evaluation.integer(arguments, 2, "step")
    var random = try PythonRandom(seed: arguments[named: "seed"] ?? nil, evaluation)
    let end = try evaluation.integer(arguments, 0, "end")
    if case .int(let number) = object {
      let low =
        try arguments[named: "start"].map { try evaluation.integer($0) }
        ?? (arguments.positional.first.map { try evaluation.integer($0) } ?? 0)
      let jump =
        try arguments[named: "step"].map { try evaluation.integer($0) }
        ?? (arguments.positional.count > 1 ? try evaluation.integer(arguments.positional[1]) : 1)
      let count = RangeObject(start: low, stop: number, step: jump == 0 ? 1 : jump).count
      if count <= 0 { throw Failure.value("empty range for randrange() (\(low), \(number), \(jump))") }
      return .int(low + random.below(count) * jump)
    }
    if start != nil || step != nil || end != nil {
      throw Failure.value("start and step can only be used with integer values")
    }
    guard let elements = try evaluation.iterable(object) else {
      throw Failure.value("random can only be used on sequences and integers")
    }
    if elements.isEmpty {
      if evaluation.dialect.speaksAnsible { throw Failure.value("Cannot choose from an empty sequence") }
      return .undefined(Undefined(name: "random", failure: .undefined("No random item, sequence was empty.")))
    }
    return elements[random.below(elements.count)]
  }
}

/// What becomes of lists when dicts are merged.
enum ListMerge: String {
  case replace, keep, append, prepend
  case appendRest = "append_rp"
  case prependRest = "prepend_rp"
}

extension Evaluation {
  func merged(_ left: DictObject, _ right: DictObject, recurses: Bool, _ listMerge: ListMerge) throws -> DictObject {
    try budget.checkStack()
    if left.count == 0 { return right.copy() }
    let result = left.copy()
    if !recurses && listMerge == .replace {
      result.update(from: right)
      return result
    }
    for (key, value) in try right.all() {
      guard let old = try result.entry(key) else {
        result[key] = value
        continue
      }
      switch (old, value) {
      case (.dict(let old), .dict(let new)) where recurses:
        result[key] = .dict(try merged(old, new, recurses: true, listMerge))
      case (.list(let old), .list(let new)): result[key] = .list(try merged(old.all(), new.all(), listMerge))
      default: result[key] = value
      }
    }
    return result
  }

  private func merged(_ old: [Object], _ new: [Object], _ listMerge: ListMerge) throws -> [Object] {
    func without(_ elements: [Object], _ others: [Object]) throws -> [Object] {
      try elements.filter { try !contains(.list(others), $0) }
    }
    switch listMerge {
    case .replace: return new
    case .keep: return old
    case .append: return old + new
    case .prepend: return new + old
    case .appendRest: return try without(old, new) + new
    case .prependRest: return try new + without(old, new)
    }
  }

  /// Every element once, in order; what can't be a key is compared one by one.
  func unique(_ elements: [Object]) -> [Object] {
    var seen: Set<Object> = []
    var rest: [Object] = []
    return elements.filter { element in
      let key = reveal(element)
      if (try? checkHashable(key)) != nil { return seen.insert(key).inserted }
      if rest.contains(where: { (try? equal($0, key)) == true }) { return false }
      rest.append(key)
      return true
    }
  }
}

extension Arguments {
  func refuse(namesExcept names: [String], _ message: String) throws {
    if named.contains(where: { !names.contains($0.name) }) { throw Failure.value(message) }
  }
}

extension Object {
  var isDict: Bool { if case .dict = self { true } else { false } }
}
