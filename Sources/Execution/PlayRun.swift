import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// One batch of a play on its way: `RunState` says what may start, this starts it and tells `RunState` what came of it.
actor PlayRun {
  enum Ending: Sendable { case completed, endPlay }

  let loop: ExecutionLoop
  let environment: RunEnvironment
  let target: ExecutionLoop.PlayTarget
  let reference: PlayReference
  let settings: PlaySettings
  let hosts: [HostRecord]
  let variables: PlayVariables

  var compiler: PlayCompiler
  var state: RunState
  var handlers = PlayHandlers()
  /// Notifications by host, kept as names until the next flush: what is defined by then and last is what runs.
  var notifications: [RunState.HostIndex: [String]] = [:]
  var ledger = HandlerLedger()
  /// The flush at the play's very end.
  let lastFlush: TaskReference?
  /// Names of handlers that were warned of.
  var unusableHandlers: Set<String> = []
  let playContext: TaskContext
  /// What steps of an open round include, by host, in order.
  var pendingIncludes: [RunState.RoundID: OrderedDictionary<RunState.HostIndex, [StepEffect]>] = [:]
  /// Tasks that changed something on a host, oldest first, where failures are rolled back.
  var changes: [RunState.HostIndex: [PlannedTask]] = [:]
  var fatalRounds: Set<RunState.RoundID> = []
  var announcedTasks: Set<TaskReference> = []
  var ending = Ending.completed
  var hasStarted: Bool
  private var runningCount = 0
  /// Under `linear`, what tasks tell that run side by side.
  var order = WrittenOrder()
  /// How often hosts have come to tasks: a task in an include may be met again and again.
  var occurrences: [StepPlace: Int] = [:]

  init(
    loop: ExecutionLoop, target: ExecutionLoop.PlayTarget, reference: PlayReference, settings: PlaySettings, allHosts: [String],
    batch: [String]
  ) async {
    self.loop = loop
    self.target = target
    self.reference = reference
    self.settings = settings
    environment = loop.environment
    hasStarted = await loop.hasStarted
    let environment = loop.environment
    hosts = batch.map { environment.variables.record(of: $0) ?? environment.makeStranger($0) }
    variables = PlayVariables(
      name: target.name, directory: target.play.directory, vars: target.play.keywords.vars, prompted: target.prompted)
    compiler = PlayCompiler.make(settings, loop: loop, target: target)
    let compiled = compiler.compile(target.play, key: "play \(reference)")
    playContext = compiled.context
    handlers.add(compiled.handlers)
    lastFlush = compiled.main.tasks.last { $0.isFlush && $0.isImplicit }?.reference
    state = RunState(
      fragments: [compiled.main, compiled.handlers], handlers: 1, hostCount: batch.count, strategy: settings.strategy,
      pinnedHostsMax: environment.options.forks, stepsPerHostMax: environment.options.stepsPerHost)
    let lost = await loop.lostHosts
    variables.update { members in
      members.all = allHosts
      members.batch = batch
      members.lost = lost
      members.roles = compiled.roles
      members.publicRoles = compiled.publicRoles
    }
  }

  func run() async -> Ending {
    if let mistake = compiler.tagMistake {
      await loop.refuse(mistake.diagnostic.description, exitStatus: 1)
      return .endPlay
    }
    guard await loadVariableFiles() else { return .endPlay }
    await takeUpOwedHandlers()
    let (messages, continuation) = AsyncStream<StepMessage>.makeStream()
    await loop.setCurrent(reference) { continuation.yield(.wake) }
    await pump(messages, continuation)
    await loop.setHasStarted(hasStarted)
    return await concluded()
  }

  /// The loop itself. It ends when no host has anything left, or when the run is being stopped and nothing runs any more.
  private func pump(_ messages: AsyncStream<StepMessage>, _ continuation: AsyncStream<StepMessage>.Continuation) async {
    await withDiscardingTaskGroup { group in
      var iterator = messages.makeAsyncIterator()
      while true {
        if await loop.isKilling { group.cancelAll() }
        if await loop.isStopping {
          for round in state.cancelWaiting() { await close(round) }
          if runningCount == 0 { break }
        } else {
          await openRounds()
          let room = await loop.takeRoom(), starts = state.startable(limit: room)
          await loop.giveBack(room - starts.count, from: reference, wantsMore: starts.count == room)
          await launch(starts, in: &group, continuation)
          if runningCount == 0 {
            if state.isFinished { break }
            // Without room another play wakes this one.
            if room > 0 { continue }
          }
        }
        await loop.settle()
        guard let message = await iterator.next(isolation: self) else { break }
        await take(message)
      }
    }
  }

  /// All that start now are journaled together, before the first is sent; meanwhile they get ready.
  /// Those that an earlier sitting of the run has done are taken as they were.
  private func launch(
    _ starts: [RunState.StepStart], in group: inout DiscardingTaskGroup,
    _ continuation: AsyncStream<StepMessage>.Continuation
  ) async {
    let (starts, done) = sorted(starts)
    await loop.giveBack(done.count, from: reference)
    let gate = StartGate()
    let runners = starts.map { start in
      guard let round = state.rounds[start.round] else {
        preconditionFailure("a step starts in a round that is not open: this is a bug in Martlet")
      }
      return StepRunner(
        environment: environment, task: round.task, host: hosts[start.host], play: variables, gate: gate,
        send: { continuation.yield($0) }, isGoing: { [loop] in await !loop.isStopping })
    }
    runningCount += starts.count
    await loop.emit(runners.filter { $0.task.module != "meta" }.map { .stepStarted($0.reference) })
    for (start, runner) in zip(starts, runners) {
      group.addTask { continuation.yield(.ended(start, await runner.run())) }
    }
    if !starts.isEmpty { await loop.settle() }
    gate.decide(mayStart: await loop.failure == nil)
    for (start, report) in done { await stepEnded(start, report, isRemembered: true) }
  }

  /// What the journal did not take was not sent.
  private func forget(_ start: RunState.StepStart) async {
    if let ended = state.stepEnded(start, .skipped) { await close(ended) }
  }

  private func take(_ message: StepMessage) async {
    switch message {
    case .wake: break
    case .output(let step, let chunk): await tell(.stepOutput(step, chunk), of: step.task)
    case .item(let step, let item): await tell(.itemFinished(step, item: item), of: step.task)
    case .message(let message): await loop.emit(.message(message))
    case .retrying(let step, let item, let remaining):
      await tell(.stepRetrying(step, item: item, remaining: remaining), of: step.task)
    case .ended(let start, let report):
      runningCount -= 1
      await loop.giveBack(1, from: reference)
      if report.isUnsent { await forget(start) } else { await stepEnded(start, report) }
    }
  }

  /// Emits what a task tells, now or when those written before it have ended.
  func tell(_ event: RunEvent, of task: TaskReference) async {
    if order.isDue(task, [event]) { await loop.emit(event) } else { await loop.journal(event) }
  }

  private func concluded() async -> Ending {
    let lost = hosts.indices.filter { [.failed, .unreachable].contains(state.cursors[$0].status) }
    await loop.lose(lost.map { hosts[$0].name })
    if !lost.isEmpty && lost.count == hosts.count {
      await loop.setEndsRun()
    }
    return ending
  }

  // MARK: vars_files

  /// Resolves `vars_files` for every host; templates in names may use facts and inventory variables.
  private func loadVariableFiles() async -> Bool {
    let files = target.play.varsFiles
    for host in hosts { host.update { $0.playFiles = [] } }
    guard !files.isEmpty else { return true }
    for host in hosts {
      do throws(IncludeFailure) {
        let layers = try layers(of: files, for: host)
        host.update { $0.playFiles = layers }
      } catch {
        await loop.emit(.message(RunMessage(kind: .error, text: error.message, host: host.name)))
        await loop.setEndsRun(failed: true)
        return false
      }
    }
    return true
  }

  private func layers(of files: [SourceValue], for host: HostRecord) throws(IncludeFailure) -> [VariableMap] {
    let scope = StepScope(run: environment.variables, play: variables, host: host)
    var layers: [VariableMap] = []
    for entry in files {
      let value: Value
      do throws(TemplateError) { value = try environment.renderer.value(of: entry, in: scope) } catch {
        // A name that needs facts is tried again once there are some.
        if error.kind == .undefined { continue }
        throw IncludeFailure(error.diagnostic.description)
      }
      let names = value.list?.map(\.asText) ?? [value.asText]
      guard let layer = try firstLayer(of: names) else {
        throw IncludeFailure(
          "vars file \(names.joined(separator: ", ")) was not found; looked in \(target.play.directory)/vars and "
            + target.play.directory)
      }
      layers.append(layer)
    }
    return layers
  }

  private func firstLayer(of names: [String]) throws(IncludeFailure) -> VariableMap? {
    let files = ControllerFiles(directories: [target.play.directory])
    for name in names {
      guard let path = files.find(name, in: "vars") else { continue }
      return try environment.includes.variables(path: path)
    }
    return nil
  }
}

extension PlayCompiler {
  fileprivate static func make(_ settings: PlaySettings, loop: ExecutionLoop, target: ExecutionLoop.PlayTarget) -> PlayCompiler {
    let environment = loop.environment
    var options = PlayCompiler.Options()
    options.tags = environment.options.tags
    options.gathersFacts = settings.gathersFacts
    options.forcesHandlers = settings.forcesHandlers
    options.hidesRoleVariables = environment.options.hidesRoleVariables
    let scope = PlayScope(target: target, extra: environment.variables.extraVariables)
    return PlayCompiler(
      options: options, numbering: loop.numbering,
      shortName: { environment.catalog.manifest(named: $0)?.name ?? String($0.split(separator: ".").last ?? "") },
      renderTags: { tags throws(TemplateError) in try environment.renderer.tagNames(tags, in: scope) })
  }
}
