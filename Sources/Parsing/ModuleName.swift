import Model

/// A module's name as written, and the short name under which Modules/ or Actions has it.
package struct ModuleName: Sendable, Hashable {
  package var written: String
  package var span: SourceSpan

  package init(written: String, span: SourceSpan) {
    self.written = written
    self.span = span
  }

  /// `copy` of `copy`, `ansible.builtin.copy` and `ansible.legacy.copy`; the last part of any other qualified name.
  package var short: String { Self.short(written) }

  package static func short(_ written: String) -> String {
    let parts = written.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count < 3 ? written : String(parts[parts.count - 1])
  }

  /// The short name where the module is one of the language's own, and not another collection's of the same name.
  package var builtin: String? { Self.builtin(written) }

  package static func builtin(_ written: String) -> String? {
    // By bytes: it is asked several times about every task.
    if !written.utf8.contains(UInt8(ascii: ".")) { return written }
    for prefix in ["ansible.builtin.", "ansible.legacy."] where written.hasPrefix(prefix) {
      return String(written.dropFirst(prefix.count))
    }
    return nil
  }
}
