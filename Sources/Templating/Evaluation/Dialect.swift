import Model

/// Which Jinja it is: ansible-core's, or plain Jinja2 as other tools run it.
package struct Dialect: Sendable {
  /// What becomes of an undefined value that is used.
  package enum UndefinedPolicy: Sendable {
    /// Any use but a look at attributes is an error: ansible-core, and StrictUndefined.
    case strict
    /// It prints as nothing and iterates over nothing; its attributes are an error.
    case lenient
    /// As lenient, its attributes undefined too.
    case chainable
    /// As lenient, but prints the expression.
    case debug
  }

  package enum Outcome: Sendable {
    /// A lone expression keeps its type, None vanishes, tuples become lists.
    case native
    case text
  }

  package var undefined: UndefinedPolicy = .strict
  package var outcome: Outcome = .native
  package var autoescape = false
  /// Refuses methods that change lists and dicts.
  package var isImmutable = false
  /// Undefined attributes of undefined things stay undefined instead of being an error.
  package var chainsUndefined = true
  /// Speak of missing things in ansible-core's words.
  package var speaksAnsible = true
  /// Has Jinja's functions of translated text.
  package var translates = false
  /// What those functions translate to; without one, text is as it is written.
  package var catalogue: Catalogue?
  package var policies = FilterPolicies()
  /// Hides what Python shows of itself, such as `__class__`.
  package var isSandboxed = true
  /// Names that every template sees, imported ones too.
  package var globals: [String: Value] = [:]

  /// In text None vanishes and tuples look like lists: ansible-core's own, not Jinja's native types.
  var dropsNone: Bool { outcome == .native && speaksAnsible }

  package static let ansible = Dialect()

  package static let jinja = Dialect(
    undefined: .lenient, outcome: .text, chainsUndefined: false, speaksAnsible: false)
}

/// What Jinja's filters do where their arguments don't say.
package struct FilterPolicies: Sendable {
  package var linkRelation: String? = "noopener"
  package var linkTarget: String?
  package var linkSchemes: [String] = []
  /// How much longer than asked a text may be before it is cut.
  package var truncationLeeway = 5

  package init() {}
}
