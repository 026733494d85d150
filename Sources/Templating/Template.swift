import Model

/// Source text with `{{ }}`, `{% %}` or `{# #}`, compiled once. Only Parsing and template files make templates: values never
/// become one.
package struct Template: Sendable {
  package let source: String
  package let span: SourceSpan

  /// True where text has something to compile; plain text stays a value.
  package static func isTemplate(_ text: String) -> Bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
  }

  /// Compiles text such as `Hello {{ name }}`.
  package static func compile(_ source: String, at span: SourceSpan) throws(TemplateError) -> Template {
    Template(source: source, span: span)
  }

  /// Compiles a bare expression, as `when:`, `until:` and `assert: that:` have them.
  package static func compileExpression(_ source: String, at span: SourceSpan) throws(TemplateError) -> Template {
    Template(source: source, span: span)
  }
}
