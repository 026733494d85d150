import Actions
import Model
import Parsing
import Planning
import Templating

/// Opening and closing rounds: banners, `run_once`, `throttle`, and what failures mean for the others.
extension PlayRun {
  func openRounds() async {
    while true {
      let rounds = state.proposeRounds()
      if rounds.isEmpty { return }
      var hasPassed = false
      for round in rounds where await open(round) { hasPassed = true }
      if !hasPassed { return }
    }
  }

  /// `concurrency: {key: …, limit: N}`; nil where it can't be rendered: then its step fails and says why.
  private func namedLimit(_ source: SourceValue, _ scope: StepScope) -> RunState.NamedLimit? {
    guard let value = try? environment.renderer.value(of: source, in: scope) else { return nil }
    return RunState.NamedLimit(value)
  }

  /// Returns true where the round was over at once: nothing of it needs a step.
  private func open(_ round: RunState.Round) async -> Bool {
    if round.isInGroup, state.strategy == .linear, !order.isHolding { order.begin(state.groupTasks(of: round.hosts[0])) }
    let isBeforeStart = isBeforeStart(round.task)
    if isBeforeStart || (round.isFlush && round.task.conditions.isEmpty) {
      if round.isFlush, !isBeforeStart {
        remindOfTheRest(round)
        await tellFlush(round)
        await expandNotifications(of: round.hosts)
      }
      state.open(round, hosts: [])
      state.close(round.id)
      if round.isInGroup { await loop.report(order.end(round.task.reference)) }
      return true
    }
    let unknown = hostsWithoutFacts(round)
    if unknown?.isEmpty == true {
      state.open(round, hosts: [])
      state.close(round.id)
      return true
    }
    let keywords = StepKeywords(task: round.task, renderer: environment.renderer, scope: scope(round.hosts[0], round.task))
    if await isRefused(round, keywords) {
      state.open(round, hosts: [])
      state.close(round.id)
      return true
    }
    // A keyword that can't be rendered fails each step of the round, where it is rendered again.
    let runsOnce = round.task.runsOnceForAll || round.task.runsOnFirstHost || (try? keywords.flag(\.runOnce)) ?? false
    let throttle = (try? keywords.throttle()).flatMap { $0 }
    let isShared = runsOnce && state.strategy == .linear
    if round.task.module == "meta" {
      await announceMeta(round.task, hostCount: isShared ? 1 : round.hosts.count)
    } else if round.hosts.contains(where: { remembered(round.task, $0) == nil }) {
      await announce(round.task, keywords)
    }
    // Whom an earlier sitting of the run chose for all is chosen again.
    let chosen = round.hosts.first { remembered(round.task, $0) != nil } ?? round.hosts[0]
    var limits = RunState.RoundLimits()
    limits.stepsMax = max(1, throttle ?? .max)
    if let source = round.task.task.concurrency {
      for host in round.hosts { limits.named[host] = namedLimit(source, scope(host, round.task)) }
    } else if let throttle, state.strategy != .linear {
      // Hosts come to the task in rounds of their own there: what limits them together is a limit by name.
      let limit = RunState.NamedLimit(name: "throttle of task \(round.task.reference)", stepsMax: max(1, throttle))
      for host in round.hosts { limits.named[host] = limit }
    }
    state.open(round, hosts: isShared ? [chosen] : unknown, limits: limits)
    return false
  }

  /// `gathering = smart`: the hosts that a play's own gathering of facts is for; nil where it is for all.
  private func hostsWithoutFacts(_ round: RunState.Round) -> [RunState.HostIndex]? {
    guard !settings.gathersKnownFacts, round.task.isImplicit, round.task.module == "gather_facts" else { return nil }
    return round.hosts.filter { hosts[$0].snapshot.facts[GatherFactsAction.mark] != true }
  }

  /// `--step`: whoever watches says no to this task, on all hosts.
  private func isRefused(_ round: RunState.Round, _ keywords: StepKeywords) async -> Bool {
    guard await loop.asksBeforeTasks, round.task.module != "meta" else { return false }
    let name = name(of: round.task, keywords)
    let title = round.task.context.role.map { "\($0.role.qualifiedName) : \(name)" } ?? name
    await loop.settle()
    switch environment.askBefore(title) {
    case .run: return false
    case .skip: return true
    case .runAll:
      await loop.stopAsking()
      return false
    }
  }

  private func tellFlush(_ round: RunState.Round) async {
    if !round.task.isImplicit { await announceMeta(round.task, hostCount: round.hosts.count) }
    guard !round.task.isImplicit || environment.options.isDebug else { return }
    for host in round.hosts where !round.task.isImplicit || notifications[host] != nil || !state.cursors[host].notified.isEmpty {
      await showMeta(MetaAction.flushHandlers.done(on: hosts[host].name, role: nil), host)
    }
  }

