/// Python's `repr` of a finite float: shortest digits, an exponent below 1e-4 and from 1e16 on.
enum PythonFloat {
  static func text(_ number: Double) -> String {
    let magnitude = number.magnitude
    guard magnitude != 0 else { return number.sign == .minus ? "-0.0" : "0.0" }
    let (digits, exponent) = shortest(magnitude)
    let sign = number < 0 ? "-" : ""
    return sign + (exponent < -4 || exponent >= 16 ? scientific(digits, exponent) : positional(digits, exponent))
  }

  /// Digits without a point, and the power of ten of the first of them; from Swift's own shortest form.
  private static func shortest(_ magnitude: Double) -> (digits: String, exponent: Int) {
    let text = magnitude.description
    let mantissa = text.prefix { $0 != "e" }
    let power = Int(text.dropFirst(mantissa.count + 1)) ?? 0
    let whole = mantissa.prefix { $0 != "." }
    let all = mantissa.filter { $0 != "." }
    let digits = all.drop { $0 == "0" }
    let trimmed = String(digits.reversed().drop { $0 == "0" }.reversed())
    return (trimmed, power + whole.count - 1 - (all.count - digits.count))
  }

  private static func scientific(_ digits: String, _ exponent: Int) -> String {
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    let power = String(exponent.magnitude)
    return digits.prefix(1) + fraction + (exponent < 0 ? "e-" : "e+") + (power.count < 2 ? "0" + power : power)
  }

  private static func positional(_ digits: String, _ exponent: Int) -> String {
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
    guard digits.count > exponent + 1 else {
      return digits + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
    }
    return digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
  }
}
