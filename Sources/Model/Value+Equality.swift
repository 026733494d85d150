import BigInt
import Glibc

/// Equality and hashing as Python's `==` and `hash`: numbers and booleans compare by magnitude across types, strings by
/// code point (not by canonical equivalence), dicts without regard to order. A mark makes no difference.
extension Value: Hashable {
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.secret(let secret), let other), (let other, .secret(let secret)): secret.revealed == other.revealed
    case (.string(let left), .string(let right)), (.string(let left), .source(let right)),
      (.source(let left), .string(let right)), (.source(let left), .source(let right)):
      left.hasSameBytes(as: right)
    case (.null, .null), (.omit, .omit): true
    case (.list(let left), .list(let right)): left == right
    case (.dict(let left), .dict(let right)): left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    case (.timestamp(let left), .timestamp(let right)): left == right
    case (.bigInt(let left), .bigInt(let right)): left == right
    case (.float, _), (_, .float): left.double != nil && left.double == right.double
    default: left.smallInteger != nil && left.smallInteger == right.smallInteger
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .omit: hasher.combine(1)
    case .string(let text), .source(let text):
      var text = text
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    case .list(let elements): hasher.combine(elements)
    case .dict(let entries): hasher.combine(entries.count)
    case .timestamp(let timestamp): hasher.combine(timestamp)
    case .float, .int, .bigInt, .bool: hasher.combine(double)
    case .secret(let secret): secret.revealed.hash(into: &hasher)
    }
  }

  private var smallInteger: Int? {
    switch self {
    case .int(let number): number
    case .bool(let flag): flag ? 1 : 0
    default: nil
    }
  }

  private var double: Double? {
    switch self {
    case .float(let number): number
    case .int(let number): Double(number)
    case .bool(let flag): flag ? 1 : 0
    case .bigInt(let number): Double(number)
    default: nil
    }
  }
}

extension String {
  /// Equality by code points; `==` would also equate what is only canonically equivalent.
  package func hasSameBytes(as other: String) -> Bool {
    // Short texts hold their bytes in themselves: most comparisons end here.
    if unsafeBitCast(self, to: (UInt64, UInt64).self) == unsafeBitCast(other, to: (UInt64, UInt64).self) { return true }
    let count = utf8.count
    guard count == other.utf8.count else { return false }
    let areSame = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { right in
        count == 0 || memcmp(left.baseAddress!, right.baseAddress!, count) == 0
      }
    }
    return areSame.flatMap { $0 } ?? utf8.elementsEqual(other.utf8)
  }
}
