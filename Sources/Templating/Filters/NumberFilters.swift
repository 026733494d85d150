import BigInt
import Glibc
import Model

/// Jinja's filters of numbers.
extension Filter {
  static let numberFilters: [Filter] = [
    Filter("abs") { object, _, evaluation in
      switch Number(object) {
      case .int(let number)?: return number == .min ? .integer(-BigInt(number)) : .int(abs(number))
      case .big(let number)?: return .integer(number.sign == .minus ? -number : number)
      case .float(let number)?: return .float(abs(number))
      case nil:
        if case .instance(let instance) = object, let difference = instance as? TimeDifference {
          return .instance(TimeDifference(microseconds: abs(difference.microseconds)))
        }
        throw Failure.type("bad operand type for abs(): '\(evaluation.typeName(object))'")
      }
    },
    Filter("int") { object, arguments, evaluation in
      let standard = arguments[0, "default"] ?? .int(0)
      let base = try evaluation.integer(arguments, 1, "base") ?? 10
      if case .undefined(let undefined) = object { throw undefined.failure }
      return PythonNumber.integer(object, base: base) ?? standard
    },
    Filter("float") { object, arguments, _ in
      if case .undefined(let undefined) = object { throw undefined.failure }
      if let number = Number(object) { return .float(number.double) }
      return object.plainText.flatMap(PythonNumber.float).map { .float($0) } ?? arguments[0, "default"] ?? .float(0)
    },
    Filter("round") { object, arguments, evaluation in
      let precision = try evaluation.integer(arguments, 0, "precision") ?? 0
      let method = try evaluation.string(arguments, 1, "method") ?? "common"
      guard let number = Number(object) else {
        throw Failure.type("type \(evaluation.typeName(object)) doesn't define __round__ method")
      }
      switch method {
      case "common":
        if case .float(let double) = number { return .float(PythonNumber.rounded(double, precision)) }
        return PythonNumber.rounded(number, precision)
      case "ceil", "floor":
        let factor = pow(10, Double(precision))
        return .float((number.double * factor).rounded(method == "ceil" ? .up : .down) / factor)
      default: throw Failure.value("method must be common, ceil or floor")
      }
    },
    Filter("filesizeformat") { object, arguments, evaluation in
      let bytes = try byteCount(object, evaluation)
      return .string(fileSize(bytes, isBinary: try evaluation.flag(arguments, 0, "binary")))
    },
    Filter("sum") { object, arguments, evaluation in
      let attribute = try evaluation.attributeGetter(arguments[0, "attribute"])
      var total = arguments[1, "start"] ?? .int(0)
      if total.plainText != nil { throw Failure.type("sum() can't sum strings [use ''.join(seq) instead]") }
      for element in try evaluation.elements(object) { total = try evaluation.binary(.add, total, attribute(element)) }
      return total
    },
  ]

  private static func byteCount(_ object: Object, _ evaluation: Evaluation) throws -> Double {
    if let number = Number(object) { return number.double }
    if case .undefined(let undefined) = object { throw undefined.failure }
    guard let text = object.plainText else {
      throw Failure.type("float() argument must be a string or a real number, not '\(evaluation.typeName(object))'")
    }
    guard let number = PythonNumber.float(text) else {
      throw Failure.value("could not convert string to float: \(PythonText.repr(text))")
    }
    return number
  }

  private static func fileSize(_ bytes: Double, isBinary: Bool) -> String {
    let base: Double = isBinary ? 1024 : 1000
    let prefixes =
      isBinary
      ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    if bytes == 1 { return "1 Byte" }
    if bytes < base { return FormatSpecification.printf("%.0f", bytes.rounded(.towardZero) + 0) + " Bytes" }
    var unit = base
    for (index, prefix) in prefixes.enumerated() {
      unit = pow(base, Double(index + 2))
      if bytes < unit { return FormatSpecification.printf("%.1f", base * bytes / unit) + " \(prefix)" }
    }
    return FormatSpecification.printf("%.1f", base * bytes / unit) + " \(prefixes[prefixes.count - 1])"
  }
}

