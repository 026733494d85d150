import BigInt
import OrderedCollections

/// What a variable, fact, result or argument is once nothing is left to render.
///
/// A value cannot hold a template: text in it is text, whatever it looks like. Templates exist only as compiled source
/// (Templating's `Template`), so remote data can never be executed. Text that a source file spells out says so
/// (`source`): a condition that comes to such text is its author's, and is evaluated.
package enum Value: Sendable {
  /// Keys keep their order; they compare as Python's do (`1`, `1.0` and `True` are one key).
  package typealias Dict = OrderedDictionary<Value, Value>

  case null
  case bool(Bool)
  case int(Int)
  /// An integer that does not fit `Int`; arithmetic brings it back to `int` when it does.
  indirect case bigInt(BigInt)
  case float(Double)
  case string(String)
  /// A string that stands in a source file as it is here: a runbook, a variable file, an inventory, `-e`. Only Parsing makes
  /// one; it goes unchanged through variables, containers and loops, and whatever computes with it makes a `string`.
  case source(String)
  indirect case timestamp(Timestamp)
  case list([Value])
  case dict(Dict)
  /// A value that prints as `***`; what is computed from it is secret too.
  indirect case secret(Secret)
  /// Ansible's `omit`: the argument or keyword that it stands for counts as not given.
  case omit
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(floatLiteral value: Double) { self = .float(value) }
  package init(nilLiteral: ()) { self = .null }
  package init(arrayLiteral elements: Value...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (Value, Value)...) {
    self = .dict(Dict(elements, uniquingKeysWith: { _, last in last }))
  }
}

/// A secret looks through to what it holds here: these accessors serve code that acts on values; printing goes by
/// `description`, which does not.
extension Value {
  /// The value without its mark as a secret or as source, at the top level only.
  package var revealed: Value {
    switch self {
    case .secret(let secret): secret.revealed
    case .source(let text): .string(text)
    case .null, .bool, .int, .bigInt, .float, .string, .timestamp, .list, .dict, .omit: self
    }
  }

  /// The value with all its strings marked as source, but for dicts' keys. For Parsing alone.
  package var markedAsSource: Value {
    switch self {
    case .string(let text): .source(text)
    case .list(let elements): .list(elements.map(\.markedAsSource))
    case .dict(let entries): .dict(entries.mapValues(\.markedAsSource))
    case .null, .bool, .int, .bigInt, .float, .source, .timestamp, .secret, .omit: self
    }
  }

  package var isSecret: Bool {
    if case .secret = self { true } else { false }
  }

  package var string: String? {
    if case .string(let text) = revealed { text } else { nil }
  }

  package var int: Int? {
    if case .int(let number) = revealed { number } else { nil }
  }

  package var bool: Bool? {
    if case .bool(let flag) = revealed { flag } else { nil }
  }

  package var list: [Value]? {
    if case .list(let elements) = revealed { elements } else { nil }
  }

  package var dict: Dict? {
    if case .dict(let entries) = revealed { entries } else { nil }
  }

  /// The entry of a dict; nil where this is no dict or has no such key.
  package subscript(key: Value) -> Value? { dict?[key] }
}
