/// Filters of nested structures, as in the collection ansible.utils.
extension Filter {
  static let structureFilters: [Filter] = [
    Filter("to_paths") { object, arguments, evaluation in
      var paths = DictObject()
      var root = object
      if let name = try evaluation.string(arguments, 0, "prepend") { root = .dict(DictObject([.string(name): object])) }
      try appendPaths(of: root, named: "", to: &paths, evaluation)
      return try evaluation.flag(arguments, 1, "wantlist") ? .list([.dict(paths)]) : .dict(paths)
    },
    Filter("get_path") { object, arguments, evaluation in
      let path = try evaluation.string(arguments.required(0, "path", of: "get_path"), "path")
      let found = try keys(of: path).reduce(object) { try evaluation.item($0, $1) }
      guard try evaluation.flag(arguments, 1, "wantlist") else { return found }
      if case .list = found { return found }
      return .list([found])
    },
    Filter("index_of") { object, arguments, evaluation in
      let test = try evaluation.test(named: evaluation.text(arguments.required(0, "test", of: "index_of")))
      let value = arguments[1, "value"].map { Arguments(positional: [$0]) } ?? Arguments()
      let getter = try evaluation.attributeGetter(arguments[2, "key"])
      let places = try evaluation.elements(object).enumerated().filter {
        try evaluation.check(test, getter($0.element), value)
      }
      let found = places.map { Object.int($0.offset) }
      return try found.count == 1 && !evaluation.flag(arguments, 4, "wantlist") ? found[0] : .list(found)
    },
    Filter("accumulate") { object, _, evaluation in
      var sums: [Object] = []
      for element in try evaluation.elements(object) {
        sums.append(try sums.last.map { try evaluation.binary(.add, $0, element) } ?? element)
      }
      return .list(sums)
    },
    lists("lists_union") { evaluation, left, right in evaluation.unique(left + right) },
    lists("lists_intersect") { evaluation, left, right in
      evaluation.unique(try left.filter { try evaluation.contains(.list(right), $0) })
    },
    lists("lists_difference") { evaluation, left, right in
      evaluation.unique(try left.filter { try !evaluation.contains(.list(right), $0) })
    },
    lists("lists_symmetric_difference") { evaluation, left, right in
      let only = try left.filter { try !evaluation.contains(.list(right), $0) }
      return evaluation.unique(try only + right.filter { try !evaluation.contains(.list(left), $0) })
    },
  ]

  /// A filter of lists that takes any number of them; with `flatten`, the one that it gets holds the others.
  private static func lists(
    _ name: String, _ combine: @escaping @Sendable (Evaluation, [Object], [Object]) throws -> [Object]
  ) -> Filter {
    Filter(name) { object, arguments, evaluation in
      let flattens = try arguments[named: "flatten"].map { try evaluation.isTrue($0) } ?? false
      let given = [object] + arguments.positional
      let all = try (flattens ? evaluation.flattened(given, levels: 1) : given).map { try evaluation.elements($0) }
      return .list(try all.dropFirst().reduce(all.first ?? []) { try combine(evaluation, $0, $1) })
    }
  }

  private static func appendPaths(
    of object: Object, named name: String, to paths: inout DictObject, _ evaluation: Evaluation
  ) throws {
    try evaluation.budget.checkStack()
    switch evaluation.reveal(object) {
    case .dict(let dict):
      for (key, value) in try dict.all() {
        let text = try evaluation.text(key)
        let isPlain = text.utf8.first.map { !($0 >= 0x30 && $0 <= 0x39) } ?? false
          && text.utf8.allSatisfy { $0 == 0x5F || ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
        let path = name.isEmpty ? text : name + (isPlain ? ".\(text)" : "['\(text)']")
        try appendPaths(of: value, named: path, to: &paths, evaluation)
      }
    case .list(let list):
      for (index, value) in try list.all().enumerated() {
        try appendPaths(of: value, named: "\(name)[\(index)]", to: &paths, evaluation)
      }
    default: paths[.string(name)] = object
    }
  }

  /// The keys of a path such as `a.b[0]['c d']`.
  private static func keys(of path: String) -> [Object] {
    var keys: [Object] = []
    var rest = Substring(path)
    while let first = rest.first {
      if first == "[", let end = rest.firstIndex(of: "]") {
        let inside = rest[rest.index(after: rest.startIndex)..<end].trimmingPrefix { $0 == " " }
        let isQuoted = inside.first == "'" || inside.first == "\""
        keys.append(isQuoted ? .string(String(inside.dropFirst().dropLast())) : Int(inside).map { .int($0) } ?? .string(String(inside)))
        rest = rest[rest.index(after: end)...]
      } else if first == "." {
        rest = rest.dropFirst()
      } else {
        let name = rest.prefix { $0 != "." && $0 != "[" }
        keys.append(Int(name).map { .int($0) } ?? .string(String(name)))
        rest = rest.dropFirst(max(1, name.count))
      }
    }
    return keys
  }
}
