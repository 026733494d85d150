import Model

/// Why an evaluation stopped. Deep inside nobody knows the place; the node that asked adds it on the way out.
final class Failure: Error {
  struct Place: Sendable {
    let unit: TemplateUnit
    let range: Range<Int>
  }

  let kind: TemplateError.Kind
  let message: String
  let advice: String?
  let place: Place?
  /// The variable that is undefined, for which a near name may be offered.
  let variable: String?

  init(
    _ kind: TemplateError.Kind, _ message: String, advice: String? = nil, place: Place? = nil, variable: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.advice = advice
    self.place = place
    self.variable = variable
  }

  /// The same with a place, if it has none yet: the innermost place says most.
  func located(_ range: Range<Int>, in unit: TemplateUnit) -> Failure {
    if place != nil { return self }
    return Failure(kind, message, advice: advice, place: Place(unit: unit, range: range), variable: variable)
  }

  /// As callers get it: with the place in the file, and the nearest name where a variable is missing.
  func error(in scope: any VariableScope, at fallback: SourceSpan?) -> TemplateError {
    let span = place.map { $0.unit.span(of: $0.range) } ?? fallback
    let near = variable.flatMap { nearestName(to: $0, among: scope.variableNames) }
    return TemplateError(kind, .error(message, advice: advice ?? near.map { "did you mean '\($0)'?" }, at: span))
  }

  static func type(_ message: String) -> Failure { Failure(.type, message) }
  static func value(_ message: String) -> Failure { Failure(.runtime, message) }
  static func limit(_ message: String) -> Failure { Failure(.limit, message) }

  static func undefined(_ message: String, advice: String? = nil) -> Failure {
    Failure(.undefined, message, advice: advice)
  }

  static func recursion(_ name: String?) -> Failure {
    let subject = name.map { "'\($0)'" } ?? "a value"
    return Failure(.recursion, "recursive loop detected in template: \(subject) is computed from itself")
  }
}
