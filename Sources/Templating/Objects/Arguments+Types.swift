/// Arguments of the type that a function wants, or Python's complaint.
extension Evaluation {
  /// The text of an argument; what is no string is an error.
  func string(_ object: Object, _ what: String) throws -> String {
    if let text = reveal(object).plainText { return text }
    if case .undefined(let undefined) = object { throw undefined.failure }
    throw Failure.type("\(what) must be str, not \(typeName(object))")
  }

  func string(_ arguments: Arguments, _ index: Int, _ name: String) throws -> String? {
    guard let object = arguments[index, name], !object.isNone else { return nil }
    return try string(object, name)
  }

  /// An argument as text, whatever it is.
  func text(_ arguments: Arguments, _ index: Int, _ name: String, _ standard: String) throws -> String {
    guard let object = arguments[index, name] else { return standard }
    return try text(object)
  }

  /// A count, width or place. What is so large that reckoning with it might leave the machine's integers is refused.
  func integer(_ object: Object) throws -> Int {
    switch Number(reveal(object)) {
    case .int(let number)? where abs(Double(number)) < 0x1p60: return number
    case .int?, .big?: throw Failure.value("Python int too large to convert to C ssize_t")
    default: break
    }
    if case .undefined(let undefined) = object { throw undefined.failure }
    throw Failure.type("'\(typeName(object))' object cannot be interpreted as an integer")
  }

  func integer(_ arguments: Arguments, _ index: Int, _ name: String) throws -> Int? {
    guard let object = arguments[index, name], !object.isNone else { return nil }
    return try integer(object)
  }

  func flag(_ arguments: Arguments, _ index: Int, _ name: String, _ standard: Bool = false) throws -> Bool {
    guard let object = arguments[index, name] else { return standard }
    return try isTrue(object)
  }

  func dict(_ object: Object, _ what: String) throws -> DictObject {
    if case .dict(let dict) = reveal(object) { return dict }
    if case .undefined(let undefined) = object { throw undefined.failure }
    throw Failure.type("\(what) must be a dict, not \(typeName(object))")
  }
}
