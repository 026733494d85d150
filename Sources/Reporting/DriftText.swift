import Model

/// What `martlet drift` prints.
package struct DriftText {
  private let report: DriftReport
  private let showsAll: Bool
  private let palette: Palette

  package init(_ report: DriftReport, showingAll: Bool = false, palette: Palette = .none) {
    self.report = report
    showsAll = showingAll
    self.palette = palette
  }

  package var text: String {
    let shown = report.findings.filter { showsAll || $0.state != .asLeft }
    return (shown.flatMap(lines) + [summary]).map { $0 + "\n" }.joined()
  }

  private func lines(_ finding: DriftReport.Finding) -> [String] {
    let record = finding.record
    let kind = record.resource.module == "stat" ? "file" : record.resource.module
    var head = "\(record.host)  \(finding.state.words)  \(kind) \(record.resource.name)"
    if let reason = finding.reason { head += "  (\(reason.split(separator: "\n").first ?? ""))" }
    var lines = [palette.paint(head.visible, role(finding.state))]
    if finding.state != .asLeft {
      lines.append("      task \(record.task) of \(record.runbook)".visible)
      if let changed = record.changed { lines.append("      changed by \(words(changed))".visible) }
      lines.append("      last seen to by \(words(record.seen))".visible)
    }
    let diffs = finding.diffs.map { DiffText(diff: $0).text(palette) }.joined().split(separator: "\n")
    return lines + diffs.map { "      \($0)" }
  }

  private func words(_ stamp: RunStamp) -> String { "\(stamp.user), run \(stamp.run), \(timeText(stamp.time))" }

  private var summary: String {
    let parts = DriftReport.State.allCases.filter { report.count($0) > 0 }.map { "\(report.count($0)) \($0.words)" }
    let hosts = Set(report.findings.map(\.record.host)).count
    return "\(hosts) hosts, \(report.findings.count) resources: \(parts.isEmpty ? "nothing is managed yet" : parts.joined(separator: ", "))"
  }

  private func role(_ state: DriftReport.State) -> Role {
    switch state {
    case .asLeft: .ok
    case .drifted, .missing: .changed
    case .orphaned, .unknown: .skip
    case .unreachable: .unreachable
    }
  }
}

extension DriftReport.State {
  fileprivate var words: String {
    switch self {
    case .asLeft: "as left"
    case .drifted, .missing, .orphaned, .unknown, .unreachable: rawValue
    }
  }
}
