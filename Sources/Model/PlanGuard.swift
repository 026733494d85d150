/// Watches a run that applies a plan: says at the first event that the plan does not hold.
package struct PlanGuard: Sendable {
  /// A step as it was planned and as it went.
  package struct Deed: Sendable, Equatable {
    package var title: String
    package var host: String
    package var planned: Plan.Forecast?
    package var done: StepResult.Status
  }

  package private(set) var deeds: [Deed] = []
  package private(set) var surprise: String?
  private let plan: Plan
  private var remaining: [StepKey: [Plan.Step]]
  private var headers: [TaskReference: TaskHeader] = [:]
  /// Hosts on which an include was known after apply, or on which a step that was failed and was rescued: what comes with that
  /// could not be planned.
  private var openHosts: Set<String>

  private let digest: @Sendable (String) -> String

  package init(_ plan: Plan, digest: @escaping @Sendable (String) -> String) {
    self.plan = plan
    self.digest = digest
    remaining = Dictionary(grouping: plan.steps) { StepKey(plan, $0) }
    let openSteps = plan.steps.filter {
      $0.forecast == .knownAfterApply && (plan.lines[$0.line].module.split(separator: ".").last?.hasPrefix("include_") ?? false)
    }
    openHosts = Set(openSteps.map(\.host))
  }

  /// Returns the surprise, if the event is one.
  package mutating func handle(_ event: RunEvent) -> String? {
    switch event {
    case .taskStarted(let header): headers[header.task] = header
    case .stepStarted(let step): begin(step)
    case .stepFinished(let step, let outcome): end(step, outcome)
    case .runStarted, .playStarted, .playSkipped, .stepOutput, .itemFinished, .stepRetrying, .message, .playFinished,
      .runFinished:
      break
    }
    return surprise
  }

  package func title(of step: Plan.Step) -> String { plan.title(of: step) }

  /// Steps of the plan that were not reached.
  package var notReached: [Plan.Step] { plan.steps.filter { remaining[StepKey(plan, $0)]?.contains($0) ?? false } }

  private mutating func begin(_ step: StepReference) {
    guard let header = headers[step.task] else { return }
    let isPlanned = remaining[StepKey(task: header.key, host: step.host)]?.isEmpty == false
    if !isPlanned, !openHosts.contains(step.host) {
      note("host \(step.host): '\(header.title)' (\(header.place)) is not in the plan, and was not started")
    }
  }

  private mutating func end(_ reference: StepReference, _ outcome: StepOutcome) {
    guard let header = headers[reference.task] else { return }
    let key = StepKey(task: header.key, host: reference.host)
    let planned = remaining[key]?.first
    if planned != nil { remaining[key]?.removeFirst() }
    let status = outcome.result.status
    deeds.append(Deed(title: header.title, host: reference.host, planned: planned?.forecast, done: status))
    let place = "host \(reference.host): '\(header.title)' (\(header.place))"
    if outcome.isRescued, planned?.forecast.allows(status) ?? true {
      openHosts.insert(reference.host)
    } else if [.failed, .unreachable].contains(status), !outcome.isIgnored {
      let message = outcome.isCensored ? "" : outcome.result.message.map { ": \($0)" } ?? ""
      note("\(place) was planned \(planned?.forecast.words ?? "known after apply"), and \(status.rawValue)\(message)")
    } else if let planned, !planned.forecast.allows(status) {
      note("\(place) was planned \(planned.forecast.words), and came out \(status.rawValue)")
    } else if let planned, planned.forecast == .changed, status == .changed, differs(planned, outcome) {
      note("\(place) changed something else than planned")
    }
  }

  /// Whole files only: other diffs may word the same change differently once it is made.
  private func differs(_ planned: Plan.Step, _ outcome: StepOutcome) -> Bool {
    guard planned.items.isEmpty, !planned.isCensored, planned.diffs.count == 1, outcome.result.diffs.count == 1 else { return false }
    guard planned.diffs[0].path != nil, case .text = planned.diffs[0].body else { return false }
    guard case .text = outcome.result.diffs[0].body else { return false }
    let (before, after) = outcome.result.diffs.digests(digest)
    return planned.before != before || planned.after != after
  }

  private mutating func note(_ text: String) { surprise = surprise ?? text }
}

extension Plan.Forecast {
  /// A planned change that turns out not to be needed is none that nobody asked for.
  fileprivate func allows(_ status: StepResult.Status) -> Bool {
    switch self {
    case .ok: status == .ok
    case .changed: status == .changed || status == .ok
    case .skipped: status == .skipped
    case .knownAfterApply, .failed, .unreachable: true
    }
  }
}
