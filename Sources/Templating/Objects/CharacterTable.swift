/// Python's tables of characters: what `str.maketrans` makes and `translate` reads.
enum CharacterTable {
  static func made(of arguments: Arguments, _ evaluation: Evaluation) throws -> DictObject {
    let table = DictObject()
    let first = try arguments.required(0, "x", of: "maketrans")
    guard let second = arguments[1, "y"] else {
      for (key, value) in try evaluation.dict(first, "the only argument of maketrans()").all() { table[try code(key, evaluation)] = value }
      return table
    }
    let from = Array(try evaluation.string(first, "maketrans() argument 1").unicodeScalars)
    let to = Array(try evaluation.string(second, "maketrans() argument 2").unicodeScalars)
    if from.count != to.count { throw Failure.value("the first two maketrans arguments must have equal length") }
    for (old, new) in zip(from, to) { table[.int(Int(old.value))] = .int(Int(new.value)) }
    for scalar in try evaluation.string(arguments, 2, "z")?.unicodeScalars ?? "".unicodeScalars { table[.int(Int(scalar.value))] = .null }
    return table
  }

  private static func code(_ key: Object, _ evaluation: Evaluation) throws -> Object {
    guard let text = evaluation.reveal(key).plainText else { return key }
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
      throw Failure.value("string keys in translate table must be of length 1")
    }
    return .int(Int(scalar.value))
  }

  static func translated(_ text: String, _ table: Object, _ evaluation: Evaluation) throws -> String {
    let table = try evaluation.dict(table, "the table of translate()")
    var result = ""
    for scalar in text.unicodeScalars {
      switch try table.entry(.int(Int(scalar.value))).map(evaluation.reveal) {
      case nil: result.unicodeScalars.append(scalar)
      case .null?: continue
      case .int(let code)?:
        guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
          throw Failure.value("character mapping must be in range(0x110000)")
        }
        result.unicodeScalars.append(scalar)
      case let other?: result += try evaluation.string(other, "a character's translation")
      }
      try evaluation.budget.check(textBytes: result.utf8.count)
    }
    return result
  }
}
