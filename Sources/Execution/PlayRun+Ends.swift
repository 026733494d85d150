import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// Taking over what a step came to: registered values, facts, notifications, failures, and effects on the run.
extension PlayRun {
  /// A remembered step was told and journaled when it ended; all else it does again.
  func stepEnded(_ start: RunState.StepStart, _ report: StepReport, isRemembered: Bool = false) async {
    guard let round = state.rounds[start.round] else {
      preconditionFailure("a step ended in a round that is not open: this is a bug in Martlet")
    }
    let task = round.task
    var report = report
    let sharing = isShared(round) ? round.hosts : [start.host]
    let missing = await notify(report, task, sharing)
    keepAccounts(&report, task, sharing)
    take(report, for: sharing)
    report.outcome.isRescued = report.end == .failed && state.cursors[start.host].isRescuable
    if report.end == .failed { recordFailure(report, task, sharing) }
    if task.module == "meta", report.end == .skipped {
      await showSkippedMeta(report, task, start.host)
    } else if isRemembered {
      await loop.count(report.outcome, host: hosts[start.host].name)
    } else if task.module != "meta" || report.end == .failed {
      if environment.options.keepsMemory {
        report.outcome.memory = StepMemory(report).value.map(Secret.init)
      }
      await loop.count(report.outcome, host: hosts[start.host].name)
      let step = StepReference(task: task.reference, host: hosts[start.host].name)
      await tell(.stepFinished(step, report.outcome), of: task.reference)
    }
    if let missing {
      for host in hosts.indices { state.end(host) }
      ending = .endPlay
      await loop.refuse(missing, exitStatus: 1)
    }
    if target.play.rollsBackOnFailure { note(report, task, start.host) }
    await carryOut(report.effects, task, start, isRemembered: isRemembered)
    if report.end == .failed || report.end == .unreachable, isFatal(task, start.host) { fatalRounds.insert(start.round) }
    if let ended = state.stepEnded(start, report.end) { await close(ended) }
  }

  /// One host ran for all (`run_once`).
  private func isShared(_ round: RunState.Round) -> Bool {
    guard state.strategy == .linear, round.hosts.count > 1 else { return false }
    if round.task.runsOnceForAll { return true }
    let keywords = StepKeywords(task: round.task, renderer: environment.renderer, scope: scope(round.hosts[0], round.task))
    return (try? keywords.flag(\.runOnce)) == true
  }

  func isFatal(_ task: PlannedTask, _ host: RunState.HostIndex) -> Bool {
    let keywords = StepKeywords(task: task, renderer: environment.renderer, scope: scope(host, task))
    return (try? keywords.flag(\.anyErrorsFatal)) ?? settings.anyErrorsFatal
  }

  // MARK: variables

  private func take(_ report: StepReport, for sharing: [RunState.HostIndex]) {
    for index in sharing {
      for effect in report.effects { take(effect, hosts[index]) }
      if let (name, value) = report.registered { hosts[index].update { $0.set(name, to: value) } }
      report.forecast?.take(on: [hosts[index], report.outcome.delegatedTo.flatMap(environment.variables.record(of:))])
    }
  }

  private func take(_ effect: StepEffect, _ host: HostRecord) {
    switch effect {
    case .values(let values, let isCacheable):
      host.update { contents in
        for (name, value) in values { contents.set(name.asText, to: value) }
        if isCacheable { contents.facts.merge(values) { $1 } }
      }
      if isCacheable { environment.factCache?.save(host.snapshot.facts, host.name) }
    case .facts(let facts):
      host.update { $0.facts.merge(facts) { $1 } }
      environment.factCache?.save(host.snapshot.facts, host.name)
    case .includedVariables(let variables):
      let mergesDicts = environment.variables.mergesDicts
      host.update { $0.included.merge(variables) { $1.replacing($0, merging: mergesDicts) } }
    case .about(let name, let learned): take(learned, environment.variables.record(of: name) ?? environment.makeStranger(name))
    case .includeTasks, .includeRole, .addHost, .addToGroup, .meta, .stats: break
    }
  }

  private func recordFailure(_ report: StepReport, _ task: PlannedTask, _ sharing: [RunState.HostIndex]) {
    let name = task.task.keywords.name?.constant?.asText ?? ""
    let failedTask: Value = [
      "name": .string(name), "action": .string(task.task.module.written), "uuid": .string(task.key),
      "path": .string(task.place),
    ]
    let result = report.registered?.value ?? report.outcome.result.registered
    for host in sharing where state.cursors[host].isRescuable {
      hosts[host].update { contents in
        contents.values["ansible_failed_task"] = failedTask
        contents.values["ansible_failed_result"] = result
      }
    }
  }

  // MARK: effects on the run

  /// What a task adds to the inventory it has added itself, unless the step is only remembered.
  private func carryOut(
    _ effects: [StepEffect], _ task: PlannedTask, _ start: RunState.StepStart, isRemembered: Bool
  ) async {
    for effect in effects {
      switch effect {
      case .includeTasks, .includeRole:
        pendingIncludes[start.round, default: [:]][start.host, default: []].append(effect)
      case .addHost(let name, let groups, let hostVariables):
        if isRemembered { _ = environment.inventory.addHost(name, groups, VariableMap(hostVariables: hostVariables)) }
      case .addToGroup(let name, let parents):
        if isRemembered { _ = environment.inventory.addToGroup(hosts[start.host].name, name, parents) }
      case .meta(let action): await carryOut(action, task, start)
      case .stats(let stats, let aggregates, let isPerHost):
        await loop.add(stats, aggregates: aggregates, host: isPerHost ? hosts[start.host].name : nil)
      case .values, .facts, .includedVariables, .about: break
      }
    }
  }

  private func carryOut(_ action: MetaAction, _ task: PlannedTask, _ start: RunState.StepStart) async {
    switch action {
    case .noop, .flushHandlers, .resetConnection: break
    case .refreshInventory: environment.refreshInventory()
    case .clearFacts:
      hosts[start.host].update { $0.facts = [:] }
      environment.factCache?.forget(hosts[start.host].name)
    case .clearHostErrors:
      await loop.forgetErrors()
      state.forgetErrors()
      variables.update { $0.lost = [] }
    case .endHost: state.end(start.host)
    case .endBatch: for host in hosts.indices { state.end(host) }
    case .endPlay:
      for host in hosts.indices { state.end(host) }
      ending = .endPlay
    case .endRole: state.leaveRole(start.host)
    }
    await showMeta(action.done(on: hosts[start.host].name, role: task.context.role?.role.name), start.host)
  }

  func showMeta(_ text: String, _ host: RunState.HostIndex) async {
    await loop.emit(.message(RunMessage(kind: .meta, text: text, host: hosts[host].name)))
  }

  /// A meta task that a condition left out is shown, but counts for nothing.
  private func showSkippedMeta(_ report: StepReport, _ task: PlannedTask, _ host: RunState.HostIndex) async {
    let name = hosts[host].name
    let action = task.task.arguments.freeForm?.constant?.string.flatMap(MetaAction.init)
    guard let reason = action?.skipReason(on: name, role: task.context.role?.role.name) else { return }
    await showMeta(reason, host)
    var outcome = report.outcome
    outcome.result.fields = ["msg": .string(action?.rawValue ?? ""), "skip_reason": .string(reason)]
    await loop.emit(.stepFinished(StepReference(task: task.reference, host: name), outcome))
  }
}
