import Model
import OrderedCollections

/// A mutable Python dict. Entries that come from a variable stay as they are until somebody reads them.
final class DictObject {
  private enum Origin {
    case values
    indirect case sources(OrderedDictionary<Value, SourceValue>, Evaluation)
    indirect case mapping(any LazyMapping, Evaluation)
  }

  private var entries: OrderedDictionary<Object, Object>
  private var origin: Origin?
  /// What came from a variable, where that is the origin: never changed, so that reading it costs nothing.
  private let values: Value.Dict
  private var mayHoldLazy = false
  /// What a settled mapping may hold beside its keys, as `hostvars` does for the implicit localhost.
  private var unlisted: (mapping: any LazyMapping, evaluation: Evaluation)?

  init(_ entries: OrderedDictionary<Object, Object> = [:]) {
    self.entries = entries
    values = [:]
  }

  init(values: Value.Dict) {
    entries = [:]
    origin = .values
    self.values = values
  }

  init(sources: OrderedDictionary<Value, SourceValue>, in evaluation: Evaluation) {
    entries = [:]
    values = [:]
    origin = .sources(sources, evaluation)
  }

  init(mapping: any LazyMapping, in evaluation: Evaluation) {
    entries = [:]
    values = [:]
    origin = .mapping(mapping, evaluation)
  }

  var count: Int {
    switch origin {
    case nil: entries.count
    case .values: values.count
    case .sources(let sources, _): sources.count
    case .mapping(let mapping, _): mapping.keys.count
    }
  }

  /// As `entry`, for a name.
  func entry(named name: String) throws -> Object? {
    guard case .values = origin else { return try entry(.string(name)) }
    guard let index = values.index(ofText: name) else { return nil }
    let found = values.values[index]
    return Object(scalar: found) ?? entry(.string(name), made: found)
  }

  /// The entry, rendered; nil where there is none.
  func entry(_ key: Object) throws -> Object? {
    switch origin {
    case .values:
      guard let found = values[Value(key: key)] else { return nil }
      return Object(scalar: found) ?? entry(key, made: found)
    case .mapping(let mapping, let evaluation):
      return try entry(key, of: mapping, in: evaluation)
    case nil, .sources: settle()
    }
    guard let found = entries[key] else {
      guard let unlisted, case .string(let name) = key, let variable = unlisted.mapping.variable(forKey: name) else { return nil }
      return try unlisted.evaluation.object(of: variable, named: name)
    }
    guard case .lazy(let lazy) = found else { return found }
    let object = try lazy.force()
    entries[key] = object
    return object
  }

  /// The object of an entry that has an identity of its own: made once, the others left as they are.
  private func entry(_ key: Object, made value: Value) -> Object {
    if let known = entries[key] { return known }
    let object = Object(value)
    entries[key] = object
    return object
  }

  /// Reads one entry of a dict that is made on use, without making the others.
  private func entry(_ key: Object, of mapping: any LazyMapping, in evaluation: Evaluation) throws -> Object? {
    if let known = entries[key] { return known }
    guard case .string(let name) = key, let variable = mapping.variable(forKey: name) else { return nil }
    let object = try evaluation.object(of: variable, named: name)
    entries[key] = object
    return object
  }

  /// True where nobody can tell it from one made anew of the same values.
  var isUntouched: Bool {
    if case .values = origin { entries.isEmpty } else { false }
  }

  func contains(_ key: Object) -> Bool {
    switch origin {
    case .values: return values.keys.contains(Value(key: key))
    case .mapping(let mapping, _):
      guard case .string(let name) = key else { return false }
      return mapping.variable(forKey: name) != nil
    case nil, .sources:
      settle()
      if entries.keys.contains(key) { return true }
      guard let unlisted, case .string(let name) = key else { return false }
      return unlisted.mapping.variable(forKey: name) != nil
    }
  }

  var keys: [Object] {
    settle()
    return Array(entries.keys)
  }

  /// All entries, rendered.
  func all() throws -> OrderedDictionary<Object, Object> {
    settle()
    guard mayHoldLazy else { return entries }
    for index in entries.elements.indices {
      if case .lazy(let lazy) = entries.values[index] { entries.values[index] = try lazy.force() }
    }
    mayHoldLazy = false
    return entries
  }

  /// All entries as they stand, for a copy that stays lazy.
  func unrendered() -> OrderedDictionary<Object, Object> {
    settle()
    return entries
  }

  /// A dict that shares what is not rendered yet.
  func copy() -> DictObject {
    settle()
    let copy = DictObject(entries)
    copy.mayHoldLazy = mayHoldLazy
    return copy
  }

  /// Takes entries as they stand in another dict.
  func update(from other: DictObject) {
    settle()
    for (key, value) in other.unrendered() { entries[key] = value }
    mayHoldLazy = mayHoldLazy || other.mayHoldLazy
  }

  func change(_ body: (inout OrderedDictionary<Object, Object>) throws -> Void) rethrows {
    settle()
    unlisted = nil
    try body(&entries)
  }

  subscript(key: Object) -> Object? {
    get {
      settle()
      return entries[key]
    }
    set {
      settle()
      unlisted = nil
      entries[key] = newValue
    }
  }

  /// Makes objects of what came from a variable, one level deep.
  private func settle() {
    switch origin {
    case nil: return
    case .values:
      let known = entries
      entries = OrderedDictionary(minimumCapacity: values.count)
      for (key, value) in values {
        let key = Object(key)
        entries[key] = known[key] ?? Object(value)
      }
    case .sources(let sources, let evaluation):
      for (key, source) in sources { entries[Object(key)] = evaluation.lazyObject(of: source) }
      mayHoldLazy = true
    case .mapping(let mapping, let evaluation):
      // In the mapping's order, whatever was read before.
      let known = entries
      entries = [:]
      for name in mapping.keys {
        guard let variable = mapping.variable(forKey: name) else { continue }
        entries[.string(name)] = known[.string(name)] ?? .lazy(LazyObject(variable, named: name, in: evaluation))
      }
      mayHoldLazy = true
      unlisted = (mapping, evaluation)
    }
    origin = nil
  }
}
