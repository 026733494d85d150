/// A value that must not be seen: a vault value, a password, a `no_log` result. It prints `***` everywhere; whoever needs
/// what is inside says `revealed`, so that every place that looks is found by one search.
package struct Secret: Sendable, Hashable {
  package let revealed: Value

  /// Wraps a value; a secret of a secret is the inner one.
  package init(_ value: Value) { revealed = value.revealed }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package static let mask = "***"

  package var description: String { Self.mask }
  package var debugDescription: String { Self.mask }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
