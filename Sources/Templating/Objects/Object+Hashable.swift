import BigInt
import Model

/// Equality and hashing of what may be a dict's key: numbers compare across types by magnitude, text by code point.
/// Equality of containers, which may have to render their elements, is `Evaluation.equal`.
extension Object: Hashable {
  static func == (left: Object, right: Object) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.source(let text), let other), (let other, .source(let text)): .string(text) == other
    case (.int(let left), .int(let right)): left == right
    case (.secret(let secret), let other), (let other, .secret(let secret)): secret.inner == other
    case (.markup(let markup), let other), (let other, .markup(let markup)): .string(markup.text) == other
    case (.null, .null), (.omit, .omit), (.unset, .unset): true
    case (.tuple(let left), .tuple(let right)): left == right
    case (.timestamp(let left), .timestamp(let right)): left.timestamp == right.timestamp
    case (.instance(let left), .instance(let right)): left === right
    case (.list(let left), .list(let right)): left === right
    case (.dict(let left), .dict(let right)): left === right
    case (.undefined(let left), .undefined(let right)): left === right
    case (.range(let left), .range(let right)):
      left.count == right.count && (left.count == 0 || (left.start == right.start && left.step == right.step))
    default: Object.numbersAreEqual(left, right)
    }
  }

  private static func numbersAreEqual(_ left: Object, _ right: Object) -> Bool {
    guard let left = Number(left), let right = Number(right) else { return false }
    return left.isEqual(to: right)
  }

  func hash(into hasher: inout Hasher) {
    switch self {
    case .string(let text), .source(let text): Object.hash(text, into: &hasher)
    case .markup(let markup): Object.hash(markup.text, into: &hasher)
    case .int(let number): hasher.combine(Double(number))
    case .bool(let flag): hasher.combine(flag ? 1.0 : 0.0)
    case .float(let number): hasher.combine(number)
    case .bigInt(let number): hasher.combine(Double(number.value))
    case .secret(let secret): secret.inner.hash(into: &hasher)
    case .tuple(let elements): hasher.combine(elements)
    case .timestamp(let moment): hasher.combine(moment.timestamp)
    case .instance(let instance): hasher.combine(ObjectIdentifier(instance))
    case .list(let list): hasher.combine(ObjectIdentifier(list))
    case .dict(let dict): hasher.combine(ObjectIdentifier(dict))
    case .undefined(let undefined): hasher.combine(ObjectIdentifier(undefined))
    case .lazy(let lazy): hasher.combine(ObjectIdentifier(lazy))
    case .range(let range): hasher.combine(range.count)
    case .null: hasher.combine(1)
    case .omit: hasher.combine(2)
    case .unset: hasher.combine(3)
    }
  }

  private static func hash(_ text: String, into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
