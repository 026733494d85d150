import Model
import Templating

/// Renders a template as a runbook's variable; an error comes as `error: ` and its message.
func rendered(_ source: String, _ variables: [String: Value] = [:], templates: [String: String] = [:]) -> Value {
  do throws(TemplateError) { return try value(source, variables, templates: templates) } catch {
    return .string("error: " + error.diagnostic.message)
  }
}

func value(
  _ source: String, _ variables: [String: Value] = [:], templates: [String: String] = [:]
) throws(TemplateError) -> Value {
  let scope = LayeredScope(variables.mapValues { .source(compiled($0)) })
  let template = try Template.compile(source, at: span(of: source))
  return try Renderer(templates: NamedTemplates(templates)).value(of: .template(template), in: scope)
}

func span(of source: String) -> SourceSpan {
  SourceSpan(file: SourceFile(path: "test.yml", text: source), line: 1, column: 1)
}

/// A value as a runbook has it: strings with `{{ }}` are templates.
func compiled(_ value: Value) -> SourceValue {
  switch value {
  case .string(let text) where Template.isTemplate(text):
    guard let template = try? Template.compile(text, at: span(of: text)) else { return .value(value) }
    return .template(template)
  case .list(let elements): return .folded(elements.map(compiled))
  case .dict(let entries): return .folded(entries.mapValues(compiled))
  default: return .value(value)
  }
}

struct NamedTemplates: TemplateSource {
  let sources: [String: String]
  init(_ sources: [String: String]) { self.sources = sources }

  func template(named name: String, from path: String) throws(TemplateError) -> Template? {
    guard let source = sources[name] else { return nil }
    return try Template.compile(source, at: SourceSpan(file: SourceFile(path: name, text: source), line: 1, column: 1))
  }
}
