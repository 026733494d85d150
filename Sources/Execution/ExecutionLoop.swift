import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// Executes plays: asks `RunState` what may start, starts it, waits for one thing to end, tells `RunState`, emits events.
package actor ExecutionLoop {
  /// A play with the hosts that it runs on, in batches; the command line resolves patterns and prompts.
  package struct PlayTarget: Sendable {
    package var play: Play
    package var name: String
    package var hosts: [String]
    package var prompted: [String: Value]
    package var runbook: String?
    /// The absolute path of the file that the play stands in.
    package var file: String?
    package var runbookPlayCount = 1

    package init(play: Play, name: String, hosts: [String], prompted: [String: Value] = [:], runbook: String? = nil) {
      self.play = play
      self.name = name
      self.hosts = hosts
      self.prompted = prompted
      self.runbook = runbook
    }
  }

  let environment: RunEnvironment
  private let sink: any EventSink
  /// Finds a play's hosts when its turn comes: earlier plays may have added some.
  private let resolve: @Sendable (Play) throws(RunRefusal) -> PlayTarget

  private var tally = RunTally()
  /// Hosts that failed or were unreachable: no later play runs on them.
  private(set) var lostHosts: Set<String> = []
  private var interrupts = 0
  private var endsRun = false
  private var sinkFailure: String?
  private var untold: [Told] = []
  private var isSettling = false
  private var waitingToSettle: [CheckedContinuation<Void, Never>] = []
  nonisolated let numbering: TaskNumbering
  /// What makes a play look again whether something may start or must stop.
  private var wakes: [PlayReference: @Sendable () -> Void] = [:]
  private var budget: StepBudget
  private(set) var hasStarted: Bool
  private(set) var asksBeforeTasks: Bool

  package init(
    environment: RunEnvironment, sink: any EventSink,
    resolve: @escaping @Sendable (Play) throws(RunRefusal) -> PlayTarget
  ) {
    self.environment = environment
    self.sink = sink
    self.resolve = resolve
    hasStarted = environment.options.startAtTask == nil
    asksBeforeTasks = environment.options.asksBeforeTasks
    numbering = TaskNumbering(from: environment.replay?.nextTask ?? 0)
    budget = StepBudget(environment.options.forks)
  }

  /// Runs all plays, each after those that `after` names by place; the summary's exit status is the run's. `header` comes from
  /// whoever names runs.
  package func run(_ plays: [Play], after: [[Int]], header: RunHeader) async -> RunSummary {
    emit(.runStarted(header))
    await settle()
    await run(plays, PlaySchedule(after: after, isOneByOne: environment.options.isOnePlayAtATime))
    if let wanted = environment.options.startAtTask, !hasStarted, !isStopping { emit(.message(.noTask(toStartAt: wanted))) }
    let summary = RunSummary(
      ending: interrupts > 0 || sinkFailure != nil ? .interrupted : .completed, hosts: tally.hosts,
      exitStatus: exitStatus, customStats: tally.customStats)
    emit(.runFinished(summary))
    await settle()
    return summary
  }

  private func run(_ plays: [Play], _ schedule: PlaySchedule) async {
    var schedule = schedule, targets: [PlayReference: PlayTarget] = [:]
    await withTaskGroup(of: PlayReference.self) { group in
      while true {
        for reference in schedule.due where !isStopping && !endsRun {
          // Resolved once, when its turn comes: whoever is to be asked is asked once.
          guard schedule.due.contains(reference), let target = targets[reference] ?? resolved(plays[reference]) else { continue }
          targets[reference] = target
          guard schedule.isFree(target.hosts) else { continue }
          schedule.begin(reference, on: target.hosts)
          group.addTask {
            await self.run(target, reference)
            await self.settle()
            return reference
          }
        }
        guard let ended = await group.next() else { return }
        schedule.end(ended)
      }
    }
  }

  private func resolved(_ play: Play) -> PlayTarget? {
    do throws(RunRefusal) { return try resolve(play) } catch {
      refuse(error.message)
      return nil
    }
  }

  /// The run can't go on as it is written; with a status of its own where the reference has one.
  func refuse(_ reason: String, exitStatus: Int32? = nil) {
    emit(.message(RunMessage(kind: .error, text: reason)))
    setEndsRun(failed: true)
    tally.refusalStatus = exitStatus ?? tally.refusalStatus
  }

  /// Once: nothing new starts, what runs may finish. Twice: what runs is killed on its host.
  /// Returns how often it has been asked.
  package func interrupt() -> Int {
    interrupts += 1
    for wake in wakes.values { wake() }
    return interrupts
  }

  /// What stopped the run from outside: the journal could not be written.
  package var failure: String? { sinkFailure }

  /// What runs is to be killed on its hosts.
  var isKilling: Bool { interrupts > 1 }

  var isStopping: Bool { interrupts > 0 || sinkFailure != nil }

  private var exitStatus: Int32 {
    if interrupts > 0 { return 99 }
    return sinkFailure != nil ? 1 : tally.exitStatus
  }

  /// What is told goes to the sink by the next `settle`, together: before anything is sent to a host, and before the loop waits.
  func emit(_ events: [RunEvent]) { untold += events.map(Told.record) }

  func emit(_ event: RunEvent) { untold.append(.record(event)) }

  /// For the journal now, for reporters later.
  func journal(_ event: RunEvent) { untold.append(.journal(event)) }

  func report(_ events: [RunEvent]) { untold += events.map(Told.report) }

  /// One batch after the other. What ends after the journal has failed is told all the same: it has happened.
  func settle() async {
    while isSettling { await withCheckedContinuation { waitingToSettle.append($0) } }
    guard !untold.isEmpty else { return }
    isSettling = true
    let told = untold
    untold = []
    do { try await sink.take(told) } catch { sinkFailure = sinkFailure ?? "\(error)" }
    isSettling = false
    let woken = waitingToSettle
    waitingToSettle = []
    for continuation in woken { continuation.resume() }
  }

  func warn(_ text: String) {
    emit(.message(RunMessage(kind: .warning, text: text)))
  }

  // MARK: a play

  private func run(_ target: PlayTarget, _ reference: PlayReference) async {
    let play = target.play
    let place = "\(play.span.file.path):\(play.span.line)"
    var header = PlayHeader(
      play: reference, name: target.name, hosts: target.hosts, place: place, isCheck: environment.options.isCheck,
      runbook: target.runbook, runbookPlayCount: target.runbookPlayCount)
    let hosts = target.hosts.filter { !lostHosts.contains($0) }
    guard !hosts.isEmpty else {
      emit(.playSkipped(header, reason: target.hosts.isEmpty ? "no hosts matched" : "no more hosts left"))
      return
    }
    let settings: PlaySettings
    do throws(TemplateError) {
      settings = try PlaySettings(target, hostCount: hosts.count, environment: environment)
    } catch {
      return refuse(error.diagnostic.description)
    }
    header.strategy = settings.strategy.rawValue
    var start = 0
    for size in settings.batchSizes where start < hosts.count && !isStopping && !endsRun {
      let batch = Array(hosts[start..<min(hosts.count, start + size)])
      start += size
      emit(.playStarted(header))
      let playRun = await PlayRun(
        loop: self, target: target, reference: reference, settings: settings, allHosts: hosts, batch: batch)
      if await playRun.run() == .endPlay { break }
      let rest = hosts.dropFirst(start)
      if let canary = play.canary, !rest.isEmpty, !isStopping, !endsRun {
        guard await isHealthy(canary, after: batch, rest.count, playRun.variables) else { break }
      }
    }
    wakes[reference] = nil
    emit(.playFinished(reference))
  }
}

