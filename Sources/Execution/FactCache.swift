import Model

/// Where facts stay from run to run; the command line says where. Without one they end with the run.
package struct FactCache: Sendable {
  /// A host's facts; nil where there are none, or only such as are too old.
  package var load: @Sendable (_ host: String) -> Value.Dict?
  package var save: @Sendable (_ facts: Value.Dict, _ host: String) -> Void
  package var forget: @Sendable (_ host: String) -> Void

  package init(
    load: @escaping @Sendable (String) -> Value.Dict?, save: @escaping @Sendable (Value.Dict, String) -> Void,
    forget: @escaping @Sendable (String) -> Void
  ) {
    self.load = load
    self.save = save
    self.forget = forget
  }
}