/// Python's reading of numbers.
enum PythonNumber {
  /// As `int(object, base)`, with Jinja's second try as a float; nil where neither reads it.
  static func integer(_ object: Object, base: Int) -> Object? {
    if case .float(let number) = object, !number.isFinite { return nil }
    if let number = Number(object) { return number.truncated }
    guard let text = object.plainText else { return nil }
    if let number = integer(text, base: base) { return .integer(number) }
    guard let number = float(text), number.isFinite else { return nil }
    return Number.float(number).truncated
  }

  static func integer(_ text: String, base: Int) -> BigInt? {
    var digits = PythonString.strip(text)
    guard digits.utf8.count < 5000, base == 0 || (2...36).contains(base) else { return nil }
    var isNegative = false
    if digits.hasPrefix("-") || digits.hasPrefix("+") { isNegative = digits.removeFirst() == "-" }
    var base = base
    let prefix = String(digits.prefix(2)).lowercased()
    if let radix = ["0x": 16, "0o": 8, "0b": 2][prefix], base == radix || base == 0 {
      digits = String(digits.dropFirst(2))
      base = radix
    }
    if base == 0 { base = 10 }
    if digits.contains("_") {
      let isFine = !digits.hasPrefix("_") && !digits.hasSuffix("_") && !digits.contains("__")
      guard isFine else { return nil }
      digits = digits.filter { $0 != "_" }
    }
    guard !digits.isEmpty, !digits.hasPrefix("-"), !digits.hasPrefix("+"), let number = magnitude(digits, base: base)
    else { return nil }
    return isNegative ? -number : number
  }

  private static func magnitude(_ digits: String, base: Int) -> BigInt? {
    // BigInt itself stops at base 35.
    if base < 36 { return BigInt(digits, radix: base) }
    var number: BigInt = 0
    for digit in digits {
      guard let value = Int(String(digit), radix: base) else { return nil }
      number = number * BigInt(base) + BigInt(value)
    }
    return number
  }

  static func float(_ text: String) -> Double? {
    var digits = PythonString.strip(text).lowercased()
    let sign: Double = digits.hasPrefix("-") ? -1 : 1
    if digits.hasPrefix("-") || digits.hasPrefix("+") { digits.removeFirst() }
    if ["inf", "infinity"].contains(digits) { return sign * .infinity }
    if digits == "nan" { return .nan }
    guard let first = digits.utf8.first, (0x30...0x39).contains(first) || first == UInt8(ascii: ".") else { return nil }
    if digits.contains("_") { digits = digits.filter { $0 != "_" } }
    if digits.contains("x") || digits.contains("p") { return nil }
    if digits.hasSuffix(".") { digits += "0" }
    digits = PythonString.replace(".e", with: ".0e", in: digits)
    if digits.hasPrefix(".") { digits = "0" + digits }
    return Double(digits).map { sign * $0 }
  }

  /// Python's `round` of an integer, which stays one: half to even.
  static func rounded(_ number: Number, _ precision: Int) -> Object {
    guard precision < 0, let integer = number.big else { return number.object }
    let digits = -precision
    guard digits <= integer.description.utf8.count else { return .int(0) }
    let unit = BigInt(10).power(digits)
    let (quotient, remainder) = integer.magnitude.quotientAndRemainder(dividingBy: unit.magnitude)
    let twice = remainder * 2
    let isUp = twice > unit.magnitude || (twice == unit.magnitude && !quotient.isMultiple(of: 2))
    let rounded = BigInt(quotient + (isUp ? 1 : 0)) * unit
    return .integer(integer.sign == .minus ? -rounded : rounded)
  }

  /// Python's `round`: half to even, on the decimal digits of the number.
  static func rounded(_ number: Double, _ precision: Int) -> Double {
    guard number.isFinite, abs(precision) < 300 else { return number }
    if precision <= 0 {
      let factor = pow(10, Double(-precision))
      return (number / factor).rounded(.toNearestOrEven) * factor
    }
    return Double(FormatSpecification.printf("%.\(precision)f", number)) ?? number
  }
}
