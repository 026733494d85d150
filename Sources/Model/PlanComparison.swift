/// What has moved between a plan and the same plan made again: every line is a reason not to apply it.
package struct PlanComparison: Sendable {
  package let planned: Plan
  package let now: Plan

  package init(planned: Plan, now: Plan) {
    self.planned = planned
    self.now = now
  }

  package var moved: [String] { movedSources + movedInventory + movedSteps }

  /// Files on the controller.
  package var movedSources: [String] {
    let digests = Dictionary(now.sources.map { ($0.path, $0.digest) }) { first, _ in first }
    return planned.sources.compactMap { source in
      switch digests[source.path] {
      case source.digest?: nil
      case nil, ""?: "\(source.path) is gone"
      case _?: "\(source.path) was changed after the plan was made"
      }
    }
  }

  package var movedInventory: [String] {
    let before = Dictionary(planned.inventory.map { ($0.path, $0.digest) }) { first, _ in first }
    let after = Dictionary(now.inventory.map { ($0.path, $0.digest) }) { first, _ in first }
    func named(_ host: String) -> String { host == "*" ? "other hosts of the inventory" : "host \(host)" }
    var lines = planned.inventory.compactMap { host -> String? in
      guard let digest = after[host.path] else { return "\(named(host.path)) left the inventory" }
      return digest == host.digest ? nil : "\(named(host.path)): groups or variables in the inventory changed"
    }
    lines += now.inventory.filter { before[$0.path] == nil }.map { "\(named($0.path)) is new in the inventory" }
    if planned.extraVariables != now.extraVariables {
      lines.append("variables given by -e are others than those of the plan; give apply the same -e as plan")
    }
    return lines
  }

  /// Steps by host, each by what it would do now.
  package var movedSteps: [String] {
    var lines: [String] = []
    var remaining = Dictionary(grouping: now.steps) { StepKey(now, $0) }
    let lost = lostHosts
    for step in planned.steps {
      let key = StepKey(planned, step)
      guard var candidates = remaining[key], !candidates.isEmpty else {
        if lost.contains(step.host) { continue }
        lines.append("host \(step.host): \(planned.title(of: step)) was planned and is not reached any more")
        continue
      }
      let current = candidates.removeFirst()
      remaining[key] = candidates
      if let change = difference(step, current) { lines.append("host \(step.host): \(planned.title(of: step)): \(change)") }
    }
    for step in now.steps where remaining[StepKey(now, step)]?.isEmpty == false {
      remaining[StepKey(now, step)]?.removeFirst()
      lines.append("host \(step.host): \(now.title(of: step)) is not in the plan")
    }
    return lines
  }

  /// Hosts that got less far than planned because a step of theirs comes out badly now: that step says it all.
  private var lostHosts: Set<String> {
    func bad(_ plan: Plan) -> [String: Int] {
      plan.failures.reduce(into: [:]) { $0[$1.host, default: 0] += 1 }
    }
    let before = bad(planned)
    return Set(bad(now).filter { $0.value > before[$0.key] ?? 0 }.keys)
  }

  private func difference(_ planned: Plan.Step, _ now: Plan.Step) -> String? {
    if planned.forecast != now.forecast {
      let reason = now.reason.map { ": \($0)" } ?? ""
      let subject = changedFiles(planned, now)
      return "planned \(planned.forecast.words), now \(now.forecast.words)\(subject)\(reason)"
    }
    if planned.before != now.before { return "what it would change is not as it was\(changedFiles(planned, now))" }
    if planned.after != now.after { return "what it would change to is not as planned\(changedFiles(planned, now))" }
    if planned.diffs != now.diffs { return "the plan shows another diff than what it was made from: the file was edited" }
    return planned.delegatedTo == now.delegatedTo ? nil : "it would run on another host"
  }

  private func changedFiles(_ planned: Plan.Step, _ now: Plan.Step) -> String {
    let names = (planned.diffs + now.diffs).map(\.beforeHeader).filter { !$0.isEmpty }
    var seen = Set<String>()
    let unique = names.filter { seen.insert($0).inserted }
    return unique.isEmpty ? "" : " (\(unique.joined(separator: ", ")))"
  }
}

/// What a step of one plan is found by in another.
struct StepKey: Hashable {
  var task: String
  var host: String

  init(task: String, host: String) {
    self.task = task
    self.host = host
  }

  init(_ plan: Plan, _ step: Plan.Step) {
    self.init(task: plan.lines[step.line].key, host: step.host)
  }
}

extension Plan.Forecast {
  package var words: String {
    switch self {
    case .ok: "ok"
    case .changed: "changed"
    case .skipped: "skipped"
    case .knownAfterApply: "known after apply"
    case .failed: "failed"
    case .unreachable: "unreachable"
    }
  }
}
