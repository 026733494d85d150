import BigInt
import OrderedCollections
import Model

/// Why a value does not fit an option, in the words that ansible-core uses for it.
package struct OptionProblem: Error, Sendable, Equatable {
  package var message: String

  package init(_ message: String) { self.message = message }
}

extension ModuleOption {
  /// What is wrong with a value that a runbook gives as a constant; nil if a module will take it.
  package func problem(with value: Value, named name: String) -> String? {
    do {
      _ = try converted(value, named: name)
      return nil
    } catch {
      return error.message
    }
  }

  /// The value as the option's type has it, its elements and choices checked. Suboptions are left to the caller.
  package func converted(_ value: Value, named name: String) throws(OptionProblem) -> Value {
    if case .secret(let secret) = value { return .secret(Secret(try convertedSecret(secret, named: name))) }
    if value == .null || isOmit(value) { return .null }
    var result: Value
    do {
      result = try kind.converted(value)
    } catch {
      throw Self.unconvertible("argument '\(name)'", value, to: kind, because: error.message)
    }
    if let elements, elements != .dict || suboptions.isEmpty, let list = result.list {
      var converted: [Value] = []
      for element in list { converted.append(try convertedElement(element, elements, named: name)) }
      result = .list(converted)
    }
    return try checkedChoice(result, named: name)
  }

  /// What is wrong with a secret is told without it.
  private func convertedSecret(_ secret: Secret, named name: String) throws(OptionProblem) -> Value {
    do {
      return try converted(secret.revealed, named: name)
    } catch {
      throw OptionProblem(error.message.replacing(secret.revealed.revealedText, with: Secret.mask))
    }
  }

  private func convertedElement(_ value: Value, _ kind: Kind, named name: String) throws(OptionProblem) -> Value {
    do {
      return try kind.converted(value)
    } catch {
      throw Self.unconvertible("Elements value for option '\(name)'", value, to: kind, because: error.message)
    }
  }

  private func isOmit(_ value: Value) -> Bool {
    if case .omit = value { true } else { false }
  }

  private func checkedChoice(_ value: Value, named name: String) throws(OptionProblem) -> Value {
    guard !choices.isEmpty else { return value }
    let allowed = choices.map(\.revealedText).joined(separator: ", ")
    if let list = value.list {
      let strangers = list.filter { !choices.contains($0) }
      guard strangers.isEmpty else {
        let got = strangers.map(\.revealedText).joined(separator: ", ")
        throw OptionProblem("value of \(name) must be one or more of: \(allowed). Got no match for: \(got)")
      }
      return value
    }
    if choices.contains(value) { return value }
    if let word = choiceMeantByBoolean(value) { return word }
    throw OptionProblem("value of \(name) must be one of: \(allowed), got: \(value.revealedText)")
  }

  /// YAML turns an unquoted `yes` or `off` into a boolean; the one choice that reads so was meant.
  private func choiceMeantByBoolean(_ value: Value) -> Value? {
    guard value.string == "True" || value.string == "False" else { return nil }
    let words = value.string == "True" ? Self.trueWords : Self.falseWords
    let meant = choices.filter { choice in choice.string.map { words.contains($0.lowercased()) } ?? false }
    return meant.count == 1 ? meant[0] : nil
  }

  private static func unconvertible(
    _ what: String, _ value: Value, to kind: Kind, because reason: String
  ) -> OptionProblem {
    OptionProblem("\(what) is of type \(value.pythonType) and we were unable to convert to \(kind.rawValue): \(reason)")
  }

  fileprivate static let trueWords: Set = ["yes", "on", "1", "true", "t", "y"]
  fileprivate static let falseWords: Set = ["no", "off", "0", "false", "f", "n"]
}

extension ModuleOption.Kind {
  /// The value as this type has it, by Ansible's rules.
  package func converted(_ value: Value) throws(OptionProblem) -> Value {
    switch self {
    case .raw: value
    case .str, .path: .string(value.revealedText)
    case .bool: .bool(try boolean(value))
    case .int: try integer(value)
    case .float: try float(value)
    case .list: .list(try list(value))
    case .dict: .dict(try dict(value))
    case .jsonarg, .json: .string(try json(value))
    case .bytes: .int(try size(value, unit: "b"))
    case .bits: .int(try size(value, unit: "b"))
    }
  }

  private func boolean(_ value: Value) throws(OptionProblem) -> Bool {
    switch value.revealed {
    case .bool(let flag): return flag
    case .int(0): return false
    case .int(1): return true
    case .float(let number) where number == 0 || number == 1: return number == 1
    case .string(let text):
      let word = text.lowercased().trimmed
      if ModuleOption.trueWords.contains(word) { return true }
      if ModuleOption.falseWords.contains(word) { return false }
      throw OptionProblem(notBoolean(text))
    case .int, .float: throw OptionProblem(notBoolean(value.revealedText))
    default: throw impossible(value, "a bool")
    }
  }

  private func notBoolean(_ text: String) -> String {
    "The value '\(text)' is not a valid boolean. Valid booleans include: "
      + "'y', 'yes', 'on', '1', 'true', 't', 1, 'n', 'no', 'off', '0', 'false', 'f', 0"
  }

