/// A plugin that a text uses and that there is not.
package struct MissingPlugin: Sendable, Hashable {
  package enum Kind: String, Sendable { case filter, test, lookup, action, module }

  package var kind: Kind
  package var name: String

  package init(_ kind: Kind, _ name: String) {
    self.kind = kind
    self.name = name
  }

  /// As the messages of failed templates name it.
  package init?(namedIn message: String) {
    for (beginning, kind) in [
      ("No filter named '", Kind.filter), ("No test named '", .test), ("The lookup plugin '", .lookup),
    ] {
      guard let start = message.firstRange(of: beginning)?.upperBound else { continue }
      let name = message[start...].prefix { $0 != "'" }
      if kind == .lookup, !message[start...].dropFirst(name.count).hasPrefix("' was not found") { continue }
      self.init(kind, String(name))
      return
    }
    return nil
  }
}
