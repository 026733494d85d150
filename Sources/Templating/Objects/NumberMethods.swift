import BigInt

/// Python's methods of numbers that templates have a use for.
enum NumberMethods {
  static let integerTable: [String: Method] = [
    "bit_length": { object, _, _ in .int(Number(object)?.big.map { $0.magnitude.bitWidth } ?? 0) },
    "bit_count": { object, _, _ in
      .int(Number(object)?.big.map { $0.magnitude.words.reduce(0) { $0 + $1.nonzeroBitCount } } ?? 0)
    },
    "is_integer": { _, _, _ in .bool(true) },
    "conjugate": { object, _, _ in Number(object)?.object ?? object },
  ]

  static let floatTable: [String: Method] = [
    "is_integer": { object, _, _ in
      guard case .float(let number) = object else { return .bool(false) }
      return .bool(number.isFinite && number == number.rounded())
    },
    "conjugate": { object, _, _ in object },
  ]
}