  private func integer(_ value: Value) throws(OptionProblem) -> Value {
    switch value.revealed {
    case .int, .bigInt: return value.revealed
    case .bool(let flag): return .int(flag ? 1 : 0)
    case .float(let number) where number == number.rounded() && abs(number) < 9e18: return .int(Int(number))
    case .string(let text):
      let digits = text.trimmed.filter { $0 != "_" }
      if let number = Int(digits) { return .int(number) }
      if let number = BigInt(digits) { return .bigInt(number) }
      // Ansible takes "5.0", but not "1.5".
      if let number = Double(digits), number == number.rounded(), abs(number) < 9e18 { return .int(Int(number)) }
      throw OptionProblem("\"\(value.pythonRepr)\" cannot be converted to an int")
    default: throw OptionProblem("\"\(value.pythonRepr)\" cannot be converted to an int")
    }
  }

  private func float(_ value: Value) throws(OptionProblem) -> Value {
    switch value.revealed {
    case .float: return value.revealed
    case .int(let number): return .float(Double(number))
    case .bool(let flag): return .float(flag ? 1 : 0)
    case .string(let text):
      guard let number = Double(text.trimmed) else {
        throw OptionProblem("\(value.pythonRepr) cannot be converted to a float")
      }
      return .float(number)
    default: throw impossible(value, "a float")
    }
  }

  private func list(_ value: Value) throws(OptionProblem) -> [Value] {
    switch value.revealed {
    case .list(let elements): return elements
    case .string(let text):
      return text.split(separator: ",", omittingEmptySubsequences: false).map { .string(String($0)) }
    case .int, .float, .bigInt, .bool: return [.string(value.revealedText)]
    default: throw impossible(value, "a list")
    }
  }

  private func dict(_ value: Value) throws(OptionProblem) -> Value.Dict {
    switch value.revealed {
    case .dict(let entries): return entries
    case .string(let text):
      let trimmed = text.trimmed
      if trimmed.hasPrefix("{"), let entries = (try? Value(json: trimmed))?.dict { return entries }
      if !trimmed.hasPrefix("{"), trimmed.contains("=") { return Self.keyValuePairs(trimmed) }
      throw OptionProblem("dictionary requested, could not parse JSON or key=value")
    default: throw impossible(value, "a dict")
    }
  }

  /// `a=1 b="two words", c=3`: split at blanks and commas outside quotes.
  private static func keyValuePairs(_ text: String) -> Value.Dict {
    var entries: Value.Dict = [:], field = "", quote: Character?, isEscaped = false
    func finish() {
      guard !field.isEmpty else { return }
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      entries[.string(String(parts[0]))] = .string(parts.count > 1 ? String(parts[1]) : "")
      field = ""
    }
    for character in text {
      switch character {
      case _ where isEscaped:
        field.append(character)
        isEscaped = false
      case "\\": isEscaped = true
      case "\"" where quote == nil, "'" where quote == nil: quote = character
      case _ where character == quote: quote = nil
      case " " where quote == nil, "," where quote == nil: finish()
      default: field.append(character)
      }
    }
    finish()
    return entries
  }

  private func json(_ value: Value) throws(OptionProblem) -> String {
    switch value.revealed {
    case .string(let text): text.trimmed
    case .list, .dict: value.revealed.json(JSONEncoding(revealingSecrets: true))
    default: throw impossible(value, "a json")
    }
  }

  /// `10M` is 10 × 1024².
  private func size(_ value: Value, unit: Character) throws(OptionProblem) -> Int {
    if let number = value.int { return number }
    let text = (value.string ?? "").trimmed
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let suffix = text.dropFirst(digits.count).trimmed.uppercased()
    let powers: [Character: Int] = ["K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6, "Z": 7, "Y": 8]
    guard let number = Double(digits), suffix.isEmpty || suffix == "B" || suffix.first.flatMap({ powers[$0] }) != nil,
      suffix.count <= 2
    else { throw OptionProblem("\(value.pythonRepr) cannot be converted to a size in \(rawValue)") }
    var factor = 1.0
    for _ in 0..<(suffix.first.flatMap { powers[$0] } ?? 0) { factor *= 1024 }
    guard number * factor < 9e18 else { throw OptionProblem("\(value.pythonRepr) is too large a size") }
    return Int(number * factor)
  }

  private func impossible(_ value: Value, _ wanted: String) -> OptionProblem {
    OptionProblem("<class '\(value.pythonType)'> cannot be converted to \(wanted)")
  }
}

extension StringProtocol {
  /// Without blanks and line breaks at either end.
  fileprivate var trimmed: String {
    var rest = self[...]
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest.drop(while: \.isWhitespace))
  }
}

extension Value {
  /// As Python's `str` prints it, a secret looked through: for what is sent to a host, never for what is shown.
  package var revealedText: String { revealed.pythonText }

  fileprivate var pythonType: String {
    switch revealed {
    case .null, .omit: "NoneType"
    case .bool: "bool"
    case .int, .bigInt: "int"
    case .float: "float"
    case .string, .source, .secret: "str"
    case .timestamp: "datetime"
    case .list: "list"
    case .dict: "dict"
    }
  }
}
