import Model

/// What `martlet show RUN` prints: the run, its plays and tasks, what each step came to, and which steps are in doubt.
package struct RunText {
  private let details: RunDetails
  private let showsDiffs: Bool
  private let palette: Palette
  private let stepsByTask: [TaskReference: [StepRecord]]

  package init(_ details: RunDetails, showingDiffs: Bool = true, palette: Palette = .none) {
    self.details = details
    self.showsDiffs = showingDiffs
    self.palette = palette
    stepsByTask = Dictionary(grouping: details.steps, by: \.step.task)
  }

  package var text: String {
    let lines = head + details.plays.flatMap(lines) + messages + doubts + owed
    return lines.map { $0 + "\n" }.joined()
  }

  private var run: RunRecord { details.run }

  private var head: [String] {
    let took = run.endedAt.map { ", took \(durationText($0 - run.startedAt))" } ?? ""
    return [
      "run \(run.header.id): \(run.ending)\(run.header.isCheck ? ", check mode" : "")",
      "  started \(timeText(run.startedAt)) by \(run.header.user)\(took)",
      "  command: \(run.header.command.joined(separator: " "))", "  runbooks: \(run.header.runbooks.joined(separator: " "))",
      "  inventory: \(run.header.inventories.joined(separator: " "))",
    ].map(\.visible)
  }

  private func lines(_ play: PlayHeader) -> [String] {
    let tasks = details.tasks.filter { $0.play == play.play }
    return ["", "PLAY \(play.name)  (\(play.place), \(play.hosts.count) hosts)".visible] + tasks.flatMap(lines)
  }

  private func lines(_ task: TaskHeader) -> [String] {
    let kind = task.kind == .handler ? "HANDLER" : "TASK"
    return ["  \(kind) \(task.title)  (\(task.place))".visible] + (stepsByTask[task.task] ?? []).flatMap(lines)
  }

  private func lines(_ record: StepRecord) -> [String] {
    guard let outcome = record.outcome else { return [palette.paint("    \(openText(record))", .unreachable)] }
    var line = "    \(pad(outcome.result.status.rawValue)) \(record.step.host)"
    if let delegate = outcome.delegatedTo { line += " -> \(delegate)" }
    line += "  \(durationText(outcome.durationSeconds))"
    if outcome.isIgnored { line += "  (ignored)" }
    if outcome.isRescued { line += "  (rescued)" }
    if let message = message(outcome) { line += "  \(message)" }
    return [palette.paint(line.visible, role(outcome))] + diffLines(outcome)
  }

  /// Of results that went well a message is noise.
  private func message(_ outcome: StepOutcome) -> String? {
    switch outcome.result.status {
    case .ok, .changed: return nil
    case .skipped, .failed, .unreachable:
      let text = outcome.isCensored
        ? "censored by no_log" : (outcome.result.fields["msg"] ?? outcome.result.fields["skip_reason"])?.pythonText
      return text?.split(separator: "\n").first.map(String.init)
    }
  }

  private func diffLines(_ outcome: StepOutcome) -> [String] {
    guard showsDiffs, !outcome.isCensored else { return [] }
    let text = outcome.result.diffs.map { DiffText(diff: $0).text(palette) }.joined()
    return text.split(separator: "\n").map { "      \($0)" }
  }

  private var messages: [String] {
    let shown = details.messages.filter { $0.kind == .warning || $0.kind == .error }
    guard !shown.isEmpty else { return [] }
    return [""] + shown.map { "\($0.kind.rawValue): \($0.host.map { "\($0): " } ?? "")\($0.text)".visible }
  }

  /// Named once more at the end, where nobody overlooks them.
  private var doubts: [String] {
    let open = details.steps.filter { $0.outcome == nil }
    guard !open.isEmpty else { return [] }
    let titles = Dictionary(details.tasks.map { ($0.task, $0) }) { first, _ in first }
    var lines = ["", isRunning ? "under way:" : "in doubt: started, and no result recorded; each may or may not have happened:"]
    for record in open {
      let task = titles[record.step.task]
      lines.append("  \(record.step.host): \(task?.title ?? "?")  (\(task?.place ?? "?"))".visible)
    }
    return lines
  }

  private var owed: [String] {
    guard !details.owed.isEmpty, !isRunning else { return [] }
    return ["", "owed: handlers that were notified and have not run:"]
      + details.owed.map { "  \($0.host): '\($0.name)', notified by '\($0.task)'".visible }
  }

  private var isRunning: Bool {
    if case .running = run.state { true } else { false }
  }

  private func openText(_ record: StepRecord) -> String {
    let items = record.finishedItems == 0 ? "" : ", \(record.finishedItems) items finished"
    let word = pad(isRunning ? "running" : "in doubt")
    return "\(word) \(record.step.host)  since \(timeText(record.startedAt))\(items)".visible
  }

  private func pad(_ word: String) -> String { word + String(repeating: " ", count: max(0, 11 - word.count)) }

  private func role(_ outcome: StepOutcome) -> Role {
    switch outcome.result.status {
    case .ok: .ok
    case .changed: .changed
    case .skipped: .skip
    case .failed: .error
    case .unreachable: .unreachable
    }
  }
}
