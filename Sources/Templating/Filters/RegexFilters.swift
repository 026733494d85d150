/// Filters of regular expressions, with Python's meaning.
extension Filter {
  static let regexFilters: [Filter] = [
    Filter("regex_replace") { object, arguments, evaluation in
      let text = try evaluation.text(object)
      let pattern = try evaluation.text(arguments, 0, "pattern", "")
      let new = try evaluation.text(arguments, 1, "replacement", "")
      let regex = try evaluation.regex(pattern, flags(arguments, 2, evaluation))
      let limit = try evaluation.integer(arguments, 4, "count") ?? 0
      let wanted = try evaluation.integer(arguments, 5, "mandatory_count") ?? 0
      let result = try evaluation.run { try regex.replacing(in: text, with: new, limit: limit) }
      if wanted > 0 && result.count != wanted {
        throw Failure.value(
          "'\(pattern)' should match \(wanted) times, but matches \(result.count) times in \(try evaluation.repr(object))"
        )
      }
      return .string(result.text)
    },
    Filter("regex_search") { object, arguments, evaluation in
      let regex = try evaluation.regex(
        evaluation.text(arguments.required(0, "regex", of: "regex_search")),
        flags(multiline: arguments[named: "multiline"], ignoreCase: arguments[named: "ignorecase"], evaluation))
      let text = try evaluation.text(object)
      guard let match = try evaluation.run({ try regex.search(text) }) else { return .null }
      let groups = try arguments.positional.dropFirst().map { try group($0, of: match, regex, evaluation) }
      return groups.isEmpty ? .string(match.text) : .list(groups)
    },
    Filter("regex_findall") { object, arguments, evaluation in
      let pattern = try evaluation.text(arguments.required(0, "regex", of: "regex_findall"))
      let regex = try evaluation.regex(
        pattern, flags(multiline: arguments[1, "multiline"], ignoreCase: arguments[2, "ignorecase"], evaluation))
      let text = try evaluation.text(object)
      return .list(
        try evaluation.run { try regex.matches(in: text) }.map { match in
          switch regex.groupCount {
          case 0: return .string(match.text)
          case 1: return .string(match.group(1) ?? "")
          default: return .tuple((1...regex.groupCount).map { .string(match.group($0) ?? "") })
          }
        })
    },
    Filter("regex_escape") { object, arguments, evaluation in
      let text = try evaluation.text(object)
      let type = try evaluation.string(arguments, 0, "re_type") ?? "python"
      switch type {
      case "python": return .string(PythonRegex.escape(text))
      case "posix_basic":
        return .string(String(text.flatMap { "]^\\$*.[".contains($0) ? ["\\", $0] : [$0] }))
      case "posix_extended":
        throw Failure.value("Regex type (posix_extended) not yet implemented")
      default: throw Failure.value("Invalid regex type (\(type))")
      }
    },
  ]

  private static func flags(_ arguments: Arguments, _ start: Int, _ evaluation: Evaluation) throws -> PythonRegex.Flags
  {
    try flags(
      multiline: arguments[start + 1, "multiline"], ignoreCase: arguments[start, "ignorecase"], evaluation)
  }

  private static func flags(
    multiline: Object?, ignoreCase: Object?, _ evaluation: Evaluation
  ) throws -> PythonRegex.Flags {
    var flags: PythonRegex.Flags = []
    if let multiline, try evaluation.isTrue(multiline) { flags.insert(.multiline) }
    if let ignoreCase, try evaluation.isTrue(ignoreCase) { flags.insert(.ignoreCase) }
    return flags
  }

  /// A group named `\1` or `\g<name>`.
  private static func group(
    _ argument: Object, of match: PythonRegex.Match, _ regex: PythonRegex, _ evaluation: Evaluation
  ) throws -> Object {
    let text = try evaluation.text(argument)
    var number: Int?
    if text.hasPrefix("\\g<"), let end = text.firstIndex(of: ">") {
      let name = String(text[text.index(text.startIndex, offsetBy: 3)..<end])
      number = Int(name) ?? regex.groupNames[name]
      if number == nil { throw Failure.value("no such group") }
    } else if text.hasPrefix("\\") {
      number = Int(text.dropFirst().prefix { $0.isNumber })
    }
    guard let number else { throw Failure.value("Unknown argument") }
    if number > regex.groupCount { throw Failure.value("no such group") }
    return match.group(number).map { .string($0) } ?? .null
  }
}

extension Evaluation {
  /// A pattern compiled once for a rendering.
  func regex(_ pattern: String, _ flags: PythonRegex.Flags) throws -> PythonRegex {
    if let known = budget.regexes[RegexKey(pattern: pattern, flags: flags)] { return known }
    let regex = try run { try PythonRegex(pattern, flags: flags) }
    if budget.regexes.count > 1000 { budget.regexes = [:] }
    budget.regexes[RegexKey(pattern: pattern, flags: flags)] = regex
    return regex
  }

  /// A search whose mistakes become this evaluation's.
  func run<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as PythonRegexError { throw Failure.value(error.message) }
  }
}

struct RegexKey: Hashable {
  let pattern: String
  let flags: PythonRegex.Flags
}
