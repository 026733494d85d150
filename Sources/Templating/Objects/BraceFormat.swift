import Model

/// Python's `str.format`.
struct BraceFormat {
  private let format: String
  private let arguments: Arguments
  private let evaluation: Evaluation
  private let escapes: Bool
  private var automatic = 0
  /// Whether its fields carry numbers, once one has shown it.
  private var isNumbered: Bool?

  init(_ format: String, _ arguments: Arguments, in evaluation: Evaluation, escapes: Bool = false) {
    self.format = format
    self.arguments = arguments
    self.evaluation = evaluation
    self.escapes = escapes
  }

  func result() throws -> String {
    var copy = self
    return try copy.run(format, depth: 2)
  }

  private mutating func run(_ format: String, depth: Int) throws -> String {
    if depth < 0 { throw Failure.value("Max string recursion exceeded") }
    var output = ""
    var rest = Substring(format).unicodeScalars
    while let scalar = rest.popFirst() {
      switch scalar {
      case "{" where rest.first == "{", "}" where rest.first == "}":
        rest.removeFirst()
        output.unicodeScalars.append(scalar)
      case "{" where rest.isEmpty: throw Failure.value("Single '{' encountered in format string")
      case "{": output += try field(&rest, depth: depth)
      case "}": throw Failure.value("Single '}' encountered in format string")
      default: output.unicodeScalars.append(scalar)
      }
      try evaluation.budget.check(textBytes: output.utf8.count)
    }
    return output
  }

  private mutating func field(_ rest: inout Substring.UnicodeScalarView, depth: Int) throws -> String {
    var text = ""
    var level = 1
    while true {
      guard let scalar = rest.popFirst() else { throw Failure.value("expected '}' before end of string") }
      if scalar == "{" { level += 1 }
      if scalar == "}" { level -= 1 }
      if level == 0 { break }
      text.unicodeScalars.append(scalar)
    }
    let (head, specification) = split(text, at: ":")
    let (name, conversion) = split(head, at: "!")
    let object = try converted(lookUp(name), conversion)
    let format = try FormatSpecification(run(specification ?? "", depth: depth - 1))
    if escapes, format.type == nil, format.width == 0 { return try evaluation.escaped(object) }
    return try format.format(object, in: evaluation)
  }

  /// What stands before and after a separator outside of brackets.
  private func split(_ text: String, at separator: Unicode.Scalar) -> (String, String?) {
    var isInBrackets = false
    let scalars = text.unicodeScalars
    for index in scalars.indices {
      if scalars[index] == "[" { isInBrackets = true }
      if scalars[index] == "]" { isInBrackets = false }
      if scalars[index] == separator && !isInBrackets {
        return (String(scalars[..<index]), String(scalars[scalars.index(after: index)...]))
      }
    }
    return (text, nil)
  }

  private func converted(_ object: Object, _ conversion: String?) throws -> Object {
    switch conversion {
    case nil: return object
    case "s": return .string(try evaluation.text(object))
    case "r": return .string(try evaluation.repr(object))
    case "a": return .string(PythonText.ascii(try evaluation.repr(object)))
    case let other?: throw Failure.value("Unknown conversion specifier \(other)")
    }
  }

  private mutating func lookUp(_ name: String) throws -> Object {
    let first = name.prefix { $0 != "." && $0 != "[" }
    var object = try argument(String(first))
    var rest = name[first.endIndex...]
    while let mark = rest.first {
      rest.removeFirst()
      if mark == "." {
        let attribute = rest.prefix { $0 != "." && $0 != "[" }
        rest = rest[attribute.endIndex...]
        object = try evaluation.attribute(object, String(attribute))
      } else {
        let key = rest.prefix { $0 != "]" }
        rest = rest[key.endIndex...].dropFirst()
        object = try evaluation.item(object, Int(key).map { .int($0) } ?? .string(String(key)))
      }
      if case .undefined(let undefined) = object { return try withoutAccess(undefined) }
    }
    return evaluation.reveal(object)
  }

  /// Jinja's sandbox prints nothing for what must not be looked at.
  private func withoutAccess(_ undefined: Undefined) throws -> Object {
    if evaluation.dialect.undefined == .strict { throw undefined.failure }
    return .string("")
  }

  private mutating func argument(_ name: String) throws -> Object {
    var index = Int(name)
    if name.isEmpty {
      if isNumbered == true { throw Failure.value("cannot switch from manual field specification to automatic field numbering") }
      isNumbered = false
      index = automatic
      automatic += 1
    } else if index != nil {
      if isNumbered == false { throw Failure.value("cannot switch from automatic field numbering to manual field specification") }
      isNumbered = true
    }
    if let index {
      guard arguments.positional.indices.contains(index) else {
        throw Failure.value("Replacement index \(index) out of range for positional args tuple")
      }
      return arguments.positional[index]
    }
    guard let found = arguments[named: name] else { throw Failure.value("'\(name)'") }
    return found
  }
}
