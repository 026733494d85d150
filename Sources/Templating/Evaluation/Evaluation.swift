import Model

/// One rendering: the scope it asks, what it has read from there, and what it has used up.
final class Evaluation {
  let scope: any VariableScope
  let renderer: Renderer
  let dialect: Dialect
  let budget: Budget
  /// Set by whoever looked inside a secret; an operation that finds it set makes its result secret.
  var hasRevealed = false
  var autoescape: Bool
  private var variables: [String: Object] = [:]
  /// Native types are never escaped on their way out, whatever a template says.
  private let writesText: Bool

  /// What a template writes is escaped.
  var escapesOutput: Bool { autoescape && writesText }

  init(scope: any VariableScope, renderer: Renderer, budget: Budget? = nil) {
    self.scope = scope
    self.renderer = renderer
    dialect = renderer.dialect
    self.budget = budget ?? Budget(renderer.limits)
    autoescape = renderer.dialect.autoescape
    writesText = renderer.dialect.outcome == .text
  }

  /// Runs what has a rule of its own for what it writes.
  @inline(__always)
  func escaping(_ escapes: Bool, _ operation: () throws -> Void) rethrows {
    let before = autoescape
    autoescape = escapes
    defer { autoescape = before }
    try operation()
  }

  /// Lets go of what was read: a container that is rendered on use holds the rendering that it belongs to. Called by
  /// whoever made the evaluation, once the result is out.
  func close() {
    variables = [:]
    budget.close()
  }

  /// A variable of the scope, or a global; nil where there is none.
  func variable(named name: String) throws -> Object? {
    if let known = variables[name] { return try forced(known, name) }
    guard let variable = scope.variable(named: name) else { return try global(named: name) }
    let object = try object(of: variable, named: name)
    variables[name] = object
    return object
  }

  private func forced(_ object: Object, _ name: String) throws -> Object {
    guard case .lazy(let lazy) = object else { return object }
    let rendered = try lazy.force()
    variables[name] = rendered
    return rendered
  }

  /// A function or value that every template sees.
  func global(named name: String) throws -> Object? {
    if let value = dialect.globals[name] { return Object(value) }
    guard let object = Globals.object(name, in: dialect) else { return nil }
    variables[name] = object
    return object
  }

  /// A variable's object. While it is being rendered, its name stands for a recursion.
  func object(of variable: Variable, named name: String) throws -> Object {
    if case .value(let value) = variable { return Object(value) }
    let lazy = LazyObject(variable, named: name, in: self)
    variables[name] = .lazy(lazy)
    return try lazy.force()
  }

  /// An element's object: at once where there is nothing to render.
  func lazyObject(of source: SourceValue) -> Object {
    switch source {
    case .value(let value): Object(value)
    case .template: .lazy(LazyObject(.source(source), named: nil, in: self))
    case .list(let sources): .list(ListObject(sources: sources, in: self))
    case .dict(let sources): .dict(DictObject(sources: sources, in: self))
    }
  }

  func render(_ variable: Variable) throws -> Object {
    switch variable {
    case .value(let value): Object(value)
    case .source(let source): try render(source)
    case .foreign(let source, let scope): try foreignEvaluation(scope).render(source)
    case .mapping(let mapping): .dict(DictObject(mapping: mapping, in: self))
    case .unknown(let reason): throw Failure(.unknown, reason)
    case .locked(let reason): throw Failure(.runtime, reason)
    }
  }

  private func foreignEvaluation(_ scope: any VariableScope) -> Evaluation {
    let evaluation = Evaluation(scope: scope, renderer: renderer, budget: budget)
    budget.closeAtEnd(evaluation)
    return evaluation
  }

  func render(_ source: SourceValue) throws -> Object {
    guard case .template(let template) = source else { return lazyObject(of: source) }
    return try render(template)
  }

  func render(_ template: Template) throws -> Object {
    try budget.checkStack()
    let before = (hasRevealed, autoescape)
    (hasRevealed, autoescape) = (false, dialect.autoescape)
    defer { (hasRevealed, autoescape) = before }
    let result = try template.unit.render(TemplateContext(in: self))
    return dialect.outcome == .native ? withTrailingNewlines(of: template, result) : result
  }

  /// Text ends with as many line breaks as its template, of which Jinja drops the last.
  private func withTrailingNewlines(of template: Template, _ result: Object) -> Object {
    guard PythonString.hasSuffix(template.source, "\n"), template.unit.isTemplate else { return result }
    switch result {
    case .string(let text), .source(let text):
      let missing = Self.trailingNewlines(template.source) - Self.trailingNewlines(text)
      guard missing > 0 else { return result }
      return .string(text + String(repeating: template.unit.syntax.newline, count: max(0, missing)))
    case .secret(let secret): return self.secret(withTrailingNewlines(of: template, secret.inner))
    default: return result
    }
  }

  private static func trailingNewlines(_ text: String) -> Int { text.utf8.reversed().prefix { $0 == 10 }.count }
}

/// Secrets: whoever looks inside leaves a trace.
extension Evaluation {
  /// The object without its marks, noting whether it was a secret.
  func reveal(_ object: Object) -> Object {
    if case .source(let text) = object { .string(text) } else { unsealed(object) }
  }

  /// The object without its secret mark, noting that it had one; source stays source.
  func unsealed(_ object: Object) -> Object {
    guard case .secret(let secret) = object else { return object }
    hasRevealed = true
    return secret.inner
  }

  func secret(_ object: Object) -> Object {
    switch object {
    case .secret, .undefined, .unset, .omit: object
    default: .secret(SecretObject(object))
    }
  }

  /// Runs an operation whose result is secret if a secret went into it.
  @inline(__always)
  func tracked(_ operation: () throws -> Object) rethrows -> Object {
    let before = hasRevealed
    hasRevealed = false
    defer { hasRevealed = before }
    let result = try operation()
    return hasRevealed ? secret(result) : result
  }
}
