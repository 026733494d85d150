import Model

/// What `martlet history` prints: a table of runs.
package struct HistoryText {
  private let runs: [RunRecord]

  package init(_ runs: [RunRecord]) { self.runs = runs }

  package var text: String {
    guard !runs.isEmpty else { return "no runs recorded yet\n" }
    var table = TextTable(columns: [
      ("RUN", .left), ("STARTED", .left), ("TOOK", .right), ("ENDING", .left), ("OK", .right), ("CHANGED", .right),
      ("FAILED", .right), ("UNREACHABLE", .right), ("SKIPPED", .right), ("RUNBOOKS", .left),
    ])
    table.rows = runs.map(row)
    return table.lines.map { $0 + "\n" }.joined()
  }

  private func row(_ run: RunRecord) -> [String] {
    let statuses: [StepResult.Status] = [.ok, .changed, .failed, .unreachable, .skipped]
    let runbooks = run.header.runbooks.joined(separator: " ") + (run.header.isCheck ? " (check)" : "")
    return [run.header.id, timeText(run.startedAt), run.endedAt.map { durationText($0 - run.startedAt) } ?? "", run.ending]
      + statuses.map { String(run.steps[$0] ?? 0) } + [runbooks]
  }
}

extension RunRecord {
  /// In a word or two, steps in doubt included.
  package var ending: String {
    switch state {
    case .running(let processID): "running (\(processID))"
    case .ended(.completed): exitStatus.map { "exit \($0)" } ?? "completed"
    case .ended(.interrupted): "interrupted\(doubt)"
    case .ended(.crashed): "crashed\(doubt)"
    case .died: "died\(doubt)"
    }
  }

  private var doubt: String { openSteps == 0 ? "" : ", \(openSteps) in doubt" }
}
