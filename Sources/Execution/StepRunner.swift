import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// Runs one step: conditions, loop, arguments, attempts, verdict. It changes nothing but the host; what the run must take
/// over comes back in the report.
struct StepRunner: Sendable {
  let environment: RunEnvironment
  let task: PlannedTask
  let host: HostRecord
  let play: PlayVariables
  let gate: StartGate
  let send: @Sendable (StepMessage) -> Void
  /// False once the run is being stopped.
  let isGoing: @Sendable () async -> Bool

  var reference: StepReference { StepReference(task: task.reference, host: host.name) }

  func run() async -> StepReport {
    let clock = ContinuousClock(), start = clock.now
    let scope = StepScope(run: environment.variables, play: play, host: host, task: task)
    var report: StepReport
    if let loop = task.task.loop { report = await runLoop(loop, scope) } else { report = await runSingle(scope) }
    report.outcome.durationSeconds = (clock.now - start) / .seconds(1)
    return report
  }

  // MARK: one item

  private func runSingle(_ scope: StepScope) async -> StepReport {
    let attempt = await StepAttempts(runner: self, scope: scope, marks: [:], label: nil).run()
    return report(attempt, scope, isLoop: false)
  }

  // MARK: a loop

  private func runLoop(_ loop: Loop, _ scope: StepScope) async -> StepReport {
    let items: LoopItems
    do throws(TemplateError) {
      items = try LoopItems(loop, of: task.module, renderer: environment.renderer, scope: scope)
    } catch {
      return report(skippedOrFailed(error, scope), scope, isLoop: false)
    }
    guard !items.items.isEmpty else {
      let fields: Value.Dict = ["skipped_reason": "No items in the list", "results": []]
      return report(.init(result: StepResult(.skipped, fields)), scope, isLoop: false)
    }
    return await runItems(items, loop, scope)
  }

  /// A loop that can't be evaluated doesn't matter where a condition, seen without an item, says no.
  private func skippedOrFailed(_ error: TemplateError, _ scope: StepScope) -> StepAttempts.Outcome {
    let conditions = StepConditions(renderer: environment.renderer, scope: scope)
    if let skip = (try? conditions.firstFalse(of: task.conditions)).flatMap({ $0 }) {
      return .init(result: .conditionFalse(skip))
    }
    var outcome = StepAttempts.Outcome(result: .failed(error.message))
    if error.kind == .unknown { outcome = .knownAfterApply(error.diagnostic.message) }
    StepAttempts(runner: self, scope: scope, marks: [:], label: nil).finish(&outcome)
    return outcome
  }

  private func runItems(_ items: LoopItems, _ loop: Loop, _ scope: StepScope) async -> StepReport {
    var scope = scope
    var outcomes: [StepAttempts.Outcome] = []
    for index in items.items.indices {
      if index > 0, items.pauseSeconds > 0 { try? await Task.sleep(for: .seconds(items.pauseSeconds)) }
      var itemScope = scope
      itemScope.temporary.merge(items.variables(at: index)) { $1 }
      let attempts = StepAttempts(
        runner: self, scope: itemScope, marks: items.marks(at: index), label: items.items[index])
      var outcome = await attempts.run()
      let label = itemLabel(loop, items.items[index], itemScope, attempts, &outcome)
      outcomes.append(outcome)
      let itemOutcome = ItemOutcome(label: label, outcome: stepOutcome(outcome, isLoop: false))
      send(.item(reference, itemOutcome))
      scope.contents.apply(outcome.effects, mergingDicts: environment.variables.mergesDicts)
      if Task.isCancelled { break }
      if breaks(loop, itemScope, outcome) { break }
    }
    return report(combined(outcomes), scope, isLoop: true)
  }

  /// What stands for the item in output; it sees the item's result. One that can't be rendered fails the item.
  private func itemLabel(
    _ loop: Loop, _ item: Value, _ scope: StepScope, _ attempts: StepAttempts, _ outcome: inout StepAttempts.Outcome
  ) -> Value {
    guard let label = loop.label else { return item }
    var scope = scope
    if let name = outcome.registerName { scope.temporary[name] = .value(outcome.result.registered) }
    do throws(TemplateError) { return try environment.renderer.value(of: label, in: scope) } catch {
      if error.kind == .unknown { return item }
      outcome.result.status = .failed
      outcome.result.fields["msg"] = .string("Failed to template loop_control.label: \(error.message)")
      attempts.finish(&outcome)
      return item
    }
  }

  private func breaks(_ loop: Loop, _ scope: StepScope, _ outcome: StepAttempts.Outcome) -> Bool {
    guard !loop.breakWhen.isEmpty else { return false }
    var scope = scope
    if let name = outcome.registerName { scope.temporary[name] = .value(outcome.result.registered) }
    let conditions = StepConditions(renderer: environment.renderer, scope: scope)
    do throws(TemplateError) { return try conditions.hold(loop.breakWhen) } catch { return false }
  }

