import Model

/// What `martlet undo` prints.
package struct UndoText {
  private let report: UndoReport
  private let isCheck: Bool

  package init(_ report: UndoReport, isCheck: Bool) {
    self.report = report
    self.isCheck = isCheck
  }

  package var text: String {
    var lines: [String] = []
    for host in report.hosts {
      lines.append(host.name)
      lines += host.restored.map { "  \(isCheck ? "would restore" : "restored") \($0)" }
      lines += host.removed.map { "  \(isCheck ? "would remove" : "removed") \($0)" }
      lines += host.left.map { "  left \($0)" }
      lines += host.failures.map { "  failed: \($0)" }
      lines += host.others.map { "  not undone, no file: \($0)" }
      if host.isEmpty {
        lines.append(host.earlier > 0 ? "  all that was kept of run \(report.run) is undone already" : "  nothing of run \(report.run) is kept here")
      }
    }
    return lines.map { $0.visible + "\n" }.joined()
  }
}
