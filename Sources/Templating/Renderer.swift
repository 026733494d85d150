import Model

/// Renders templates with ansible-core 2.19's semantics: native types, undefined, trust by type, secrets that spread.
package struct Renderer: Sendable {
  package init() {}

  /// Renders whole: the result holds no undefined and no template.
  package func value(of source: SourceValue, in scope: any VariableScope) throws(TemplateError) -> Value {
    preconditionFailure("not built yet")
  }

  /// A condition must come to a boolean; a string, number or list is an error that says so.
  package func isTrue(_ condition: SourceValue, in scope: any VariableScope) throws(TemplateError) -> Bool {
    preconditionFailure("not built yet")
  }
}
