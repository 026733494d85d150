import Model

/// A plan as `martlet plan show` prints it: what would change where, each difference once.
package struct PlanText {
  private let plan: Plan
  private let showsAll: Bool
  private let palette: Palette

  /// Steps that would change nothing are only counted, unless all are asked for.
  package init(_ plan: Plan, showingAll: Bool = false, palette: Palette = .none) {
    self.plan = plan
    showsAll = showingAll
    self.palette = palette
  }

  package var text: String { (head + body + [""] + [summary]).map { $0 + "\n" }.joined() }

  private var head: [String] {
    [
      "plan made \(timeText(plan.madeAt)) by \(plan.madeBy), martlet \(plan.martletVersion)".visible,
      "  in \(plan.directory)".visible, "  martlet plan \(plan.arguments.joined(separator: " "))".visible,
    ]
  }

  package var summary: String {
    let parts = [
      (Plan.Forecast.changed, "to change"), (.knownAfterApply, "known after apply"), (.ok, "as they should be"),
      (.skipped, "skipped"), (.failed, "would fail"), (.unreachable, "unreachable"),
    ].compactMap { plan.count($0.0) == 0 ? nil : "\(plan.count($0.0)) \($0.1)" }
    return "\(plan.hosts.count) hosts, \(plan.steps.count) steps: \(parts.isEmpty ? "nothing to do" : parts.joined(separator: ", "))"
  }

  private var body: [String] {
    var lines: [String] = [], lastPlay: Int?
    for group in PlanGroup.groups(of: plan) {
      let shown = showsAll ? group.outcomes : group.outcomes.filter { ![.ok, .skipped].contains($0.forecast) }
      guard !shown.isEmpty else { continue }
      if lastPlay != group.line.play, plan.plays.indices.contains(group.line.play) {
        lines += ["", "PLAY \(plan.plays[group.line.play].name)".visible]
        lastPlay = group.line.play
      }
      lines.append("  \(group.line.kind == .handler ? "HANDLER" : "TASK") \(group.line.title)  (\(group.line.place))".visible)
      lines += shown.flatMap(self.lines)
    }
    return lines
  }

  private func lines(_ outcome: PlanGroup.Outcome) -> [String] {
    var line = "    \(outcome.forecast.words)  \(outcome.hosts.joined(separator: ", "))"
    if let reason = outcome.reason { line += "  (\(reason))" }
    if outcome.isIgnored { line += "  (ignored)" }
    if outcome.isRescued { line += "  (rescued)" }
    if outcome.isCensored { line += "  (hidden by no_log)" }
    let items = outcome.items.filter { ![.ok, .skipped].contains($0.forecast) }
    let diffs = outcome.diffs.map { DiffText(diff: $0).text(palette) }.joined().split(separator: "\n")
    return [palette.paint(line.visible, role(outcome.forecast))]
      + items.map { "      \($0.forecast.words)  item \($0.label)".visible } + diffs.map { "      \($0)" }
  }

  private func role(_ forecast: Plan.Forecast) -> Role {
    switch forecast {
    case .ok: .ok
    case .changed: .changed
    case .skipped: .skip
    case .knownAfterApply: .debug
    case .failed: .error
    case .unreachable: .unreachable
    }
  }
}

/// A task of a plan with its hosts, those of equal forecast together.
struct PlanGroup {
  struct Outcome {
    var forecast: Plan.Forecast
    var reason: String?
    var isIgnored: Bool
    var isRescued: Bool
    var isCensored: Bool
    var diffs: [FileDiff]
    var items: [Plan.Item]
    var hosts: [String]
  }

  var line: Plan.Line
  var outcomes: [Outcome]

  static func groups(of plan: Plan) -> [PlanGroup] {
    var groups: [PlanGroup] = [], places: [Int: Int] = [:]
    for step in plan.steps {
      let place = places[step.line] ?? groups.count
      if place == groups.count {
        places[step.line] = place
        groups.append(PlanGroup(line: plan.lines[step.line], outcomes: []))
      }
      groups[place].add(step)
    }
    // Results come as they come; a plan reads the same each time.
    for group in groups.indices {
      for outcome in groups[group].outcomes.indices { groups[group].outcomes[outcome].hosts.sort() }
      groups[group].outcomes.sort { ($0.hosts.first ?? "") < ($1.hosts.first ?? "") }
    }
    return groups
  }

  private mutating func add(_ step: Plan.Step) {
    let same = outcomes.firstIndex {
      $0.forecast == step.forecast && $0.reason == step.reason && $0.isIgnored == step.isIgnored && $0.isRescued == step.isRescued
        && $0.diffs == step.diffs && $0.items == step.items
    }
    if let same { outcomes[same].hosts.append(step.host) } else {
      outcomes.append(
        Outcome(
          forecast: step.forecast, reason: step.reason, isIgnored: step.isIgnored, isRescued: step.isRescued,
          isCensored: step.isCensored, diffs: step.diffs, items: step.items, hosts: [step.host]))
    }
  }
}
