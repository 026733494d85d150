import Model
import OrderedCollections

/// The way in: values as objects. Containers are taken as they are and looked into when somebody reads them.
extension Object {
  init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .int(let number): self = .int(number)
    case .bigInt(let number): self = .integer(number)
    case .float(let number): self = .float(number)
    case .string(let text): self = .string(text)
    case .source(let text): self = .source(text)
    case .timestamp(let timestamp): self = .timestamp(Moment(timestamp))
    case .list(let elements): self = .list(ListObject(values: elements))
    case .dict(let entries): self = .dict(DictObject(values: entries))
    case .secret(let secret): self = .secret(SecretObject(Object(secret.revealed)))
    case .omit: self = .omit
    }
  }

  /// Nil for what has an identity of its own: lists and dicts.
  init?(scalar value: Value) {
    switch value {
    case .list, .dict, .secret: return nil
    default: self.init(value)
    }
  }
}

extension Value {
  /// A dict's key as a value, good enough to look it up.
  init(key: Object) {
    switch key {
    case .string(let text), .source(let text): self = .string(text)
    case .markup(let markup): self = .string(markup.text)
    case .int(let number): self = .int(number)
    case .bool(let flag): self = .bool(flag)
    case .float(let number): self = .float(number)
    case .bigInt(let number): self = .bigInt(number.value)
    case .timestamp(let moment): self = .timestamp(moment.timestamp)
    case .tuple(let elements): self = .list(elements.map { Value(key: $0) })
    case .secret(let secret): self.init(key: secret.inner)
    case .null: self = .null
    default: self = .omit
    }
  }
}
