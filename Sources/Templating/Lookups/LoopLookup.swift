import Model

extension Renderer {
  /// The items of `with_NAME`: the lookup of that name over the rendered terms.
  package func items(
    ofLookup name: String, terms: SourceValue, in scope: any VariableScope, at span: SourceSpan
  ) throws(TemplateError) -> [Value] {
    let evaluation = Evaluation(scope: scope, renderer: self)
    defer { evaluation.close() }
    do {
      let object = try evaluation.render(terms)
      let isTolerant = PluginNames.short(name) == "first_found"
      let rendered = try isTolerant ? evaluation.defined(object) ?? [] : evaluation.value(of: object)
      let found = try evaluation.lookUp(isTolerant ? "with_first_found" : name, (rendered.list ?? [rendered]).map(Object.init), [])
      return try found.map { try evaluation.value(of: $0) }
    } catch {
      guard let failure = error as? Failure else {
        preconditionFailure("a lookup threw \(error): this is a bug")
      }
      throw failure.error(in: scope, at: span)
    }
  }
}
