import Model

/// Python's `%` on strings.
struct PercentFormat {
  private var rest: Substring.UnicodeScalarView
  private var arguments: [Object]
  private let mapping: DictObject?
  private let evaluation: Evaluation
  private let escapes: Bool
  private var mayGoUnused = false
  private var used = 0
  private var output = ""

  init(_ format: String, _ right: Object, in evaluation: Evaluation, escapes: Bool = false) {
    rest = Substring(format).unicodeScalars
    self.evaluation = evaluation
    self.escapes = escapes
    switch right {
    case .tuple(let elements): (arguments, mapping) = (elements, nil)
    case .dict(let dict): (arguments, mapping) = ([right], dict)
    // Anything with elements but a tuple may go unused, as Python has it.
    case .list, .undefined: (arguments, mapping, mayGoUnused) = ([right], nil, true)
    default: (arguments, mapping) = ([right], nil)
    }
  }

  func result() throws -> String {
    var copy = self
    return try copy.run()
  }

  private mutating func run() throws -> String {
    var usedMapping = false
    while let scalar = rest.popFirst() {
      if scalar != "%" {
        output.unicodeScalars.append(scalar)
        continue
      }
      if rest.first == "%" {
        rest.removeFirst()
        output += "%"
        continue
      }
      let key = try parseKey()
      usedMapping = usedMapping || key != nil
      try evaluation.budget.check(textBytes: output.utf8.count)
      output += try converted(key)
    }
    if !usedMapping, mapping == nil, !mayGoUnused, used < arguments.count {
      throw Failure.type("not all arguments converted during string formatting")
    }
    return output
  }

  private mutating func parseKey() throws -> String? {
    guard rest.first == "(" else { return nil }
    rest.removeFirst()
    var key = ""
    var depth = 1
    while let scalar = rest.popFirst() {
      if scalar == "(" { depth += 1 }
      if scalar == ")" {
        depth -= 1
        if depth == 0 { return key }
      }
      key.unicodeScalars.append(scalar)
    }
    throw Failure.value("incomplete format key")
  }

  private mutating func argument(_ key: String?) throws -> Object {
    if let key {
      guard let mapping else { throw Failure.type("format requires a mapping") }
      guard let entry = try mapping.entry(.string(key)) else { throw Failure.value("'\(key)'") }
      return try checked(entry)
    }
    guard used < arguments.count else { throw Failure.type("not enough arguments for format string") }
    used += 1
    return try checked(arguments[used - 1])
  }

  private func checked(_ object: Object) throws -> Object {
    if case .undefined(let undefined) = object, evaluation.dialect.undefined == .strict { throw undefined.failure }
    return evaluation.reveal(object)
  }

  private mutating func converted(_ key: String?) throws -> String {
    var specification = FormatSpecification()
    specification.alignment = ">"
    while let flag = rest.first, "-+ #0".unicodeScalars.contains(flag) {
      rest.removeFirst()
      switch flag {
      case "-": specification.alignment = "<"
      case "+": specification.sign = "+"
      case " ": if specification.sign != "+" { specification.sign = " " }
      case "#": specification.isAlternate = true
      default: if specification.alignment != "<" { (specification.fill, specification.alignment) = ("0", "=") }
      }
    }
    if specification.alignment == "<" { specification.fill = " " }
    specification.width = try parseNumber() ?? 0
    if specification.width < 0 { (specification.width, specification.alignment) = (-specification.width, "<") }
    if rest.first == "." {
      rest.removeFirst()
      specification.precision = try parseNumber() ?? 0
    }
    while let size = rest.first, "hlL".unicodeScalars.contains(size) { rest.removeFirst() }
    guard let type = rest.popFirst() else { throw Failure.value("incomplete format") }
    return try converted(try argument(key), type, specification)
  }

  private mutating func parseNumber() throws -> Int? {
    if rest.first == "*" {
      rest.removeFirst()
      return try evaluation.integer(argument(nil))
    }
    let digits = rest.prefix { ("0"..."9").contains($0) }
    rest = rest[digits.endIndex...]
    return digits.isEmpty ? nil : Int(String(digits)) ?? .max
  }

  private func converted(
    _ object: Object, _ type: Unicode.Scalar, _ specification: FormatSpecification
  ) throws -> String {
    var specification = specification
    switch type {
    case "s", "r", "a":
      if specification.fill == "0" { (specification.fill, specification.alignment) = (" ", ">") }
      specification.sign = "-"
      let text =
        switch type {
        case "s": try escapes ? evaluation.escaped(object) : evaluation.text(object)
        case "r": try evaluation.repr(object)
        default: PythonText.ascii(try evaluation.repr(object))
        }
      return try specification.format(.string(text), in: evaluation)
    case "d", "i", "u": return try formatted(whole(object, type), nil, specification)
    case "x", "X", "o": return try formatted(whole(object, type), type, specification)
    case "c":
      if let text = object.plainText { return try specification.format(.string(text), in: evaluation) }
      return try formatted(object, "c", specification)
    case "e", "E", "f", "F", "g", "G":
      guard let number = Number(object) else {
        throw Failure.type("must be real number, not \(evaluation.typeName(object))")
      }
      specification.type = type
      return try specification.format(.float(number.double), in: evaluation)
    default:
      throw Failure.value("unsupported format character '\(String(type))' (0x\(String(type.value, radix: 16)))")
    }
  }

  private func formatted(_ object: Object, _ type: Unicode.Scalar?, _ specification: FormatSpecification) throws
    -> String
  {
    var specification = specification
    specification.type = type
    if let precision = specification.precision {
      specification.precision = nil
      (specification.fill, specification.alignment) = ("0", "=")
      specification.width = max(specification.width, precision)
    }
    return try specification.format(object, in: evaluation)
  }

  private func whole(_ object: Object, _ type: Unicode.Scalar) throws -> Object {
    switch Number(object) {
    case .float(let number)? where type == "d" || type == "i" || type == "u":
      guard number.isFinite else { throw Failure.value("cannot convert float to integer") }
      return Number.float(number.rounded(.towardZero)).truncated
    case .int(let number)?: return .int(number)
    case .big(let number)?: return .integer(number)
    default:
      throw Failure.type("%\(String(type)) format: a real number is required, not \(evaluation.typeName(object))")
    }
  }
}
