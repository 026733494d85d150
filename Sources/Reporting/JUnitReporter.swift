import Model

/// A JUnit XML report, written when the run ends: a suite per play, a case per step. An ignored failure passes.
package struct JUnitReporter: Reporter {
  private struct Suite {
    var name: String
    var play: PlayReference
    var cases: [Case] = []
    func count(_ status: StepResult.Status) -> Int { cases.count { $0.verdict == status } }
    var seconds: Double { cases.reduce(0) { $0 + $1.outcome.durationSeconds } }
  }

  private struct Case {
    var task: TaskHeader
    var host: String
    var outcome: StepOutcome
    var verdict: StepResult.Status { outcome.isIgnored ? .ok : outcome.result.status }
  }

  private let sink: any OutputSink
  private var suites: [Suite] = []
  private var tasks: [TaskReference: TaskHeader] = [:]

  package init(to sink: any OutputSink) { self.sink = sink }

  package mutating func handle(_ event: RunEvent) {
    switch event {
    case .playStarted(let header): suites.append(Suite(name: header.name, play: header.play))
    case .taskStarted(let header): tasks[header.task] = header
    case .stepFinished(let step, let outcome):
      guard let task = tasks[step.task], let suite = suites.lastIndex(where: { $0.play == task.play }) else { return }
      suites[suite].cases.append(Case(task: task, host: step.host, outcome: outcome))
    case .runFinished: sink.write(report, to: .standardOutput)
    case .runStarted, .playSkipped, .stepStarted, .stepOutput, .itemFinished, .stepRetrying, .message, .playFinished: break
    }
  }

  private var report: String {
    let lines = ["<?xml version=\"1.0\" encoding=\"utf-8\"?>", "<testsuites>"] + suites.flatMap(lines) + ["</testsuites>"]
    return lines.map { $0 + "\n" }.joined()
  }

  private func lines(_ suite: Suite) -> [String] {
    let counts = [
      ("name", suite.name), ("tests", "\(suite.cases.count)"), ("failures", "\(suite.count(.failed))"),
      ("errors", "\(suite.count(.unreachable))"), ("skipped", "\(suite.count(.skipped))"), ("time", text(suite.seconds)),
    ]
    return ["  <testsuite\(attributes(counts))>"] + suite.cases.flatMap(lines) + ["  </testsuite>"]
  }

  private func lines(_ test: Case) -> [String] {
    let head = attributes([
      ("name", "[\(test.host)] \(test.task.title)"), ("classname", test.task.place),
      ("time", text(test.outcome.durationSeconds)),
    ])
    guard let body = body(test) else { return ["    <testcase\(head)/>"] }
    return ["    <testcase\(head)>", "      \(body)", "    </testcase>"]
  }

  private func body(_ test: Case) -> String? {
    let result = ResultText(outcome: test.outcome, module: test.task.moduleShortName, settings: OutputSettings())
    let message = test.outcome.isCensored ? "censored by no_log" : test.outcome.result.fields["msg"]?.pythonText ?? ""
    switch test.verdict {
    case .ok, .changed: return nil
    case .skipped:
      let reason = test.outcome.result.fields["skip_reason"]?.pythonText ?? message
      return "<skipped\(attributes([("message", reason)]))/>"
    case .failed: return element("failure", message, result.text)
    case .unreachable: return element("error", message, result.text)
    }
  }

  private func element(_ name: String, _ message: String, _ text: String) -> String {
    "<\(name)\(attributes([("message", message)]))>\(escaped(text))</\(name)>"
  }

  private func attributes(_ pairs: [(name: String, value: String)]) -> String {
    pairs.map { " \($0.name)=\"\(escaped($0.value))\"" }.joined()
  }

  private func text(_ seconds: Double) -> String { fixedPoint(seconds, decimals: 3) }
}

/// Text for XML 1.0, which has no way to write control characters.
private func escaped(_ text: String) -> String {
  text.visible.reduce(into: "") { result, character in
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\n": result += "&#10;"
    default: result.append(character)
    }
  }
}
