import Model
import Parsing
import Planning

/// Handlers that were notified and have not run, in this run or an earlier one.
extension PlayRun {
  /// At the play's start: what earlier runs left to the hosts of the batch, told once for all hosts that are owed the same.
  func takeUpOwedHandlers() async {
    var told: [String: [String]] = [:], order: [String] = []
    for (index, host) in hosts.enumerated() {
      for owed in environment.owedHandlers[host.name] ?? [] where owed.file == file && owed.play == target.name {
        ledger.takeUp(owed, on: index)
        let text = takingUp(owed)
        if told[text] == nil { order.append(text) }
        told[text, default: []].append(host.name)
      }
    }
    for text in order { await loop.warn("\(told[text, default: []].joined(separator: ", ")): \(text)") }
  }

  private var file: String { target.file ?? target.play.span.file.path }

  /// Notes what a step leaves owed and what it settles, and what is due now that the hosts are past its task.
  func keepAccounts(_ report: inout StepReport, _ task: PlannedTask, _ sharing: [RunState.HostIndex]) {
    guard report.end == .passed || report.end == .skipped else { return }
    let title = task.writtenTitle
    for host in sharing {
      let made = report.outcome.notified
      report.outcome.debts.made += made.map { owed($0, host, title) }
      if task.kind == .handler {
        let settled = ledger.ran(task.reference, on: host).filter { !made.contains($0) }
        report.outcome.debts.settled += settled.map { owed($0, host, title) }
      }
      for name in ledger.due(after: title, on: host) { remind(name, host) }
    }
  }

  private func owed(_ name: String, _ host: RunState.HostIndex, _ task: String) -> OwedHandler {
    OwedHandler(host: hosts[host].name, file: file, play: target.name, name: name, task: task)
  }

  private func remind(_ name: String, _ host: RunState.HostIndex) {
    if notifications[host]?.contains(name) != true { notifications[host, default: []].append(name) }
  }

  /// At the play's last flush: handlers whose task the host has not met, since it left the runbook, are due now. A run that
  /// leaves tasks out by its flags may have left out that one, and leaves its handlers owed.
  func remindOfTheRest(_ round: RunState.Round) {
    guard round.task.reference == lastFlush, !environment.options.leavesTasksOut else { return }
    for host in round.hosts {
      for owed in ledger.remaining(on: host) { remind(owed.name, host) }
    }
  }
}

extension PlannedTask {
  /// As banners show it, but for templates in the name: the same in every run.
  fileprivate var writtenTitle: String {
    let name = task.keywords.name?.asWritten.asText ?? task.module.written
    return context.role.map { "\($0.role.name) : \(name)" } ?? name
  }
}

private func takingUp(_ owed: OwedHandler) -> String {
  "handler '\(owed.name)' is owed since run \(owed.run), where '\(owed.task)' notified it, and has not run well since; "
    + "it runs after that task"
}
