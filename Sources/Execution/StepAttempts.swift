import Actions
import Model
import OrderedCollections
import Parsing
import Planning
import Templating
import Transport

/// One item of a step, from its condition to its verdict, tried as often as `until` and `retries` say.
struct StepAttempts: Sendable {
  struct Outcome: Sendable {
    var result: StepResult
    var effects: [StepEffect] = []
    var notified: [String] = []
    var registerName: String?
    var isIgnored = false
    var isCensored = false
    var isDiffShown = false
    var delegatedTo: String?
    /// See `StepOutcome`.
    var becomeUsers: [String] = []
    /// Who failed, for the message above the result: "Module failed", "Action failed"; nil for the step itself.
    var blames: String?
    /// See `StepReport`.
    var isInDoubt = false
    /// See `StepReport`.
    var isUnsent = false
    /// See `StepOutcome`.
    var knownAfterApply: String?
    /// The module was called, in check mode or not; nil where the step did not get that far.
    var call: CallRecord?
    var resources: [ManagedResource] = []

    init(result: StepResult) { self.result = result }
  }

  let runner: StepRunner
  private(set) var scope: StepScope
  /// Keys that a loop adds to each item's result.
  let marks: Value.Dict
  let label: Value?

  var task: PlannedTask { runner.task }
  private var renderer: Renderer { runner.environment.renderer }
  private var keywords: StepKeywords { StepKeywords(task: task, renderer: renderer, scope: scope) }

  func run() async -> Outcome {
    var outcome: Outcome
    do throws(ActionFailure) {
      let delegate = try Delegate(keywords, runner.environment)
      var attempts = self
      attempts.scope.temporary["ansible_delegated_vars"] = delegate?.variables(beside: scope)
      attempts.scope.address = delegate?.address(beside: scope)
      outcome = try await attempts.checkedAndRun(delegate)
    } catch .template(let error) where error.kind == .unknown {
      outcome = .knownAfterApply(error.diagnostic.message)
    } catch {
      outcome = Outcome(result: error.result(on: runner.host.name))
      outcome.isInDoubt = error.leavesDoubt
    }
    predict(&outcome)
    finish(&outcome)
    return outcome
  }

  private func checkedAndRun(_ delegate: Delegate?) async throws(ActionFailure) -> Outcome {
    do throws(TemplateError) {
      if let condition = try StepConditions(renderer: renderer, scope: scope).firstFalse(of: task.conditions) {
        return Outcome(result: .conditionFalse(condition))
      }
    } catch {
      if error.kind == .unknown { throw .template(error) }
      throw .failed(.failed("Task failed: Error while evaluating conditional: \(error.message)"))
    }
    let call = try StepCall(attempts: self, keywords: keywords, delegate: delegate?.record)
    if let waiting = reasonToWait(call) { return .knownAfterApply(waiting, call.record) }
    guard await runner.gate.pass() else {
      var outcome = Outcome(result: StepResult(.skipped))
      outcome.isUnsent = true
      return outcome
    }
    var outcome = try await attempts(call)
    outcome.call = call.record
    outcome.resources = call.resources(outcome.result)
    return outcome
  }

  // MARK: attempts

  private func attempts(_ call: StepCall) async throws(ActionFailure) -> Outcome {
    let plan = isPlanning && call.isCheck ? nil : try rendering(try RetryPlan(task.task, renderer: renderer, scope: scope))
    var attempt = 1
    while true {
      var outcome = try await call.run()
      if plan != nil { outcome.result.fields["attempts"] = .int(attempt) }
      outcome = try judged(outcome)
      outcome.isDiffShown = call.isDiff
      guard let plan else { return outcome }
      if try isDone(outcome, plan) { return outcome }
      if attempt > plan.retries || outcome.result.status == .unreachable || Task.isCancelled {
        // A `failed_when` that said no has the last word, as with the reference.
        if outcome.result.fields["failed_when_result"] != false { outcome.result.status = .failed }
        outcome.result.fields["attempts"] = .int(plan.retries)
        return outcome
      }
      let item = ItemOutcome(label: label ?? .null, outcome: StepOutcome(result: outcome.result))
      runner.send(.retrying(runner.reference, item, remaining: plan.retries - attempt + 1))
      guard await sleep(plan.delaySeconds, while: runner.isGoing) else {
        outcome.result.status = .failed
        return outcome
      }
      attempt += 1
    }
  }

  private func isDone(_ outcome: Outcome, _ plan: RetryPlan) throws(ActionFailure) -> Bool {
    guard let until = plan.until else { return outcome.result.status != .failed }
    let scope = scope(seeing: outcome)
    return try rendering(try StepConditions(renderer: renderer, scope: scope).hold(until))
  }

  // MARK: verdict

