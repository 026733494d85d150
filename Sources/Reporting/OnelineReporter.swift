import Model

/// A line per result, as `ansible -o` prints: for many hosts, and for reading with `grep`.
package struct OnelineReporter: Reporter {
  private let settings: OutputSettings
  private let sink: any OutputSink
  private var tasks: [TaskReference: TaskHeader] = [:]

  package init(_ settings: OutputSettings, to sink: any OutputSink) {
    self.settings = settings
    self.sink = sink
  }

  package mutating func handle(_ event: RunEvent) {
    switch event {
    case .taskStarted(let header): tasks[header.task] = header
    case .stepFinished(let step, let outcome):
      let (text, role) = line(step, outcome)
      sink.write(settings.palette.paint(text.visible, role) + "\n", to: .standardOutput)
    case .message(let message) where message.kind == .warning || message.kind == .error:
      let name = message.kind == .warning ? "WARNING" : "ERROR"
      sink.write("[\(name)]: \(message.text.visible)\n", to: .standardError)
    case .runStarted, .playStarted, .playSkipped, .stepStarted, .stepOutput, .itemFinished, .stepRetrying, .message,
      .playFinished, .runFinished:
      break
    }
  }

  private func line(_ step: StepReference, _ outcome: StepOutcome) -> (String, Role) {
    switch outcome.result.status {
    case .ok: ("\(step.host) | \(body("SUCCESS", step, outcome))", .ok)
    case .changed: ("\(step.host) | \(body("CHANGED", step, outcome))", .changed)
    case .failed: ("\(step.host) | \(body("FAILED", step, outcome))", .error)
    case .unreachable: ("\(step.host) | UNREACHABLE!: \(outcome.result.message ?? "")", .unreachable)
    case .skipped: ("\(step.host) | SKIPPED", .skip)
    }
  }

  /// A command's output stands by itself, any other result as JSON.
  private func body(_ word: String, _ step: StepReference, _ outcome: StepOutcome) -> String {
    let fields = outcome.result.fields
    guard !outcome.isCensored, let status = fields["rc"]?.int, let stdout = fields["stdout"]?.string else {
      var settings = settings
      settings.isPretty = false
      let result = ResultText(outcome: outcome, module: tasks[step.task]?.moduleShortName ?? "", settings: settings)
      return "\(word)\(word == "FAILED" ? "!" : "") => \(result.text)"
    }
    func flat(_ text: String) -> String { text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n") }
    let stderr = fields["stderr"]?.string ?? ""
    return "\(word) | rc=\(status) | (stdout) \(flat(stdout))" + (stderr.isEmpty ? "" : " (stderr) \(flat(stderr))")
  }
}
