import OrderedCollections
import Model
import Templating
import YAML

/// How variables are read from files and nodes: given from outside, because that may need vault passwords.
package struct VariableReading: Sendable {
  /// A whole file of variables, in YAML or JSON, perhaps encrypted.
  package var file: @Sendable (SourceFile) -> (OrderedDictionary<String, SourceValue>, Diagnostics)
  /// A file as it reads once it is opened; nil, with a complaint, where no password opens it.
  package var opened: @Sendable (SourceFile, inout Diagnostics) -> SourceFile?
  /// One value in an inventory.
  package var value: @Sendable (YAMLNode, inout Diagnostics) -> SourceValue

  package init(
    file: @escaping @Sendable (SourceFile) -> (OrderedDictionary<String, SourceValue>, Diagnostics),
    opened: @escaping @Sendable (SourceFile, inout Diagnostics) -> SourceFile? = { file, _ in file },
    value: @escaping @Sendable (YAMLNode, inout Diagnostics) -> SourceValue
  ) {
    self.opened = opened
    self.file = file
    self.value = value
  }

  /// Reads as parsers of runbooks do, with the same vault passwords.
  package init(settings: ParserSettings) {
    let reader = SourceValueReader(settings: settings)
    value = { node, diagnostics in reader.value(of: node, into: &diagnostics) }
    file = { Self.variables(in: $0, reader) }
    opened = { file, diagnostics in
      file.text.utf8.starts(with: "$ANSIBLE_VAULT;".utf8) ? Self.decrypted(file, settings, &diagnostics) : file
    }
  }

  /// Without passwords: an encrypted value fails where it is used, an encrypted file at once.
  package static let withoutVault = VariableReading(settings: ParserSettings())

  private static func variables(
    in file: SourceFile, _ reader: SourceValueReader
  ) -> (OrderedDictionary<String, SourceValue>, Diagnostics) {
    var diagnostics = Diagnostics()
    let isEncrypted = file.text.utf8.starts(with: "$ANSIBLE_VAULT;".utf8)
    guard let plain = isEncrypted ? decrypted(file, reader.settings, &diagnostics) : file,
      let node = YAMLDocuments.parseSingle(plain, into: &diagnostics), !node.isNull
    else { return ([:], diagnostics) }
    guard let entries = node.entries else {
      diagnostics.add(.noVariables(node.kindName, at: node.span))
      return ([:], diagnostics)
    }
    var variables = OrderedDictionary<String, SourceValue>(minimumCapacity: entries.count)
    for entry in entries {
      let value = reader.value(of: entry.value, into: &diagnostics)
      variables[entry.key.text ?? ""] = isEncrypted ? value.secret(reader.settings) : value
    }
    return (variables, diagnostics)
  }

  private static func decrypted(
    _ file: SourceFile, _ settings: ParserSettings, _ diagnostics: inout Diagnostics
  ) -> SourceFile? {
    let place = SourceSpan(file: file, line: 1, column: 1, length: 1)
    guard let decrypt = settings.decrypt else {
      diagnostics.add(.locked(.noPassword, at: place))
      return nil
    }
    do throws(VaultFailure) {
      return SourceFile(path: file.path, text: try decrypt(file.text), isSealed: true)
    } catch {
      diagnostics.add(.locked(error, at: place))
      return nil
    }
  }
}

extension Diagnostic {
  fileprivate static func noVariables(_ kind: String, at span: SourceSpan) -> Diagnostic {
    .error("a file of variables must be a mapping, but this is \(kind)", advice: "write name: value lines", at: span)
  }
}

extension VaultFailure {
  fileprivate static let noPassword = VaultFailure(
    "this file is encrypted, and no vault password was given (Attempting to decrypt but no vault secrets found)",
    advice: "use --vault-password-file or --ask-vault-pass")
}
