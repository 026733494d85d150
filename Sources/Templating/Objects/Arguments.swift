/// What a filter, test, method or function was called with.
struct Arguments {
  var positional: [Object] = []
  var named: [(name: String, value: Object)] = []

  var isEmpty: Bool { positional.isEmpty && named.isEmpty }

  /// The argument at a position or by name; nil where it was not given.
  subscript(_ index: Int, _ name: String) -> Object? {
    if index < positional.count { return positional[index] }
    if named.isEmpty { return nil }
    return named.first { $0.name == name }?.value
  }

  subscript(named name: String) -> Object? { named.first { $0.name == name }?.value }

  func mapped(_ transform: (Object) -> Object) -> Arguments {
    var arguments = self
    for index in positional.indices { arguments.positional[index] = transform(positional[index]) }
    for index in named.indices { arguments.named[index].value = transform(named[index].value) }
    return arguments
  }

  /// An argument that a function cannot do without.
  func required(_ index: Int, _ name: String, of function: String) throws -> Object {
    guard let found = self[index, name] else {
      throw Failure.type("\(function)() missing 1 required positional argument: '\(name)'")
    }
    return found
  }

  /// Refuses what the function does not know.
  func expect(_ names: [String], of function: String) throws {
    if positional.count > names.count {
      throw Failure.type("\(function)() takes at most \(names.count) arguments (\(positional.count) given)")
    }
    for argument in named where !names.contains(argument.name) {
      throw Failure.type("\(function)() got an unexpected keyword argument '\(argument.name)'")
    }
    for name in names.prefix(positional.count) where named.contains(where: { $0.name == name }) {
      throw Failure.type("\(function)() got multiple values for argument '\(name)'")
    }
  }

  func dropFirst() -> Arguments { Arguments(positional: Array(positional.dropFirst()), named: named) }
}