  /// Applies `changed_when` and `failed_when` to what the module said.
  private func judged(_ raw: Outcome) throws(ActionFailure) -> Outcome {
    var outcome = raw
    guard outcome.result.status != .unreachable, outcome.result.status != .skipped else { return outcome }
    if let conditions = task.task.changedWhen {
      let changed = try verdict(conditions, &outcome, "changed_when_result")
      if outcome.result.status != .failed { outcome.result.status = changed ? .changed : .ok }
      outcome.result.fields["changed"] = .bool(changed)
    }
    if let conditions = task.task.failedWhen {
      let failed = try verdict(conditions, &outcome, "failed_when_result")
      if outcome.result.status == .failed, !failed {
        outcome.result.fields["failed_when_suppressed_exception"] = .string(StepResult.unavailableTraceback)
      }
      let changed = outcome.result.status == .changed || outcome.result.fields["changed"]?.bool == true
      outcome.result.fields["failed_when_result"] = .bool(failed)
      outcome.result.status = failed ? .failed : changed ? .changed : .ok
      if failed { outcome.result.fields["changed"] = .bool(changed) }
    }
    return outcome
  }

  /// A `changed_when` or `failed_when` that can't be evaluated fails the step, whose result stays and says why.
  private func verdict(_ conditions: [Condition], _ outcome: inout Outcome, _ key: Value) throws(ActionFailure) -> Bool {
    do throws(ActionFailure) { return try holds(conditions, outcome) } catch .template(let error) where error.kind != .unknown {
      if outcome.result.status != .failed {
        outcome.result.fields["msg"] = .string("Task failed: Error while evaluating conditional: \(error.message)")
      }
      // What the module has changed stays changed.
      outcome.result.fields["changed"] = .bool(outcome.result.status == .changed || outcome.result.fields["changed"] == true)
      outcome.result.status = .failed
      outcome.result.fields[key] = .string(error.message)
      throw .failed(outcome.result)
    }
  }

  private func holds(_ conditions: [Condition], _ outcome: Outcome) throws(ActionFailure) -> Bool {
    let scope = scope(seeing: outcome)
    return try rendering(try StepConditions(renderer: renderer, scope: scope).hold(conditions))
  }

  /// The scope after an attempt: its result under the registered name, its facts.
  private func scope(seeing outcome: Outcome) -> StepScope {
    var scope = scope
    scope.contents.apply(outcome.effects, mergingDicts: runner.environment.variables.mergesDicts)
    if let register = task.task.register, let name = try? renderer.value(of: register, in: scope).string {
      scope.temporary[name] = .value(outcome.result.registered)
    }
    return scope
  }

  // MARK: end

  /// What the task's keywords make of an outcome: `no_log`, `register`, `ignore_errors`, `notify`.
  func finish(_ outcome: inout Outcome) {
    outcome.result.fields.merge(marks) { $1 }
    do throws(TemplateError) {
      if try keywords.hidesResult(runner.environment.options) { outcome.isCensored = true }
    } catch {
      // A `no_log` that can't be read hides the result rather than shows it.
      outcome.isCensored = true
      outcome.result = .failed(error.message)
    }
    do throws(TemplateError) {
      if let register = task.task.register { outcome.registerName = try renderer.value(of: register, in: scope).string }
      switch outcome.result.status {
      case .failed: outcome.isIgnored = try keywords.flag(\.ignoreErrors) ?? false
      case .unreachable: outcome.isIgnored = try keywords.flag(\.ignoreUnreachable) ?? false
      case .changed: outcome.notified = try notified()
      case .ok, .skipped: break
      }
      // What may happen may notify; the handler is part of the plan.
      if outcome.knownAfterApply != nil { outcome.notified = (try? notified()) ?? [] }
    } catch {
      outcome.result = .failed(error.message)
    }
  }

  private func notified() throws(TemplateError) -> [String] {
    var names: [String] = []
    for source in task.notify {
      let value = try renderer.value(of: source, in: scope)
      names += value.list?.map(\.asText) ?? [value.asText]
    }
    return names.uniqued
  }
}

/// Runs something that renders, so that its complaint is the step's.
func rendering<Rendered>(
  _ body: @autoclosure () throws(TemplateError) -> Rendered
) throws(ActionFailure) -> Rendered {
  do throws(TemplateError) { return try body() } catch { throw .template(error) }
}

extension ActionFailure {
  /// The request was on its way when the host was lost, or when what ran there was killed.
  var leavesDoubt: Bool {
    if case .transport(let error) = self { error.operation == .run } else { false }
  }

  func result(on host: String) -> StepResult {
    switch self {
    case .failed(let result): result
    case .template(let error): .failed("Task failed: \(error.message)")
    case .transport(let error) where error.isCancellation || error.isRefusal: .failed(error.description)
    case .transport(let error): .unreachable(error.description)
    }
  }
}

/// `until`, `retries` and `delay`: `retries: N` allows N more attempts after the first.
struct RetryPlan {
  var until: [Condition]?
  var retries: Int
  var delaySeconds: Double

  /// Nil where the task asks for no retries.
  init?(_ task: RunbookTask, renderer: Renderer, scope: StepScope) throws(TemplateError) {
    guard task.until != nil || task.retries != nil else { return nil }
    until = task.until
    func number(_ source: SourceValue?) throws(TemplateError) -> Double? {
      guard let source else { return nil }
      return try renderer.value(of: source, in: scope).asNumber
    }
    retries = Int(try number(task.retries) ?? 3)
    delaySeconds = try number(task.delaySeconds) ?? 5
  }
}
