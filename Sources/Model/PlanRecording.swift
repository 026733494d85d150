/// Makes the steps of a plan from the events of a run in check mode.
package struct PlanRecording: Sendable {
  package private(set) var plan: Plan
  /// Salts and digests.
  private let digest: @Sendable (String) -> String
  private var lines: [TaskReference: Int] = [:]
  private var items: [StepReference: [ItemOutcome]] = [:]

  package init(into plan: Plan, digest: @escaping @Sendable (String) -> String) {
    self.plan = plan
    self.digest = digest
  }

  package mutating func handle(_ event: RunEvent) {
    switch event {
    case .playStarted(let header): plan.plays.append(Plan.Play(name: header.name, place: header.place))
    case .taskStarted(let header): add(header)
    case .itemFinished(let step, let item): items[step, default: []].append(item)
    case .stepFinished(let step, let outcome): add(step, outcome)
    case .runFinished: settleSharedFiles()
    case .runStarted, .playSkipped, .stepStarted, .stepOutput, .stepRetrying, .message, .playFinished: break
    }
  }

  private mutating func add(_ header: TaskHeader) {
    guard lines[header.task] == nil else { return }
    lines[header.task] = plan.lines.count
    plan.lines.append(
      Plan.Line(
        title: header.title, module: header.module, place: header.place, key: header.key, kind: header.kind,
        play: max(0, plan.plays.count - 1)))
  }

  private mutating func add(_ reference: StepReference, _ outcome: StepOutcome) {
    guard let line = lines[reference.task] else { return }
    let items = items.removeValue(forKey: reference) ?? []
    var step = Plan.Step(line: line, host: reference.host, forecast: Plan.Forecast(outcome))
    step.reason = outcome.planReason
    step.isIgnored = outcome.isIgnored
    step.isRescued = outcome.isRescued
    step.isCensored = outcome.isCensored || items.contains(where: \.outcome.isCensored)
    step.delegatedTo = outcome.delegatedTo
    let diffs = step.isCensored ? [] : outcome.result.diffs + items.flatMap(\.outcome.result.diffs)
    step.diffs = diffs
    (step.before, step.after) = diffs.digests(digest)
    step.items = items.map {
      Plan.Item(label: $0.outcome.isCensored ? Secret.mask : $0.label.pythonText, forecast: Plan.Forecast($0.outcome))
    }
    plan.steps.append(step)
  }

  /// Where hosts of a play change the same file of one host (`delegate_to`), each finds what those before it left, and their
  /// order is not fixed.
  private mutating func settleSharedFiles() {
    var sharing: [SharedFile: [Int]] = [:]
    for (index, step) in plan.steps.enumerated() where step.forecast == .changed {
      for path in step.diffs.compactMap(\.path) {
        let file = SharedFile(play: plan.lines[step.line].play, host: step.delegatedTo ?? step.host, path: path)
        sharing[file, default: []].append(index)
      }
    }
    for (file, steps) in sharing {
      let hosts = Set(steps.map { plan.steps[$0].host })
      guard hosts.count > 1 else { continue }
      for step in steps {
        plan.steps[step].forecast = .knownAfterApply
        plan.steps[step].reason = "\(hosts.count) hosts change \(file.path) on \(file.host), in no fixed order"
      }
    }
  }

  private struct SharedFile: Hashable {
    var play: Int
    var host: String
    var path: String
  }
}

extension Plan.Forecast {
  package init(_ outcome: StepOutcome) {
    if outcome.knownAfterApply != nil {
      self = .knownAfterApply
      return
    }
    switch outcome.result.status {
    case .ok: self = .ok
    case .changed: self = .changed
    case .skipped: self = .skipped
    case .failed: self = .failed
    case .unreachable: self = .unreachable
    }
  }
}

extension [FileDiff] {
  /// Of what stands on either side.
  func digests(_ digest: (String) -> String) -> (before: String, after: String) {
    func joined(_ text: (FileDiff) -> String) -> String { digest(map(text).joined(separator: "\u{1E}")) }
    return (joined { "\($0.beforeHeader)\u{1F}\($0.sides.before)" }, joined { "\($0.afterHeader)\u{1F}\($0.sides.after)" })
  }
}

extension FileDiff {
  /// What stands on either side; notes and prepared texts count as both.
  fileprivate var sides: (before: String, after: String) {
    switch body {
    case .text(let before, let after): ((beforeDigest ?? "") + before, after)
    case .note(let note): ((beforeDigest ?? "") + note, note)
    case .prepared(let text): (text, text)
    }
  }
}

extension StepOutcome {
  /// The first line of why a step will not simply be ok or changed.
  fileprivate var planReason: String? {
    if let knownAfterApply { return knownAfterApply }
    guard [.skipped, .failed, .unreachable].contains(result.status), !isCensored else { return nil }
    let text = result.fields["false_condition"].map { "when: \($0.pythonText)" }
      ?? (result.fields["msg"] ?? result.fields["skip_reason"])?.pythonText
    return text?.split(separator: "\n").first.map(String.init)
  }
}