/// Between two batches.
extension ExecutionLoop {
  /// False where the rest of the play's hosts is to be left as it is. A check runs nothing that could be unhealthy, and waits for nothing.
  private func isHealthy(
    _ canary: Canary, after batch: [String], _ remaining: Int, _ variables: PlayVariables
  ) async -> Bool {
    guard !environment.options.isCheck else { return true }
    let lost = lostHosts
    guard let name = batch.first(where: { !lost.contains($0) }), let host = environment.variables.record(of: name) else { return true }
    let verdict: CanaryWatch.Verdict
    do throws(TemplateError) {
      let watch = try CanaryWatch(canary, play: variables, host: host, environment: environment)
      emit(.message(RunMessage(kind: .progress, text: "canary: \(batch.joined(separator: ", ")) done; \(watch.words)")))
      await settle()
      verdict = await watch.wait(while: { await !self.isStopping })
    } catch {
      verdict = .unhealthy(error.message)
    }
    switch verdict {
    case .healthy: return true
    case .interrupted: return false
    case .unhealthy(let reason):
      let text = "canary: \(reason) after \(batch.joined(separator: ", ")); the other \(remaining) hosts are left as they are"
      emit(.message(RunMessage(kind: .error, text: text)))
      setEndsRun(failed: true)
      return false
    }
  }
}

/// What a play's run tells the run that it is part of.
extension ExecutionLoop {
  func setCurrent(_ play: PlayReference, wake: @escaping @Sendable () -> Void) { wakes[play] = wake }

  /// Room for further steps of a play.
  func takeRoom() -> Int { budget.take() }

  /// Steps have ended, or did not need the room; where the play had more to start, it is woken once others give room back.
  func giveBack(_ count: Int, from play: PlayReference, wantsMore: Bool = false) {
    if wantsMore { budget.wantsMore(play) }
    for other in budget.giveBack(count, from: play) { wakes[other]?() }
  }

  func setHasStarted(_ flag: Bool) { hasStarted = flag }

  func setEndsRun(failed: Bool = false) {
    endsRun = true
    if failed { tally.hasFailed = true }
  }

  func count(_ outcome: StepOutcome, host: String) { tally.count(outcome, host: host) }
  func countInclude(host: String) { tally.countInclude(host: host) }

  func add(_ stats: Value.Dict, aggregates: Bool, host: String?) {
    tally.add(stats, aggregates: aggregates, host: host)
  }

  func stopAsking() { asksBeforeTasks = false }

  func lose(_ hosts: [String]) { lostHosts.formUnion(hosts) }

  func forgetErrors() {
    lostHosts = []
    tally.forgive()
  }
}

extension RunMessage {
  fileprivate static func noTask(toStartAt wanted: String) -> RunMessage {
    let why = "Note: --start-at-task can only follow static includes."
    return RunMessage(kind: .error, text: "No matching task \"\(wanted)\" found. \(why)")
  }
}

/// Why a play cannot run at all.
package struct RunRefusal: Error, Sendable {
  package var message: String

  package init(_ message: String) { self.message = message }
}
