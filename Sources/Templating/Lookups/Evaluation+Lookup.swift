import Model

/// `lookup`, `query` and `q`.
extension Evaluation {
  func lookup(_ arguments: Arguments, isQuery: Bool) throws -> Object {
    guard let first = arguments.positional.first else {
      throw Failure.type("lookup() missing 1 required positional argument: 'plugin_name'")
    }
    let name = try string(first, "plugin name")
    var options = arguments.named
    let wantsList =
      try options.firstIndex { $0.name == "wantlist" }.map { try isTrue(options.remove(at: $0).value) } ?? false
    let errors =
      try options.firstIndex { $0.name == "errors" }.map { try text(options.remove(at: $0).value) } ?? "strict"
    let results: [Object]
    do {
      results = try lookUp(name, Array(arguments.positional.dropFirst()), options)
    } catch let failure as Failure where errors != "strict" && failure.kind == .runtime {
      return isQuery || wantsList ? .list([Object]()) : .null
    } catch let failure as Failure where failure.kind == .undefined {
      return .undefined(Undefined(name: failure.variable ?? "", failure: failure))
    }
    if isQuery || wantsList { return .list(results) }
    return try joined(results)
  }

  func lookUp(
    _ name: String, _ terms: [Object], _ options: [(name: String, value: Object)], loopFolder: String? = nil
  ) throws -> [Object] {
    let short = PluginNames.short(name)
    if let pure = PureLookups.table[short] {
      return try pure(Arguments(positional: terms, named: options), self)
    }
    return try outsideLookup(name, terms, options, loopFolder: loopFolder)
  }

  /// A lookup by those who know the outside.
  func outsideLookup(
    _ name: String, _ terms: [Object], _ options: [(name: String, value: Object)] = [], loopFolder: String? = nil
  ) throws -> [Object] {
    var values = Value.Dict()
    for option in options { values[.string(option.name)] = try value(of: reveal(option.value)) }
    let isTolerant = PluginNames.short(name) == "first_found" && loopFolder != nil
    let given = try terms.compactMap { try isTolerant ? defined($0) : value(of: reveal($0)) }
    let found: [Value]?
    do {
      found = try renderer.lookups?.lookup(
        PluginNames.short(name), terms: given, options: values, loopFolder: loopFolder, in: scope)
    } catch {
      throw Failure(error.kind, error.diagnostic.message, advice: error.diagnostic.advice)
    }
    guard let found else {
      let near = nearestName(to: name, among: Array(PureLookups.table.keys) + ControllerLookups.names)
      throw Failure(.runtime, "The lookup plugin '\(name)' was not found.", advice: near.map { "did you mean '\($0)'?" })
    }
    return found.map(Object.init)
  }

  /// The value without what is undefined in it; nil where it is undefined itself. `first_found` passes over such names.
  func defined(_ object: Object) throws -> Value? {
    do {
      switch reveal(object) {
      case .undefined: return nil
      case .list(let list): return .list(try list.all().compactMap { try defined($0) })
      case .tuple(let elements): return .list(try elements.compactMap { try defined($0) })
      case .dict(let dict):
        var values = Value.Dict()
        for (key, element) in try dict.all() { if let known = try defined(element) { values[try value(of: key)] = known } }
        return .dict(values)
      case let other: return try value(of: other)
      }
    } catch let failure as Failure where failure.kind == .undefined { return nil }
  }

  /// `lookup` comes to one value: text with commas between, a single other value, or the list.
  private func joined(_ results: [Object]) throws -> Object {
    if results.count == 1 { return results[0] }
    if results.isEmpty { return .list([Object]()) }
    guard results.allSatisfy({ reveal($0).plainText != nil }) else { return .list(results) }
    return .string(try results.map { try text($0) }.joined(separator: ","))
  }
}

extension Evaluation {
  /// Terms with the lists among them opened, so many levels deep.
  func flattened(_ terms: [Object], levels: Int) throws -> [Object] {
    var result: [Object] = []
    for term in terms { try appendFlattened(term, to: &result, levels: levels) }
    return result
  }

  /// Adds a term, or what is in it if it is a list, so many levels deep.
  func appendFlattened(_ object: Object, to result: inout [Object], levels: Int) throws {
    try budget.checkStack()
    switch object {
    case .list, .tuple:
      if levels == 0 {
        result.append(object)
      } else {
        for element in try elements(object) { try appendFlattened(element, to: &result, levels: levels - 1) }
      }
    default: result.append(object)
    }
  }
}
