import Model

/// What `martlet apply` says at its end: planned against done.
package struct ApplyText {
  private let state: PlanGuard

  package init(_ state: PlanGuard) { self.state = state }

  package var text: String {
    var lines = ["", "PLANNED AGAINST DONE"]
    func count(_ planned: Plan.Forecast?, _ done: StepResult.Status...) -> Int {
      state.deeds.count { $0.planned == planned && done.contains($0.done) }
    }
    let late = state.notReached.filter { ![.skipped, .ok].contains($0.forecast) }
    let planned = count(.changed, .ok, .changed, .skipped, .failed, .unreachable) + late.count { $0.forecast == .changed }
    lines.append("  changes planned: \(planned)")
    lines.append("    done: \(count(.changed, .changed))")
    add(count(.changed, .ok), "not needed any more", to: &lines)
    add(late.count { $0.forecast == .changed }, "not reached", to: &lines)
    let open = count(.knownAfterApply, .ok, .changed, .skipped, .failed, .unreachable)
    if open > 0 {
      let ways: [(StepResult.Status, String)] = [
        (.changed, "changed"), (.ok, "ok"), (.skipped, "skipped"), (.failed, "failed"), (.unreachable, "unreachable"),
      ]
      let counts = ways.map { (count(.knownAfterApply, $0), $1) }.filter { $0.0 > 0 }.map { "\($0) \($1)" }
      lines.append("  known after apply: \(open), of which \(counts.joined(separator: ", "))")
    }
    add(state.deeds.count { $0.planned == nil }, "brought by includes and rescues that were known after apply", to: &lines)
    lines += notReached(late)
    if let surprise = state.surprise { lines.append("  stopped: \(surprise)".visible) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A line per task.
  private func notReached(_ late: [Plan.Step]) -> [String] {
    var hosts: [String: [String]] = [:], titles: [String] = []
    for step in late {
      let title = state.title(of: step)
      if hosts[title] == nil { titles.append(title) }
      hosts[title, default: []].append(step.host)
    }
    return titles.map { "  not reached: \($0) on \(hosts[$0, default: []].sorted().joined(separator: ", "))".visible }
  }

  private func add(_ count: Int, _ words: String, to lines: inout [String]) {
    if count > 0 { lines.append("    \(words): \(count)") }
  }
}
