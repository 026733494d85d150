/// Python's `pprint`, for lines of 80 columns.
struct PrettyPrinter {
  private let evaluation: Evaluation
  private let width = 80

  init(_ evaluation: Evaluation) { self.evaluation = evaluation }

  func text(of object: Object) throws -> String { try text(of: object, indentation: 0, after: 0) }

  private func text(of object: Object, indentation: Int, after: Int) throws -> String {
    try evaluation.budget.checkStack()
    let flat = try evaluation.repr(sorted(object))
    if PythonString.count(flat) + indentation + after < width { return flat }
    switch object {
    case .list(let list): return try broken(list.all(), "[", "]", indentation, after)
    case .tuple(let elements): return try broken(elements, "(", elements.count == 1 ? ",)" : ")", indentation, after)
    case .dict(let dict): return try broken(dict, indentation, after)
    default: return flat
    }
  }

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
    let keys = try evaluation.sorted(dict.keys) { $0 }
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
      for key in try evaluation.sorted(dict.keys, by: { $0 }) { result[key] = try sorted(dict.entry(key) ?? .null) }
      return .dict(result)
    default: return object
    }
  }
}
