import Model

/// Why a template could not be compiled or rendered.
package struct TemplateError: Error, Sendable {
  package enum Kind: Sendable {
    case syntax
    /// A variable, attribute or element that isn't there: `default` and `is defined` catch it.
    case undefined
    case type
    case recursion
    /// `mandatory`, `undef()`, a failed lookup, a filter's own complaint.
    case runtime
    /// A value that a plan can't know before it is applied; nothing catches it.
    case unknown
    /// Output size, loop count, depth or range beyond its limit.
    case limit
  }

  package var kind: Kind
  package var diagnostic: Diagnostic

  package init(_ kind: Kind, _ diagnostic: Diagnostic) {
    self.kind = kind
    self.diagnostic = diagnostic
  }
}
