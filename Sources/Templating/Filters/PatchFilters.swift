/// JSON patches (RFC 6902), as community.general has them.
extension Filter {
  static let patchFilters: [Filter] = [
    Filter("json_patch") { object, arguments, evaluation in
      try patch(
        object, [operation(arguments, evaluation)], stopsAtTest: evaluation.flag(arguments, 4, "fail_test"), evaluation)
    },
    Filter("json_patch_recipe") { object, arguments, evaluation in
      let operations = try evaluation.elements(arguments.required(0, "operations", of: "json_patch_recipe"))
      return try patch(
        object, operations.map { try evaluation.dict($0, "an operation") },
        stopsAtTest: evaluation.flag(arguments, 1, "fail_test"), evaluation)
    },
  ]

  private static func operation(_ arguments: Arguments, _ evaluation: Evaluation) throws -> DictObject {
    let dict = DictObject()
    dict[.string("op")] = try arguments.required(0, "op", of: "json_patch")
    dict[.string("path")] = try arguments.required(1, "path", of: "json_patch")
    if let value = arguments[2, "value"] { dict[.string("value")] = value }
    if let from = arguments[named: "from"] ?? arguments[3, "from_"], !from.isNone { dict[.string("from")] = from }
    return dict
  }

  /// The object with all operations done to a copy of it; None where a test among them does not hold.
  private static func patch(
    _ object: Object, _ operations: [DictObject], stopsAtTest: Bool, _ evaluation: Evaluation
  ) throws -> Object {
    var document = object
    if let text = object.plainText { document = try evaluation.apply(evaluation.filter(named: "from_json"), to: .string(text), Arguments()) }
    for dict in operations {
      let step = try PatchStep(dict, evaluation)
      guard let changed = try step.applied(to: document) else {
        if stopsAtTest { throw Failure.value("JSON patch test operation failed") }
        return .null
      }
      document = changed
    }
    return document
  }
}

/// One operation of a patch.
private struct PatchStep {
  private let kind: String
  private let path: [String]
  private let from: [String]?
  private let value: Object?
  private let evaluation: Evaluation

  init(_ dict: DictObject, _ evaluation: Evaluation) throws {
    self.evaluation = evaluation
    func text(_ name: String) throws -> String? { try dict.entry(.string(name)).map { try evaluation.text($0) } }
    kind = try text("op") ?? ""
    guard ["add", "copy", "move", "remove", "replace", "test"].contains(kind) else {
      throw Failure.value("unsupported 'op' \(kind): it must be add, copy, move, remove, replace or test")
    }
    guard let written = try text("path") else { throw Failure.value("the operation '\(kind)' needs a path") }
    path = try Self.keys(of: written)
    from = try text("from").map(Self.keys)
    value = try dict.entry(.string("value"))
    if value == nil, ["add", "replace", "test"].contains(kind) { throw Failure.value("the operation '\(kind)' needs a value") }
    if from == nil, kind == "copy" || kind == "move" { throw Failure.value("the operation '\(kind)' needs 'from'") }
  }

  private static func keys(of pointer: String) throws -> [String] {
    if pointer.isEmpty { return [] }
    guard pointer.hasPrefix("/") else { throw Failure.value("Location must start with /: \(pointer)") }
    return PythonString.split(pointer, by: "/").dropFirst().map {
      PythonString.replace("~0", with: "~", in: PythonString.replace("~1", with: "/", in: $0))
    }
  }

  /// The document afterwards; nil where a test does not hold.
  func applied(to document: Object) throws -> Object? {
    switch kind {
    case "test": return try evaluation.equal(found(path, in: document), value ?? .null) ? document : nil
    case "remove": return try changed(document, path[...], to: nil)
    case "replace":
      _ = try found(path, in: document)
      return try changed(path.isEmpty ? document : changed(document, path[...], to: nil), path[...], to: value)
    case "copy": return try changed(document, path[...], to: found(from ?? [], in: document))
    case "move":
      let moved = try found(from ?? [], in: document)
      return try changed(changed(document, (from ?? [])[...], to: nil), path[...], to: moved)
    default: return try changed(document, path[...], to: value)
    }
  }

  private func found(_ path: [String], in document: Object) throws -> Object {
    try path.reduce(document) { object, key in
      switch evaluation.reveal(object) {
      case .dict(let dict):
        guard let entry = try dict.entry(.string(key)) else { throw Failure.value("member '\(key)' not found in the document") }
        return entry
      case .list(let list): return try list.all()[index(key, count: list.count, isInsertion: false)]
      default: throw Failure.value("'\(key)' points into a value that is neither a list nor a dict")
      }
    }
  }

  private func index(_ key: String, count: Int, isInsertion: Bool) throws -> Int {
    if key == "-", isInsertion { return count }
    guard let index = Int(key), index >= 0, index < count + (isInsertion ? 1 : 0) else {
      throw Failure.value("can't find the place '\(key)' in a list of \(count)")
    }
    return index
  }

  /// A copy of the object with a value put in at a place, or with what is there taken out.
  private func changed(_ object: Object, _ path: ArraySlice<String>, to value: Object?) throws -> Object {
    try evaluation.budget.checkStack()
    guard let key = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    switch evaluation.reveal(object) {
    case .dict(let dict):
      let copy = dict.copy()
      if !rest.isEmpty {
        copy[.string(key)] = try changed(found([key], in: object), rest, to: value)
      } else if let value {
        copy[.string(key)] = value
      } else {
        _ = try found([key], in: object)
        copy[.string(key)] = nil
      }
      return .dict(copy)
    case .list(let list):
      var elements = try list.all()
      let place = try index(key, count: elements.count, isInsertion: rest.isEmpty && value != nil)
      if !rest.isEmpty {
        elements[place] = try changed(elements[place], rest, to: value)
      } else if let value {
        elements.insert(value, at: place)
      } else {
        elements.remove(at: place)
      }
      return .list(elements)
    default: throw Failure.value("'\(key)' points into a value that is neither a list nor a dict")
    }
  }
}
