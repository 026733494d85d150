import Model

extension Renderer {
  /// The items of `with_NAME`: the lookup of that name over the rendered terms. A loop of a task that reads templates or variables
  /// looks for files where the task does.
  package func items(
    ofLookup name: String, terms: SourceValue, of module: String, in scope: any VariableScope, at span: SourceSpan
  ) throws(TemplateError) -> [Value] {
    let evaluation = Evaluation(scope: scope, renderer: self)
    defer { evaluation.close() }
    do {
      let object = try evaluation.render(terms)
      let isTolerant = PluginNames.short(name) == "first_found"
      let rendered = try isTolerant ? evaluation.defined(object) ?? [] : evaluation.value(of: object)
      let folder = module.contains("template") ? "templates" : module.contains("var") ? "vars" : "files"
      let found = try evaluation.lookUp(name, (rendered.list ?? [rendered]).map(Object.init), [], loopFolder: folder)
      return try found.map { try evaluation.value(of: $0) }
    } catch {
      guard let failure = error as? Failure else {
        preconditionFailure("a lookup threw \(error): this is a bug")
      }
      throw failure.error(in: scope, at: span)
    }
  }
}
