import Model

/// A file diff as `--diff` prints it.
struct DiffText {
  let diff: FileDiff

  /// Empty where nothing differs; ends in a line feed otherwise.
  func text(_ palette: Palette) -> String {
    switch diff.body {
    case .note(let note): note.visible + (note.hasSuffix("\n") ? "" : "\n")
    case .prepared(let text): text.visible
    case .text(let before, let after): unifiedText(before, after, palette)
    }
  }

  private func unifiedText(_ before: String, _ after: String, _ palette: Palette) -> String {
    let unified = UnifiedDiff(
      before: before, after: after, beforeHeader: header("before", diff.beforeHeader),
      afterHeader: header("after", diff.afterHeader))
    if let note = unified.note { return note + "\n" }
    guard !unified.isEmpty else { return "" }
    return unified.lines.map { palette.paint($0.text.visible, role(of: $0)) }.joined() + "\n"
  }

  private func header(_ side: String, _ name: String) -> String { name.isEmpty ? side : "\(side): \(name)" }

  /// By the first character, headers included: what Ansible does.
  private func role(of line: UnifiedDiff.Line) -> Role? {
    switch line.kind {
    case .header: line.text.hasPrefix("+") ? .diffAdd : .diffRemove
    case .hunk: .diffLines
    case .removed: .diffRemove
    case .added: .diffAdd
    case .context: nil
    }
  }
}