  /// The whole loop's result: worst status, all items under `results`.
  private func combined(_ outcomes: [StepAttempts.Outcome]) -> StepAttempts.Outcome {
    let statuses = outcomes.map(\.result.status)
    let failed = outcomes.contains { $0.result.status == .failed && !$0.isIgnored }
    var result = StepResult(.ok, ["results": .list(outcomes.map(\.result.registered))])
    result.fields["msg"] = "All items completed"
    let unreachable = outcomes.filter { $0.result.status == .unreachable }
    if !unreachable.isEmpty {
      result.status = .unreachable
      if statuses.contains(.failed) { result.fields["msg"] = "One or more items failed" }
    } else if failed || statuses.contains(.failed) {
      result.status = .failed
      result.fields["msg"] = "One or more items failed"
    } else if statuses.allSatisfy({ $0 == .skipped }) {
      result.status = .skipped
      result.fields["msg"] = "All items skipped"
    } else if statuses.contains(.changed) {
      result.status = .changed
    }
    if statuses.contains(.changed) { result.fields["changed"] = true }
    if result.status != .skipped { result.fields["skipped"] = false }
    var outcome = StepAttempts.Outcome(result: result)
    outcome.effects = outcomes.flatMap(\.effects)
    outcome.notified = outcomes.flatMap(\.notified).uniqued
    outcome.registerName = outcomes.lazy.compactMap(\.registerName).first
    outcome.isIgnored = unreachable.isEmpty
      ? outcomes.contains(where: \.isIgnored) && !failed : unreachable.allSatisfy(\.isIgnored)
    outcome.isCensored = outcomes.contains(where: \.isCensored)
    outcome.delegatedTo = outcomes.lazy.compactMap(\.delegatedTo).first
    outcome.becomeUsers = outcomes.flatMap(\.becomeUsers).uniqued
    outcome.isInDoubt = outcomes.contains(where: \.isInDoubt)
    outcome.isUnsent = outcomes.contains(where: \.isUnsent)
    outcome.knownAfterApply = outcomes.lazy.compactMap(\.knownAfterApply).first
    outcome.call = outcomes.lazy.compactMap(\.call).first
    outcome.resources = outcomes.flatMap(\.resources)
    for other in outcomes.dropFirst() { outcome.call?.subjects.formUnion(other.call?.subjects ?? []) }
    return outcome
  }

  // MARK: reports

  private func report(_ attempt: StepAttempts.Outcome, _ scope: StepScope, isLoop: Bool) -> StepReport {
    var registered: (String, Value)?
    if let name = attempt.registerName ?? registerName(scope) {
      let value = attempt.result.registered
      registered = (name, attempt.isCensored ? value.markedSecret : value)
    }
    var report = StepReport(
      outcome: stepOutcome(attempt, isLoop: isLoop), effects: attempt.effects, registered: registered,
      end: end(of: attempt))
    report.isInDoubt = attempt.isInDoubt
    report.isUnsent = attempt.isUnsent
    if environment.options.isPlanning { report.forecast = StepForecast(attempt, task, registeredName: registered?.0) }
    return report
  }

  private func registerName(_ scope: StepScope) -> String? {
    guard let register = task.task.register else { return nil }
    return (try? environment.renderer.value(of: register, in: scope))?.string
  }

  private func stepOutcome(_ attempt: StepAttempts.Outcome, isLoop: Bool) -> StepOutcome {
    var outcome = StepOutcome(
      result: attempt.isCensored ? attempt.result.censored : attempt.result, isIgnored: attempt.isIgnored,
      isLoop: isLoop, delegatedTo: attempt.delegatedTo, isCensored: attempt.isCensored, notified: attempt.notified,
      failure: isLoop ? nil : failure(of: attempt), isDiffShown: attempt.isDiffShown)
    outcome.knownAfterApply = attempt.knownAfterApply
    outcome.becomeUsers = attempt.becomeUsers
    outcome.resources = attempt.isCensored
      ? attempt.resources.map { ManagedResource(module: $0.module, name: $0.name, arguments: nil) } : attempt.resources
    return outcome
  }

  /// The message above a failed result, with the task's place.
  private func failure(of attempt: StepAttempts.Outcome) -> Diagnostic? {
    guard attempt.result.status == .failed, !attempt.isCensored else { return nil }
    let message = attempt.result.message ?? "the step failed"
    let text = attempt.blames.map { "Task failed: \($0): \(message)" }
      ?? (message.hasPrefix("Task failed") ? message : "Task failed: \(message)")
    return .error(text, advice: environment.includes.pluginAdvice(for: message, of: task), at: task.task.span)
  }

  private func end(of attempt: StepAttempts.Outcome) -> RunState.StepEnd {
    switch attempt.result.status {
    case .ok, .changed: .passed
    case .skipped: .skipped
    case .failed: attempt.isIgnored ? .passed : .failed
    case .unreachable: attempt.isIgnored ? .skipped : .unreachable
    }
  }
}

extension HostRecord.Contents {
  mutating func set(_ name: String, to value: Value) {
    values[name] = value
    predictions[name] = nil
  }

  /// What later items of the same loop see of earlier ones.
  mutating func apply(_ effects: [StepEffect], mergingDicts: Bool) {
    for effect in effects {
      switch effect {
      case .values(let values, _):
        for (name, value) in values { set(name.asText, to: value) }
      case .facts(let facts): self.facts.merge(facts) { $1 }
      case .includedVariables(let variables): included.merge(variables) { $1.replacing($0, merging: mergingDicts) }
      case .includeTasks, .includeRole, .addHost, .addToGroup, .meta, .stats, .about: break
      }
    }
  }
}

extension Array where Element: Hashable {
  var uniqued: [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}
