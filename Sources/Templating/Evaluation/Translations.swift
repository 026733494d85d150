/// Jinja's functions of translated text, without a catalogue: text as it is written, in singular or plural.
enum Translations {
  static let functions: [String: @Sendable (Arguments, Evaluation) throws -> Object] = [
    "_": { arguments, evaluation in try message(arguments, evaluation, skipping: 0) },
    "gettext": { arguments, evaluation in try message(arguments, evaluation, skipping: 0) },
    "pgettext": { arguments, evaluation in try message(arguments, evaluation, skipping: 1) },
    "ngettext": { arguments, evaluation in try plural(arguments, evaluation, skipping: 0) },
    "npgettext": { arguments, evaluation in try plural(arguments, evaluation, skipping: 1) },
  ]

  private static func message(_ arguments: Arguments, _ evaluation: Evaluation, skipping count: Int) throws -> Object {
    let text = try arguments.required(count, "message", of: "gettext")
    return try filled(text, arguments.named, evaluation)
  }

  private static func plural(_ arguments: Arguments, _ evaluation: Evaluation, skipping count: Int) throws -> Object {
    let number = try arguments.required(count + 2, "n", of: "ngettext")
    let isOne = try evaluation.equal(number, .int(1))
    let text = try arguments.required(count + (isOne ? 0 : 1), "message", of: "ngettext")
    let named = arguments.named.contains { $0.name == "num" } ? arguments.named : arguments.named + [("num", number)]
    return try filled(text, named, evaluation)
  }

  /// The text with its `%(name)s` filled in, where there are names to fill in.
  private static func filled(
    _ text: Object, _ named: [(name: String, value: Object)], _ evaluation: Evaluation
  ) throws -> Object {
    guard !named.isEmpty else { return text }
    let dict = DictObject()
    for (name, value) in named { dict[.string(name)] = value }
    guard evaluation.autoescape || text.isMarkup else {
      return .string(try PercentFormat(evaluation.text(text), .dict(dict), in: evaluation).result())
    }
    return .markup(Markup(try PercentFormat(evaluation.text(text), .dict(dict), in: evaluation, escapes: true).result()))
  }
}
