/// Texts in another language, by the text in the template: what Jinja's extension for translations asks for.
package struct Catalogue: Sendable {
  /// A text, with the context that tells it from others that are written alike.
  package struct Key: Hashable, Sendable {
    let context: String?
    let text: String

    package init(_ text: String, context: String? = nil) {
      self.text = text
      self.context = context
    }
  }

  private let texts: [Key: String]
  /// Its functions fill in names themselves, and take every text as a format.
  let isNewStyle: Bool

  package init(_ texts: [Key: String], isNewStyle: Bool = true) {
    self.texts = texts
    self.isNewStyle = isNewStyle
  }

  /// The translation of a text; the text itself where there is none.
  func translation(of text: String, context: String?) -> String { texts[Key(text, context: context)] ?? text }
}

/// Jinja's functions of translated text.
enum Translations {
  static let functions: [String: @Sendable (Arguments, Evaluation) throws -> Object] = [
    "_": { try message($0, $1, hasContext: false) }, "gettext": { try message($0, $1, hasContext: false) },
    "pgettext": { try message($0, $1, hasContext: true) }, "ngettext": { try plural($0, $1, hasContext: false) },
    "npgettext": { try plural($0, $1, hasContext: true) },
  ]

  private static func message(_ arguments: Arguments, _ evaluation: Evaluation, hasContext: Bool) throws -> Object {
    let context = try hasContext ? arguments.required(0, "context", of: "pgettext") : nil
    let text = try arguments.required(hasContext ? 1 : 0, "message", of: "gettext")
    return try filled(translation(of: text, context, evaluation), arguments.named, ("context", context), evaluation)
  }

  private static func plural(_ arguments: Arguments, _ evaluation: Evaluation, hasContext: Bool) throws -> Object {
    let first = hasContext ? 1 : 0
    let context = try hasContext ? arguments.required(0, "context", of: "npgettext") : nil
    let number = try arguments.required(first + 2, "n", of: "ngettext")
    let isOne = try evaluation.equal(number, .int(1))
    let text = try arguments.required(first + (isOne ? 0 : 1), "message", of: "ngettext")
    let isNewStyle = evaluation.dialect.catalogue?.isNewStyle ?? true
    let addsNumber = isNewStyle && !arguments.named.contains { $0.name == "num" }
    let named = addsNumber ? arguments.named + [("num", number)] : arguments.named
    return try filled(translation(of: text, context, evaluation), named, ("context", context), evaluation)
  }

  private static func translation(of text: Object, _ context: Object?, _ evaluation: Evaluation) throws -> Object {
    guard let catalogue = evaluation.dialect.catalogue else { return text }
    return .string(try catalogue.translation(of: evaluation.text(text), context: context.map { try evaluation.text($0) }))
  }

  /// The text with its `%(name)s` filled in; functions of the old style leave that to a filter after them.
  private static func filled(
    _ text: Object, _ named: [(name: String, value: Object)], _ context: (name: String, value: Object?),
    _ evaluation: Evaluation
  ) throws -> Object {
    let isMarkup = evaluation.autoescape || text.isMarkup
    guard let catalogue = evaluation.dialect.catalogue, catalogue.isNewStyle || !named.isEmpty else {
      return try named.isEmpty ? text : format(text, with: named, isMarkup: isMarkup, evaluation)
    }
    let isNamed = named.contains { $0.name == context.name }
    let all = context.value.flatMap { isNamed ? nil : named + [(context.name, $0)] } ?? named
    return try format(text, with: all, isMarkup: isMarkup, evaluation)
  }

  static func format(
    _ text: Object, with named: [(name: String, value: Object)], isMarkup: Bool, _ evaluation: Evaluation
  ) throws -> Object {
    let dict = DictObject()
    for (name, value) in named { dict[.string(name)] = value }
    let written = try PercentFormat(evaluation.text(text), .dict(dict), in: evaluation, escapes: isMarkup).result()
    return isMarkup ? .markup(Markup(written)) : .string(written)
  }
}

/// `{% trans %}…{% pluralize %}…{% endtrans %}`: a call of `gettext`, `ngettext`, `pgettext` or `npgettext`.
final class TranslationStatement: Statement {
  /// What is translated, names in it as `%(name)s`.
  struct Text: Sendable {
    var singular: String
    var plural: String?
    var context: String?
    /// The name that the choice between singular and plural goes by.
    var count: String?
  }

  private let function: NameExpression
  private let text: Text
  private let variables: [(name: String, value: any Expression)]

  init(_ function: NameExpression, _ text: Text, _ variables: [(name: String, value: any Expression)]) {
    self.function = function
    self.text = text
    self.variables = variables
  }

  func run(_ activation: Activation) throws -> Flow {
    let evaluation = activation.evaluation
    if activation.sink.isMuted { return .normal }
    do {
      let result = try evaluation.tracked { try translated(activation) }
      try activation.sink.write(evaluation.escapesOutput ? evaluation.escapedForOutput(result) : result)
    } catch { throw activation.failure(error, at: function.range) }
    return .normal
  }

  private func translated(_ activation: Activation) throws -> Object {
    let evaluation = activation.evaluation
    let named = try variables.map { (name: $0.name, value: try $0.value.evaluate(activation)) }
    let isNewStyle = evaluation.dialect.catalogue?.isNewStyle ?? true
    // A lone text of the old style is no format.
    let isFormat = isNewStyle || !named.isEmpty
    func written(_ text: String) -> Object { .string(isFormat ? text : PythonString.replace("%%", with: "%", in: text)) }
    var arguments = Arguments(positional: text.context.map { [.string($0)] } ?? [])
    arguments.positional.append(written(text.singular))
    if let plural = text.plural, let count = text.count {
      arguments.positional += [written(plural), named.first { $0.name == count }?.value ?? .null]
    }
    if isNewStyle, evaluation.dialect.catalogue != nil || !named.isEmpty {
      arguments.named = named.filter { $0.name != "num" || text.count != "num" || text.plural == nil }
      return try evaluation.call(function.evaluate(activation), arguments)
    }
    let result = try evaluation.call(function.evaluate(activation), arguments)
    let isMarkup = evaluation.autoescape || result.isMarkup
    if !named.isEmpty || isNewStyle { return try Translations.format(result, with: named, isMarkup: isMarkup, evaluation) }
    return isMarkup ? .markup(Markup(try evaluation.text(result))) : result
  }
}
