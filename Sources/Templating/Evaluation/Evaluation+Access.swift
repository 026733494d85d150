import Model

/// Attributes, items, iteration and calls.
extension Evaluation {
  /// `object.name`: a method or attribute first, then an item, as Jinja has it.
  func attribute(_ object: Object, _ name: String) throws -> Object {
    switch object {
    case .dict(let dict):
      if let method = DictMethods.table[name] { return .instance(BoundMethod(name, of: object, method)) }
      if let entry = try dict.entry(.string(name)) { return entry }
    case .source, .secret: return try tracked { try attribute(reveal(object), name) }
    case .undefined(let undefined): return try attribute(of: undefined, name)
    case .instance(let instance):
      if let found = try instance.attribute(name, in: self) { return found }
      if let found = try instance.item(.string(name), in: self) { return found }
    default:
      if let method = method(name, of: object) { return .instance(BoundMethod(name, of: object, method)) }
      if let found = try Attributes.find(name, of: object) { return found }
    }
    if name == "__class__", !dialect.isSandboxed { return .instance(PythonClass(qualifiedTypeName(object))) }
    return missing(.string(name), in: object)
  }

  /// A built-in type's method; nil where the type has none of that name.
  func method(_ name: String, of object: Object) -> Method? {
    switch object {
    case .string, .source, .markup: StringMethods.table[name]
    case .dict: DictMethods.table[name]
    case .list: ListMethods.table[name]
    case .tuple: ListMethods.tupleTable[name]
    case .int, .bool, .bigInt: NumberMethods.integerTable[name]
    case .float: NumberMethods.floatTable[name]
    case .timestamp: TimestampMethods.table[name]
    default: nil
    }
  }

  /// `object[key]`: an item first, then an attribute of that name.
  func item(_ object: Object, _ key: Object) throws -> Object {
    switch (object, key) {
    case (.source, _), (_, .source), (.secret, _), (_, .secret): return try tracked { try item(reveal(object), reveal(key)) }
    case (.undefined(let undefined), _): return try attribute(of: undefined, text(key))
    case (_, .undefined(let undefined)):
      return .undefined(undefined)
    case (.dict(let dict), _):
      try checkHashable(key)
      if let entry = try dict.entry(key) { return entry }
    case (.instance(let instance), _):
      if let found = try instance.item(key, in: self) { return found }
    case (_, .int(let index)):
      if let element = try element(of: object, at: index) { return element }
    case (_, .bool(let flag)):
      if let element = try element(of: object, at: flag ? 1 : 0) { return element }
    default: break
    }
    if let name = key.plainText { return try attributeAsItem(object, name) }
    return missing(key, in: object)
  }

  private func attributeAsItem(_ object: Object, _ name: String) throws -> Object {
    if case .instance(let instance) = object, let found = try instance.attribute(name, in: self) { return found }
    if let method = method(name, of: object) { return .instance(BoundMethod(name, of: object, method)) }
    return try Attributes.find(name, of: object) ?? missing(.string(name), in: object)
  }

  private func element(of object: Object, at index: Int) throws -> Object? {
    func position(_ count: Int) -> Int? {
      let position = index < 0 ? index + count : index
      return (0..<count).contains(position) ? position : nil
    }
    switch object {
    case .list(let list): return try position(list.count).map { try list.element(at: $0) }
    case .tuple(let elements): return position(elements.count).map { elements[$0] }
    case .range(let range): return position(range.count).map { .int(range[$0]) }
    case .string(let text): return PythonString.element(of: text, at: index).map { .string($0) }
    case .markup(let markup): return PythonString.element(of: markup.text, at: index).map { .markup(Markup($0)) }
    default: return nil
    }
  }

  func missing(_ key: Object, in object: Object) -> Object {
    let shown =
      dialect.undefined == .debug
      ? "no such element: \(object.isNone ? "None" : "\(qualifiedTypeName(object)) object")[\((try? repr(key)) ?? "?")]" : nil
    return .undefined(Undefined(name: key.plainText ?? "", shown: shown) { [self] in missingFailure(key, in: object) })
  }

