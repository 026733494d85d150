import Model

/// Python's `pprint`, for lines of 80 columns.
struct PrettyPrinter {
  private let evaluation: Evaluation
  private let width = 80

  init(_ evaluation: Evaluation) { self.evaluation = evaluation }

  func text(of object: Object) throws -> String {
    try text(of: object, indentation: 0, after: 0, isOutermost: true)
  }

  private func text(
    of object: Object, indentation: Int, after: Int, isOutermost: Bool = false
  ) throws -> String {
    try evaluation.budget.checkStack()
    let flat = try evaluation.repr(sorted(object))
    if PythonString.count(flat) + indentation + after <= width { return flat }
    switch object {
    case .list(let list): return try broken(list.all(), "[", "]", indentation, after)
    case .tuple(let elements): return try broken(elements, "(", elements.count == 1 ? ",)" : ")", indentation, after)
    case .dict(let dict): return try broken(dict, indentation, after)
    case .string(let text), .source(let text): return broken(text, flat, indentation, after, isOutermost: isOutermost)
    default: return flat
    }
  }

  /// Text in pieces side by side, cut after line breaks and blanks.
  private func broken(_ text: String, _ flat: String, _ indentation: Int, _ after: Int, isOutermost: Bool) -> String {
    let indentation = isOutermost ? indentation + 1 : indentation
    let after = isOutermost ? after + 1 : after
    var pieces: [String] = []
    let lines = PythonString.lines(text, keepsEnds: true)
    for (index, line) in lines.enumerated() {
      let isLast = index == lines.count - 1
      let shown = PythonText.repr(line)
      if PythonString.count(shown) <= width - indentation - (isLast ? after : 0) {
        pieces.append(shown)
      } else {
        pieces += words(of: line, room: width - indentation, after: isLast ? after : 0)
      }
    }
    if pieces.count < 2 { return flat }
    let joined = pieces.joined(separator: "\n" + String(repeating: " ", count: indentation))
    return isOutermost ? "(\(joined))" : joined
  }

  private func words(of line: String, room: Int, after: Int) -> [String] {
    var pieces: [String] = []
    var current = ""
    let parts = ((try? Self.word.matches(in: line)) ?? []).compactMap { $0.group(0) }.filter { !$0.isEmpty }
    for (index, part) in parts.enumerated() {
      let room = index == parts.count - 1 ? room - after : room
      if PythonString.count(PythonText.repr(current + part)) <= room {
        current += part
      } else {
        if !current.isEmpty { pieces.append(PythonText.repr(current)) }
        current = part
      }
    }
    return current.isEmpty ? pieces : pieces + [PythonText.repr(current)]
  }

  private static let word: PythonRegex = {
    do { return try PythonRegex(#"\S*\s*"#) } catch { preconditionFailure("\(error): this is a bug") }
  }()

  private func broken(
    _ elements: [Object], _ open: String, _ close: String, _ indentation: Int, _ after: Int
  ) throws -> String {
    let inner = indentation + 1
    let lines = try elements.enumerated().map { index, element in
      try text(of: element, indentation: inner, after: index == elements.count - 1 ? after + close.count : 1)
    }
    return open + lines.joined(separator: ",\n" + String(repeating: " ", count: inner)) + close
  }

  private func broken(_ dict: DictObject, _ indentation: Int, _ after: Int) throws -> String {
    let inner = indentation + 1
    let keys = try inOrder(dict.keys)
    let lines = try keys.enumerated().map { index, key in
      let name = try evaluation.repr(key)
      let value = try dict.entry(key) ?? .null
      let rest = index == keys.count - 1 ? after + 1 : 1
      return try name + ": " + text(of: value, indentation: inner + PythonString.count(name) + 2, after: rest)
    }
    return "{" + lines.joined(separator: ",\n" + String(repeating: " ", count: inner)) + "}"
  }

  /// With the keys of dicts in order, all the way down.
  private func sorted(_ object: Object) throws -> Object {
    try evaluation.budget.checkStack()
    switch object {
    case .list(let list): return .list(try list.all().map(sorted))
    case .tuple(let elements): return .tuple(try elements.map(sorted))
    case .dict(let dict):
      let result = DictObject()
      for key in try inOrder(dict.keys) { result[key] = try sorted(dict.entry(key) ?? .null) }
      return .dict(result)
    default: return object
    }
  }

  /// Keys in order; those of types that don't compare go by the names of their types.
  private func inOrder(_ keys: [Object]) throws -> [Object] {
    if let sorted = try? evaluation.sorted(keys, by: { $0 }) { return sorted }
    let groups = Dictionary(grouping: keys) { evaluation.typeName($0) }
    return groups.keys.sorted().flatMap { name in
      let group = groups[name] ?? []
      return (try? evaluation.sorted(group, by: { $0 })) ?? group
    }
  }
}
