import Model
import Templating

/// Arguments that hold bare expressions: `assert: that:`, `debug: var:`. Expressions that stand in the runbook are compiled
/// with it; what a template or variable brings is a value, and the renderer decides whether it may be evaluated.
extension TaskArguments {
  /// The conditions of an argument; a template among them must come to a boolean.
  package func conditions(_ name: String) throws(TemplateError) -> [Condition] {
    guard let source = values[name] else { return [] }
    let span = spans[name] ?? self.span
    switch source {
    case .list(let elements): return try elements.mapTyped { (element) throws(TemplateError) in try condition(element, at: span) }
    case .value(.list(let elements)):
      return try elements.mapTyped { (element) throws(TemplateError) in try condition(.value(element), at: span) }
    case .value, .template, .dict: return [try condition(source, at: span)]
    }
  }

  /// An argument as one expression.
  package func expression(_ name: String) throws(TemplateError) -> Condition? {
    guard let source = values[name] else { return nil }
    return try condition(source, at: spans[name] ?? span)
  }

  private func condition(_ source: SourceValue, at span: SourceSpan) throws(TemplateError) -> Condition {
    switch source {
    case .template(let template): Condition(source: source, text: template.source, span: span)
    case .value(let value): Condition(source: source, text: value.pythonText, span: span)
    case .list, .dict: Condition(source: source, text: "", span: span)
    }
  }
}

extension Array {
  fileprivate func mapTyped<Mapped>(
    _ transform: (Element) throws(TemplateError) -> Mapped
  ) throws(TemplateError) -> [Mapped] {
    var mapped: [Mapped] = []
    for element in self { mapped.append(try transform(element)) }
    return mapped
  }
}