  private func missingFailure(_ key: Object, in object: Object) -> Failure {
    let shown = (try? repr(key)) ?? "?"
    let type = typeName(object)
    if case .string(let name) = key, name.hasPrefix("__") {
      return .undefined("access to attribute '\(name)' of '\(type)' object is unsafe.")
    }
    let message =
      dialect.speaksAnsible && key.plainText != nil
      ? "object of type '\(type)' has no attribute \(shown)" : jinjaWords(key, object, shown)
    return .undefined(message, advice: suggestion(for: key, in: object))
  }

  private func jinjaWords(_ key: Object, _ object: Object, _ shown: String) -> String {
    let type = object.isNone ? "None" : "\(qualifiedTypeName(object)) object"
    return key.plainText == nil ? "\(type) has no element \(shown)" : "'\(type)' has no attribute \(shown)"
  }

  /// A type's name with the Python module that it would stand in.
  private func qualifiedTypeName(_ object: Object) -> String {
    if case .instance(let instance) = object { instance.qualifiedTypeName } else { typeName(object) }
  }

  /// The nearest key that a dict does have.
  private func suggestion(for key: Object, in object: Object) -> String? {
    guard case .string(let name) = key, case .dict(let dict) = object, dict.count < 2000 else { return nil }
    return nearestName(to: name, among: dict.keys.compactMap(\.plainText)).map { "did you mean '\($0)'?" }
  }

  private func attribute(of undefined: Undefined, _ name: String) throws -> Object {
    if name == "_undefined_name", !dialect.isSandboxed { return .string(undefined.name) }
    if dialect.chainsUndefined && !undefined.isInlineIf || dialect.undefined == .chainable {
      return .undefined(undefined)
    }
    throw undefined.failure
  }

  /// What a `for` runs over; fails for what can't be iterated.
  func elements(_ object: Object) throws -> [Object] {
    if case .list(let list) = object { return try list.all() }
    if let elements = try iterable(object) { return elements }
    throw Failure.type("'\(typeName(object))' object is not iterable")
  }

  /// What a `for` runs over, as a list; one that is a list already is itself.
  func list(_ object: Object) throws -> ListObject {
    if case .list(let list) = object { return list }
    return ListObject(try elements(object))
  }

  /// The elements of what can be iterated, else nil.
  func iterable(_ object: Object) throws -> [Object]? {
    switch object {
    case .list(let list): return try list.all()
    case .tuple(let elements): return elements
    case .dict(let dict): return dict.keys
    case .string(let text), .source(let text): return PythonString.characters(of: text).map { .string($0) }
    // Single characters of markup are no markup: out of their context they may be half of anything.
    case .markup(let markup): return PythonString.characters(of: markup.text).map { .string($0) }
    case .range(let range): return (0..<range.count).map { .int(range[$0]) }
    case .instance(let instance): return try instance.elements(in: self)
    case .undefined(let undefined):
      if dialect.undefined == .strict && !undefined.isInlineIf { throw undefined.failure }
      return []
    case .secret(let secret):
      hasRevealed = true
      return try iterable(secret.inner)?.map { self.secret($0) }
    case .lazy(let lazy): return try iterable(lazy.force())
    default: return nil
    }
  }

  /// The number of elements; nil for what has none.
  func length(_ object: Object) throws -> Int? {
    switch object {
    case .string(let text), .source(let text): return PythonString.count(text)
    case .markup(let markup): return PythonString.count(markup.text)
    case .list(let list): return list.count
    case .tuple(let elements): return elements.count
    case .dict(let dict): return dict.count
    case .range(let range): return range.count
    case .secret: return try length(reveal(object))
    default: return try iterable(object)?.count
    }
  }

  func call(_ callee: Object, _ arguments: Arguments) throws -> Object {
    switch callee {
    case .instance(let instance): return try instance.call(arguments, in: self)
    case .undefined(let undefined): throw undefined.failure
    case .secret: return try tracked { try call(reveal(callee), arguments) }
    default: throw Failure.type("'\(typeName(callee))' object is not callable")
    }
  }

  /// Unpacks exactly as many elements as there are names.
  func unpack(_ object: Object, count: Int) throws -> [Object] {
    guard let elements = try iterable(object) else {
      throw Failure.type("cannot unpack non-iterable \(typeName(object)) object")
    }
    if elements.count > count { throw Failure.type("too many values to unpack (expected \(count))") }
    if elements.count < count {
      throw Failure.type("not enough values to unpack (expected \(count), got \(elements.count))")
    }
    return elements
  }
}
