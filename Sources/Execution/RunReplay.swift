import Model

/// The steps of an earlier sitting of the run, sorted: those that are done, those to run again, and those that nobody can
/// know of. A resumed run takes the first as they are remembered; the graph, its handlers and its variables come out as they
/// were, because they are made by the same code.
package struct RunReplay: Sendable {
  private struct Key: Hashable {
    let task: String
    let host: String
  }

  private var done: [Key: [StepMemory]]
  /// Started, perhaps run, and not safe to run again: someone must say what to do.
  package let doubts: [RememberedStep]
  /// Steps that will run again: the journal's rows of them count no more. Those in doubt are not among them.
  package let repeated: [RememberedStep]
  package let doneCount: Int
  /// Numbers of tasks go on from here: the journal has tasks by the numbers below.
  let nextTask: TaskReference

  package init(_ memory: RunMemory) {
    nextTask = memory.nextTask
    var done: [Key: [StepMemory]] = [:], doubts: [RememberedStep] = [], repeated: [RememberedStep] = []
    let failures = Self.firstFailures(memory.steps), takenBack = TakenBack(memory.steps)
    for step in memory.steps {
      let known = step.memory.flatMap(StepMemory.init)
      if takenBack.mayHold(step) || Self.isInDoubt(step, known) {
        doubts.append(step)
      } else if let known, !takenBack.holds(step), !Self.isFailure(known), step.startedAt < failures[step.host] ?? .infinity {
        done[Key(task: step.task.key, host: step.host), default: []].append(known)
      } else {
        repeated.append(step)
      }
    }
    self.done = done
    self.doubts = doubts
    self.repeated = repeated
    doneCount = done.values.reduce(0) { $0 + $1.count }
  }

  /// The same with steps in doubt taken as done.
  package func leavingOut(_ steps: [RememberedStep]) -> RunReplay {
    var replay = self
    for step in steps {
      guard let memory = StepMemory(Self.leftOut(host: step.host).memory) else { continue }
      // A host comes to its steps one after the other: what is in doubt is behind all that is done of its task.
      replay.done[Key(task: step.task.key, host: step.host), default: []].append(memory)
    }
    return replay
  }

  /// What the nth coming of a host to a task came to.
  func report(of task: String, on host: String, occurrence: Int) -> StepMemory? {
    guard let known = done[Key(task: task, host: host)], occurrence < known.count else { return nil }
    return known[occurrence]
  }

  /// What failed and was not rescued is tried again; so is what the host ran after that (`always`, forced handlers).
  private static func firstFailures(_ steps: [RememberedStep]) -> [String: Double] {
    var failures: [String: Double] = [:]
    for step in steps {
      guard let finishedAt = step.finishedAt, let known = step.memory.flatMap(StepMemory.init), isFailure(known) else { continue }
      failures[step.host] = min(failures[step.host] ?? .infinity, finishedAt)
    }
    return failures
  }

  private static func isFailure(_ memory: StepMemory) -> Bool {
    memory.report.end == .unreachable || (memory.report.end == .failed && !memory.report.outcome.isRescued)
  }

  private static func isInDoubt(_ step: RememberedStep, _ known: StepMemory?) -> Bool {
    guard !step.task.isRepeatable, RollbackKey.origin(of: step.task.key) == nil else { return false }
    guard step.finishedAt != nil else { return true }
    guard let known else { return false }
    // Of a loop that failed, the items before are done.
    return known.report.isInDoubt || (isFailure(known) && step.finishedItems > 1)
  }

  /// What stands for a step in doubt that is not to run: later steps see it as skipped.
  package static func leftOut(host: String) -> (memory: Value, outcome: StepOutcome) {
    let fields: Value.Dict = ["skip_reason": "in doubt when the run was resumed; left out on request", "changed": false]
    let outcome = StepOutcome(result: StepResult(.skipped, fields))
    let report = StepReport(outcome: outcome, effects: [], end: .skipped)
    guard let memory = StepMemory(report).value else {
      preconditionFailure("a report without effects has no form as a value: this is a bug in Martlet")
    }
    return (memory, outcome)
  }
}

/// Steps that a rollback took back before the run ended or died: their changes are gone, so that they run again. A step whose own `rollback`
/// had begun, and nobody saw its end, may be in effect or not.
private struct TakenBack {
  private struct Key: Hashable {
    let task: String
    let host: String
  }

  private var gone: Set<Key> = []
  /// The end of what takes them back is not known, or it failed.
  private var doubtful: Set<Key> = []
  /// The same, where only kept files were to be put back: commands lose nothing by that.
  private var doubtfulFiles: Set<Key> = []

  init(_ steps: [RememberedStep]) {
    for step in steps {
      guard let origin = RollbackKey.origin(of: step.task.key) else { continue }
      let key = Key(task: origin, host: step.host), putsFilesBack = step.task.module == "martlet_undo"
      let status = step.finishedAt == nil ? nil : step.memory.flatMap(StepMemory.init)?.report.outcome.result.status
      switch status {
      case .changed: gone.insert(key)
      case .ok where !putsFilesBack: gone.insert(key)
      case .ok, .skipped: break
      case .failed, .unreachable, nil: _ = putsFilesBack ? doubtfulFiles.insert(key) : doubtful.insert(key)
      }
    }
  }

  /// It runs again; so do steps that look before they change anything, where nobody knows.
  func holds(_ step: RememberedStep) -> Bool {
    let key = Key(task: step.task.key, host: step.host)
    if RollbackKey.origin(of: step.task.key) != nil || gone.contains(key) { return true }
    return step.task.isRepeatable && (doubtful.contains(key) || doubtfulFiles.contains(key))
  }

  func mayHold(_ step: RememberedStep) -> Bool {
    let key = Key(task: step.task.key, host: step.host)
    return doubtful.contains(key) && !gone.contains(key) && !step.task.isRepeatable && step.finishedAt != nil
  }
}
