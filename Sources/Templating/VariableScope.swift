import Model

/// Where a template finds its variables. Scopes are lazy: nothing is looked up, rendered or built that is not asked
/// for.
package protocol VariableScope: Sendable {
  func variable(named name: String) -> Variable?
  /// All names, for suggestions, `varnames` and `vars`; may be slow.
  var variableNames: [String] { get }
}

/// What a scope has under a name.
package enum Variable: Sendable {
  case value(Value)
  /// Rendered on use, in the scope that asked.
  case source(SourceValue)
  /// Rendered on use, in a scope of its own: another host's variable.
  case foreign(SourceValue, any VariableScope)
  /// A dict whose entries are made on use: `hostvars`, `vars`.
  case mapping(any LazyMapping)
  /// It will have a value once a plan is applied; whoever reads it is told what it waits for.
  case unknown(String)
  /// It cannot be read, and nothing catches that: a vault sealed the file that would say it.
  case locked(String)
}

/// A read-only dict that is never built whole unless a template prints or iterates it.
package protocol LazyMapping: Sendable {
  var keys: [String] { get }
  func variable(forKey key: String) -> Variable?
}

/// A scope of plain entries in front of another one: loop variables, `-e`, a test's context.
package struct LayeredScope: VariableScope {
  package var variables: [String: Variable]
  package var base: (any VariableScope)?

  package init(_ variables: [String: Variable], over base: (any VariableScope)? = nil) {
    self.variables = variables
    self.base = base
  }

  package func variable(named name: String) -> Variable? { variables[name] ?? base?.variable(named: name) }

  package var variableNames: [String] { Array(variables.keys) + (base?.variableNames ?? []) }
}
