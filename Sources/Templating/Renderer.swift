import Model
import OrderedCollections

/// Renders templates with ansible-core 2.19's semantics: native types, undefined, trust by type, secrets that spread.
package struct Renderer: Sendable {
  package var dialect: Dialect
  package var limits: TemplateLimits
  /// Where `include`, `import` and `extends` find templates; nil where there are none.
  package var templates: (any TemplateSource)?
  /// Lookups that need the outside: files, the environment, other programs.
  package var lookups: (any LookupSource)?
  /// Conditions may come to anything that has a truth value, as before ansible-core 2.19.
  package var allowsBrokenConditions = false

  package init(
    dialect: Dialect = .ansible, limits: TemplateLimits = TemplateLimits(), templates: (any TemplateSource)? = nil,
    lookups: (any LookupSource)? = nil
  ) {
    self.dialect = dialect
    self.limits = limits
    self.templates = templates
    self.lookups = lookups
  }

  /// Renders whole: the result holds no undefined and no template.
  package func value(of source: SourceValue, in scope: any VariableScope) throws(TemplateError) -> Value {
    if case .value(let value) = source { return value }
    let evaluation = Evaluation(scope: scope, renderer: self)
    defer { evaluation.close() }
    do {
      return try evaluation.value(of: evaluation.render(source))
    } catch { throw templateError(error, source, scope) }
  }

  /// A variable's value, rendered whole where it is a source.
  package func value(of variable: Variable, in scope: any VariableScope) throws(TemplateError) -> Value {
    switch variable {
    case .value(let value): return value
    case .source(let source): return try value(of: source, in: scope)
    case .foreign(let source, let foreign): return try value(of: source, in: foreign)
    case .unknown(let reason): throw TemplateError(.unknown, .error(reason, at: nil))
    case .locked(let reason): throw TemplateError(.runtime, .error(reason, at: nil))
    case .mapping:
      let evaluation = Evaluation(scope: scope, renderer: self)
      defer { evaluation.close() }
      do { return try evaluation.value(of: evaluation.render(variable)) } catch {
        throw templateError(error, .value(.null), scope)
      }
    }
  }

  /// Text as a file gets it: what the template comes to, printed. A template that comes to None prints as `nothing`.
  package func text(
    of template: Template, in scope: any VariableScope, nothing: Value = ""
  ) throws(TemplateError) -> Value {
    let evaluation = Evaluation(scope: scope, renderer: self)
    defer { evaluation.close() }
    do {
      return try evaluation.value(
        of: evaluation.tracked {
          let result = evaluation.reveal(try evaluation.render(template))
          return result.isNone ? Object(nothing) : .string(try evaluation.outputText(result))
        })
    } catch { throw templateError(error, .template(template), scope) }
  }

  private func templateError(_ error: any Error, _ source: SourceValue, _ scope: any VariableScope) -> TemplateError {
    guard let failure = error as? Failure else {
      preconditionFailure("an evaluation threw \(error): this is a bug")
    }
    return failure.error(in: scope, at: source.span)
  }
}

/// Where `include`, `import` and `extends` find templates.
package protocol TemplateSource: Sendable {
  /// The template of a name, as the template at a path asks for it; nil where there is none.
  func template(named name: String, from path: String) throws(TemplateError) -> Template?
}

/// Lookups that need the outside.
package protocol LookupSource: Sendable {
  /// What a lookup comes to; nil where there is no lookup of that name. `loopFolder` is set where it stands as `with_NAME`: the
  /// subfolder that the loop's task looks into.
  func lookup(
    _ name: String, terms: [Value], options: Value.Dict, loopFolder: String?, in scope: any VariableScope
  ) throws(TemplateError) -> [Value]?
}

extension LookupSource {
  package func lookup(
    _ name: String, terms: [Value], options: Value.Dict, in scope: any VariableScope
  ) throws(TemplateError) -> [Value]? {
    try lookup(name, terms: terms, options: options, loopFolder: nil, in: scope)
  }
}

extension SourceValue {
  /// The place of a template; nil for what has none of its own.
  package var span: SourceSpan? {
    if case .template(let template) = self { template.span } else { nil }
  }
}

extension Value {
  /// As Python calls its type.
  package var pythonTypeName: String {
    switch self {
    case .null: "NoneType"
    case .bool: "bool"
    case .int, .bigInt: "int"
    case .float: "float"
    case .string, .source: "str"
    case .timestamp(let timestamp): timestamp.time == nil ? "date" : "datetime"
    case .list: "list"
    case .dict: "dict"
    case .secret(let secret): secret.revealed.pythonTypeName
    case .omit: "Omit"
    }
  }
}
