import Model

/// The order that Python's `sorted` gives to a dict's keys.
enum PythonOrder {
  /// Keys that don't compare with each other (a text and a number) stay as they are.
  static func sorted(_ keys: [Value]) -> [Value] {
    let texts = keys.compactMap(\.string)
    if texts.count == keys.count {
      return zip(keys, texts).sorted { $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) }.map(\.0)
    }
    let numbers = keys.compactMap(number)
    guard numbers.count == keys.count else { return keys }
    return zip(keys, numbers).sorted { $0.1 < $1.1 }.map(\.0)
  }

  private static func number(_ key: Value) -> Double? {
    switch key.revealed {
    case .int(let number): Double(number)
    case .bool(let flag): flag ? 1 : 0
    case .float(let number): number
    case .bigInt(let number): Double(number)
    default: nil
    }
  }
}
