import Model
import ModuleLibrary
import Parsing
import Planning

/// What a step of a plan leaves for later steps of its host: variables that are not known, a change that is not made yet.
struct StepForecast: Sendable {
  var predictions: [String: Prediction] = [:]
  var pending: PendingChange?

  /// Modules that change nothing on the host, whatever they come to.
  private static let controllerOnly: Set<String> = [
    "debug", "set_fact", "set_stats", "assert", "fail", "pause", "meta", "add_host", "group_by", "include_vars",
  ]

  init(_ attempt: StepAttempts.Outcome, _ task: PlannedTask, registeredName: String?) {
    let step = "'\(task.shownName)' (\(task.place))"
    if let reason = attempt.knownAfterApply {
      if let registeredName { predictions[registeredName] = .unknown("'\(registeredName)' is known after apply: \(reason)") }
      if task.module == "set_fact" {
        for name in task.task.arguments.values.keys where name != "cacheable" {
          predictions[name] = .unknown("'\(name)' is known after apply: \(reason)")
        }
      }
    } else if attempt.result.status == .changed, attempt.call?.isCheck == true, let registeredName {
      predictions[registeredName] = .change("the result of \(step) is known after apply")
    }
    let mayChange = attempt.knownAfterApply != nil || (attempt.result.status == .changed && attempt.call?.isCheck != false)
    if mayChange, !Self.controllerOnly.contains(task.module) {
      pending = PendingChange(task: task.reference, step: step, subjects: attempt.call?.subjects ?? [])
    }
  }

  func take(on hosts: [HostRecord?]) {
    for host in hosts.compactMap(\.self) {
      host.update { contents in
        contents.predictions.merge(predictions) { $1 }
        if let pending { contents.pendingChanges.append(pending) }
      }
    }
  }
}

/// How a step called its module: what predictions go by.
struct CallRecord: Sendable {
  var module: String
  var isCheck: Bool
  /// Paths, packages, services, users: what the arguments say that the step is about.
  var subjects: Set<String>

  private static let naming = ["path", "dest", "name", "user", "unit", "key"]
  /// Their `name` or `path` names nothing on a host.
  private static let nameless: Set<String> = [
    "include_role", "import_role", "include_tasks", "include_vars", "add_host", "group_by", "set_fact", "debug", "setup",
    "gather_facts",
  ]

  init(_ module: String, _ arguments: CheckedArguments, isCheck: Bool) {
    self.module = module
    self.isCheck = isCheck
    let named = Self.nameless.contains(module) ? [] : Self.naming.compactMap { arguments[$0] }
    subjects = Set(named.flatMap { $0.list?.compactMap(\.string) ?? [$0.string].compactMap(\.self) }.filter { !$0.isEmpty })
  }
}

extension StepCall {
  var record: CallRecord { CallRecord(manifest.name, arguments, isCheck: isCheck) }
}

extension PlannedTask {
  /// The task's name as written, or its module.
  var shownName: String {
    switch task.keywords.name {
    case .value(let value)?: value.asText
    case .template(let template)?: template.source
    case .list?, .dict?, nil: task.module.written
    }
  }
}

extension StepAttempts.Outcome {
  static func knownAfterApply(_ reason: String, _ call: CallRecord? = nil) -> Self {
    var outcome = Self(result: StepResult(.skipped, ["skip_reason": .string("known after apply: \(reason)")]))
    outcome.knownAfterApply = reason
    outcome.call = call
    return outcome
  }
}

/// Check mode that never guesses.
extension StepAttempts {
  var isPlanning: Bool { runner.environment.options.isPlanning }

  /// Modules that wait for something to happen: nothing of it would be true before.
  private static let waiting: Set<String> = ["pause", "wait_for", "wait_for_connection", "async_status"]
  /// Modules whose result is whatever a program prints.
  private static let programs: Set<String> = ["command", "shell", "script", "raw", "uri"]
  /// Modules that fail by what variables say: a change on a host does not help.
  private static let judging: Set<String> = ["assert", "fail", "validate_argument_spec"]

  /// Why asking the host would tell nothing: what the step is about is about to be changed by an earlier one.
  func reasonToWait(_ call: StepCall) -> String? {
    guard isPlanning, call.isCheck else { return nil }
    if Self.waiting.contains(call.manifest.name) { return "\(call.manifest.name) waits for what happens when the plan is applied" }
    let subjects = call.record.subjects
    guard let earlier = pendingChanges(call.delegateName).last(where: { !$0.subjects.isDisjoint(with: subjects) }) else { return nil }
    let subject = earlier.subjects.intersection(subjects).sorted().first ?? ""
    return "\(earlier.step) changes \(subject) first"
  }

  /// Takes back what check mode says and can't know.
  func predict(_ outcome: inout Outcome) {
    guard isPlanning, outcome.knownAfterApply == nil else { return }
    switch outcome.result.status {
    case .skipped where outcome.call?.isCheck == true:
      outcome.knownAfterApply = "'\(outcome.call?.module ?? task.module)' does not run in check mode"
    case .failed where !Self.judging.contains(task.module):
      guard let earlier = pendingChanges(outcome.delegatedTo).last else { return }
      let message = outcome.result.message?.split(separator: "\n").first.map(String.init) ?? "it fails"
      let call = outcome.call
      outcome = .knownAfterApply("\(earlier.step) comes first; before it: \(message)", call)
    case .changed where Self.programs.contains(outcome.call?.module ?? ""):
      outcome.result.fields = outcome.result.fields.filter { ["changed", "msg"].contains($0.key.string) }
    case .ok, .changed, .skipped, .failed, .unreachable: break
    }
  }

  private func pendingChanges(_ delegate: String?) -> [PendingChange] {
    let record = delegate.flatMap(runner.environment.variables.record(of:))
    // Not those of the same task that other hosts have done on the host by chance before.
    return (scope.contents.pendingChanges + (record?.snapshot.pendingChanges ?? [])).filter { $0.task != task.reference }
  }
}
