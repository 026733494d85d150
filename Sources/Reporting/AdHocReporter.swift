import Model

/// What `ansible` prints for one task on many hosts: a block per host, a command's output as it is.
package struct AdHocReporter: Reporter {
  private static let commands: Set<Substring> = ["command", "shell", "raw", "script"]

  private let settings: OutputSettings
  private let sink: any OutputSink
  private var tasks: [TaskReference: TaskHeader] = [:]
  /// Messages are shown once, however many hosts bring them.
  private var shownMessages: Set<String> = []

  package init(_ settings: OutputSettings, to sink: any OutputSink) {
    var settings = settings
    settings.isPretty = true
    self.settings = settings
    self.sink = sink
  }

  package mutating func handle(_ event: RunEvent) {
    switch event {
    case .taskStarted(let header): tasks[header.task] = header
    case .itemFinished(let step, let item): finish(step, item.outcome)
    case .stepFinished(let step, let outcome): if !outcome.isLoop { finish(step, outcome) }
    case .playSkipped: note("[WARNING]: No hosts matched, nothing to do", .warn)
    case .message(let message): show(message)
    case .runStarted, .playStarted, .stepStarted, .stepOutput, .stepRetrying, .playFinished, .runFinished: break
    }
  }

  private mutating func finish(_ step: StepReference, _ outcome: StepOutcome) {
    if module(of: step) == "meta" { return }
    showNotes(step, outcome)
    showDiffs(outcome)
    switch outcome.result.status {
    case .ok: show(step, outcome, "SUCCESS", .ok)
    case .changed: show(step, outcome, "CHANGED", .changed)
    case .failed: show(step, outcome, "FAILED", .error)
    case .unreachable: write("\(step.host) | UNREACHABLE! => \(text(step, outcome))", .unreachable)
    case .skipped: write("\(step.host) | SKIPPED", .skip)
    }
  }

  private func show(_ step: StepReference, _ outcome: StepOutcome, _ word: String, _ role: Role) {
    let fields = outcome.result.fields
    let isCommand = Self.commands.contains(module(of: step)) && !outcome.isCensored
    guard isCommand, fields["ansible_job_id"] == nil, fields["module_stderr"] == nil else {
      let mark = outcome.result.status == .failed ? "!" : ""
      return write("\(step.host) | \(word)\(mark) => \(text(step, outcome))", role)
    }
    let output = ["stdout", "stderr", "msg"].map { fields[.string($0)]?.pythonText ?? "" }.joined()
    write("\(step.host) | \(word) | rc=\(fields["rc"]?.pythonText ?? "-1") >>\n\(output)\n", role)
  }

  private func text(_ step: StepReference, _ outcome: StepOutcome) -> String {
    ResultText(outcome: outcome, module: module(of: step), settings: settings).text
  }

  private func module(of step: StepReference) -> Substring { tasks[step.task]?.moduleShortName ?? "" }

  private func showDiffs(_ outcome: StepOutcome) {
    guard outcome.isDiffShown, !outcome.isCensored, outcome.result.status == .changed else { return }
    let text = outcome.result.diffs.map { DiffText(diff: $0).text(settings.palette) }.joined()
    if !text.isEmpty { sink.write(text.hasSuffix("\n") ? text : text + "\n", to: .standardOutput) }
  }

  private mutating func showNotes(_ step: StepReference, _ outcome: StepOutcome) {
    guard !outcome.isCensored else { return }
    for warning in outcome.result.fields["warnings"]?.list ?? [] {
      note("[WARNING]: \((warning["msg"] ?? warning).pythonText)", .warn)
    }
    if let failure = outcome.failure {
      // The task stands on the command line: there is no file to show a line of.
      let text = "[ERROR]: \(failure.message)\nOrigin: <adhoc '\(tasks[step.task]?.module ?? "")' task>\n\n"
      guard shownMessages.insert(text).inserted else { return }
      write(text, .error, settings.sendsFailuresToStandardError ? .standardError : .standardOutput)
    }
  }

  private mutating func show(_ message: RunMessage) {
    switch message.kind {
    case .warning: note("[WARNING]: \(message.text)", .warn)
    case .error: note("[ERROR]: \(message.text)", .error)
    case .deprecation: if settings.showsDeprecations { note("[DEPRECATION WARNING]: \(message.text)", .deprecate) }
    case .debug: if settings.verbosity > 2 { write((message.host.map { "<\($0)> " } ?? "") + message.text, .verbose) }
    case .meta, .included, .progress, .noHostsLeft, .rescued: break
    }
  }

  private mutating func note(_ text: String, _ role: Role) {
    if shownMessages.insert(text).inserted { write(text, role, .standardError) }
  }

  /// A line feed at the end is there already, or is added.
  private func write(_ text: String, _ role: Role, _ stream: OutputStream = .standardOutput) {
    let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
    sink.write(settings.palette.paint(text.visible, role) + "\n", to: stream)
  }
}
