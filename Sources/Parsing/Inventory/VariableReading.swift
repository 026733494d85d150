import OrderedCollections
import Model
import Templating
import YAML

/// How variables are read from files and nodes: given from outside, because that may need vault passwords.
package struct VariableReading: Sendable {
  /// A whole file of variables, in YAML or JSON, perhaps encrypted.
  package var file: @Sendable (SourceFile) -> (OrderedDictionary<String, SourceValue>, Diagnostics)
  /// One value in an inventory.
  package var value: @Sendable (YAMLNode, inout Diagnostics) -> SourceValue

  package init(
    file: @escaping @Sendable (SourceFile) -> (OrderedDictionary<String, SourceValue>, Diagnostics),
    value: @escaping @Sendable (YAMLNode, inout Diagnostics) -> SourceValue
  ) {
    self.file = file
    self.value = value
  }

  /// Reads all but vault texts, which are a mistake here.
  package static let withoutVault = VariableReading(file: variables(in:)) { node, diagnostics in
    source(of: node, isTrusted: true, &diagnostics)
  }

  private static func variables(in file: SourceFile) -> (OrderedDictionary<String, SourceValue>, Diagnostics) {
    var diagnostics = Diagnostics()
    guard let node = YAMLDocuments.parseSingle(file, into: &diagnostics), !node.isNull else { return ([:], diagnostics) }
    guard let entries = node.entries else {
      diagnostics.add(.noVariables(node.kindName, at: node.span))
      return ([:], diagnostics)
    }
    var variables: OrderedDictionary<String, SourceValue> = [:]
    for entry in entries {
      guard let name = entry.key.text else { continue }
      variables[name] = source(of: entry.value, isTrusted: true, &diagnostics)
    }
    return (variables, diagnostics)
  }

  private static func source(of node: YAMLNode, isTrusted: Bool, _ diagnostics: inout Diagnostics) -> SourceValue {
    if node.tag == .vault { diagnostics.add(.encrypted(at: node.span)) }
    guard isTrusted, node.tag != .unsafe else { return .value(node.value()) }
    switch node.kind {
    case .scalar: return SourceValue(trusting: node.value(), at: node.span, &diagnostics)
    case .sequence(let items):
      guard node.tag == nil else { return .value(node.value()) }
      return .folded(items.map { source(of: $0, isTrusted: true, &diagnostics) })
    case .mapping(let entries):
      guard node.tag == nil else { return .value(node.value()) }
      var dict = OrderedDictionary<Value, SourceValue>(minimumCapacity: entries.count)
      for entry in entries { dict[entry.key.value()] = source(of: entry.value, isTrusted: true, &diagnostics) }
      return .folded(dict)
    }
  }
}

extension Diagnostic {
  fileprivate static func noVariables(_ kind: String, at span: SourceSpan) -> Diagnostic {
    .error("a file of variables must be a mapping, but this is \(kind)", advice: "write name: value lines", at: span)
  }

  fileprivate static func encrypted(at span: SourceSpan) -> Diagnostic {
    .error("this value is encrypted, and no vault password is known", advice: "give --vault-password-file", at: span)
  }
}
