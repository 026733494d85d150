/// Tests by regular expression.
extension TemplateTest {
  static let regexTests: [TemplateTest] = [
    TemplateTest("match") { object, arguments, evaluation in
      try holds(object, arguments, evaluation) { try $0.match($1) }
    },
    TemplateTest("search") { object, arguments, evaluation in
      try holds(object, arguments, evaluation) { try $0.search($1) }
    },
    TemplateTest("regex") { object, arguments, evaluation in
      let kind = try arguments[named: "match_type"].map { try evaluation.text($0) } ?? "search"
      return try holds(object, arguments, evaluation) { regex, text in
        switch kind {
        case "match": try regex.match(text)
        case "fullmatch": try regex.fullMatch(text)
        default: try regex.search(text)
        }
      }
    },
  ]

  private static func holds(
    _ object: Object, _ arguments: Arguments, _ evaluation: Evaluation,
    _ run: (PythonRegex, String) throws -> PythonRegex.Match?
  ) throws -> Bool {
    var flags: PythonRegex.Flags = []
    if try evaluation.flag(arguments, 1, "ignorecase") { flags.insert(.ignoreCase) }
    if try evaluation.flag(arguments, 2, "multiline") { flags.insert(.multiline) }
    let regex = try evaluation.regex(evaluation.text(arguments, 0, "pattern", ""), flags)
    let text = try evaluation.text(object)
    return try evaluation.run { try run(regex, text) } != nil
  }
}
