import Model

/// Whether a constant will do for an option, conversions included that Ansible makes.
struct OptionCheck {
  private let option: ModuleOption

  init(_ option: ModuleOption) { self.option = option }

  /// What is wrong with a value, to be read behind "parameter 'x' of m"; nil if nothing is.
  func problem(with value: Value) -> String? {
    guard value != .null else { return nil }
    if let problem = Self.problem(with: value, as: option.kind) { return problem }
    for element in elements(of: value) {
      if let kind = option.elements, let problem = Self.problem(with: element, as: kind) {
        return "holds an element that \(problem)"
      }
      if let problem = choiceProblem(element) ?? suboptionProblem(element) { return problem }
    }
    return nil
  }

  /// The elements of a list option, else the value itself.
  private func elements(of value: Value) -> [Value] {
    guard option.kind == .list else { return [value] }
    if let items = value.list { return items }
    return value.string.map { $0.split(separator: ",").map { .string($0.trimmingBlanks()) } } ?? [value]
  }

  private func choiceProblem(_ value: Value) -> String? {
    guard !option.choices.isEmpty, !option.choices.contains(where: { Self.isSame($0, value) }) else { return nil }
    return "is \(Self.words(value)), but must be one of \(option.choices.map(Self.words).joined(separator: ", "))"
  }

  /// As texts, so that `no` is the choice "no" and `1` is the choice "1".
  private static func isSame(_ choice: Value, _ value: Value) -> Bool {
    if choice == value { return true }
    if let flag = value.bool, let text = choice.string { return (flag ? ["yes", "true", "on"] : ["no", "false", "off"]).contains(text.lowercased()) }
    if let flag = choice.bool { return KeywordType.isBoolean(value) && isTrue(value) == flag }
    return text(choice) == text(value)
  }

  private static func isTrue(_ value: Value) -> Bool {
    ["yes", "true", "on", "y", "t", "1", "1.0"].contains(text(value).lowercased())
  }

  private func suboptionProblem(_ value: Value) -> String? {
    guard !option.suboptions.isEmpty, let entries = value.dict else { return nil }
    for (key, element) in entries {
      let name = Self.text(key)
      let known = option.suboptions.first { $0.key == name || $0.value.aliases.contains(name) }
      guard let known else {
        let near = nearestName(to: name, among: option.suboptions.keys)
        return "has no '\(name)' in it" + (near.map { ": did you mean '\($0)'?" } ?? "")
      }
      if let problem = OptionCheck(known.value).problem(with: element) { return "has '\(name)' in it, which \(problem)" }
    }
    let absent = option.suboptions.first { name, sub in
      sub.isRequired && !([name] + sub.aliases).contains { entries[.string($0)] != nil }
    }
    return absent.map { "needs '\($0.key)' in it" }
  }

  private static func problem(with value: Value, as kind: ModuleOption.Kind) -> String? {
    switch kind {
    case .str, .path: nil
    case .raw, .json, .jsonarg, .bytes, .bits: nil
    case .bool: KeywordType.isBoolean(value) ? nil : "is \(words(value)), but must be true or false"
    case .int: KeywordType.int.takes(value) ? nil : "is \(words(value)), but must be a whole number"
    case .float: KeywordType.isNumber(value) ? nil : "is \(words(value)), but must be a number"
    case .list: value.dict == nil ? nil : "is a mapping, but must be a list"
    case .dict: isDict(value) ? nil : "is \(words(value)), but must be a mapping"
    }
  }

  /// A text may hold JSON or `k=v` words.
  private static func isDict(_ value: Value) -> Bool {
    if value.dict != nil { return true }
    guard let text = value.string?.trimmingBlanks() else { return false }
    return text.hasPrefix("{") || text.contains("=")
  }

  private static func words(_ value: Value) -> String {
    switch value {
    case .list: "a list"
    case .dict: "a mapping"
    default: "'\(text(value))'"
    }
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .secret: Secret.mask
    case .string(let text): text
    case .int(let number): String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .float(let number): String(number)
    case .bigInt(let number): String(number)
    case .timestamp(let timestamp): timestamp.description
    case .null, .omit, .list, .dict: ""
    }
  }
}