  /// `--start-at-task`: everything before the first task of that name is passed over, facts excepted.
  private func isBeforeStart(_ task: PlannedTask) -> Bool {
    guard !hasStarted, let wanted = environment.options.startAtTask, !task.isImplicit else { return false }
    let name = task.task.keywords.name?.constant?.asText ?? task.module
    let title = task.context.role.map { "\($0.role.name) : \(name)" } ?? name
    hasStarted = [name, title].contains { $0 == wanted || $0.matches(glob: wanted) }
    return !hasStarted
  }

  func scope(_ host: RunState.HostIndex, _ task: PlannedTask) -> StepScope {
    StepScope(run: environment.variables, play: variables, host: hosts[host], task: task)
  }

  private func announce(_ task: PlannedTask, _ keywords: StepKeywords) async {
    guard announcedTasks.insert(task.reference).inserted else { return }
    let isCheck = (try? keywords.flag(\.checkMode)).flatMap { $0 } ?? environment.options.isCheck
    var header = TaskHeader(
      task: task.reference, play: reference, kind: task.kind, name: name(of: task, keywords),
      role: task.context.role?.role.qualifiedName, module: task.task.module.written, place: task.place,
      key: task.key, isCheck: isCheck)
    header.isRepeatable = isRepeatable(task, keywords)
    await tell(.taskStarted(header), of: task.reference)
  }

  /// Meta tasks have a banner for every host, as in the reference.
  private func announceMeta(_ task: PlannedTask, hostCount: Int) async {
    let name = task.task.keywords.name?.constant?.asText ?? "meta"
    let header = TaskHeader(
      task: task.reference, play: reference, kind: task.kind, name: name, role: task.context.role?.role.name,
      module: task.task.module.written, place: task.place, key: task.key)
    await loop.emit((0..<hostCount).map { _ in .taskStarted(header) })
  }

  private func name(of task: PlannedTask, _ keywords: StepKeywords) -> String {
    guard let source = task.task.keywords.name else {
      // An include of a role says which one.
      let role = (task.task.arguments.values["name"] ?? task.task.arguments.values["role"])?.asWritten.string
      return task.module == "include_role" ? "\(task.task.module.written) : \(role ?? "")" : task.task.module.written
    }
    if let name = try? environment.renderer.value(of: source, in: keywords.scope).asText, !name.isEmpty { return name }
    // A name that can't be rendered (a loop variable in it) is shown as written.
    if case .template(let template) = source { return template.source }
    return task.task.module.written
  }

  /// The round's last step ended: includes grow the graph, fatal failures spread, hosts move on.
  func close(_ round: RunState.Round) async {
    await include(round)
    if round.isFlush { await expandNotifications(of: round.hosts.filter { round.ends[$0] == .passed }) }
    let failed = round.ends.filter { $0.value == .failed || $0.value == .unreachable }.map(\.key)
    state.close(round.id)
    if round.isInGroup {
      await loop.report(order.end(round.task.reference))
      if !state.isInGroup { await loop.report(order.finish()) }
    }
    for host in failed where state.cursors[host].isLost { lose(host) }
    let isExceeded = exceedsFailures()
    if isExceeded, !state.isFinished { await loop.emit(.message(.noHostsLeft)) }
    if fatalRounds.remove(round.id) != nil || isExceeded {
      state.failAll(except: Set(failed))
      for host in hosts.indices where state.cursors[host].status == .failed { lose(host) }
    }
    if target.play.rollsBackOnFailure { await rollBackFailed() }
  }

  private func lose(_ host: RunState.HostIndex) {
    let name = hosts[host].name
    variables.update { $0.lost.insert(name) }
  }

  private func exceedsFailures() -> Bool {
    guard let limit = settings.maxFailPercentage else { return false }
    let lost = state.cursors.count { $0.status == .failed || $0.status == .unreachable || $0.isRollingBack }
    return Double(lost) / Double(hosts.count) * 100 > limit
  }
}

extension Role {
  /// As banners show it.
  var qualifiedName: String { name }
}

extension String {
  /// Shell-like matching with `*` and `?` alone.
  func matches(glob: String) -> Bool {
    let text = Array(unicodeScalars), pattern = Array(glob.unicodeScalars)
    var reachable = Set([0])
    for scalar in pattern {
      if scalar == "*" {
        if let first = reachable.min() { reachable = Set(first...text.count) }
      } else {
        reachable = Set(reachable.filter { $0 < text.count && (scalar == "?" || text[$0] == scalar) }.map { $0 + 1 })
      }
    }
    return reachable.contains(text.count)
  }
}
