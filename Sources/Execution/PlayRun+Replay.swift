import Model
import Planning

/// A task where a host comes to it, on its way through what an earlier sitting of the run did.
struct StepPlace: Hashable {
  let task: String
  let host: RunState.HostIndex
}

/// Going on with a run: steps that are done are not sent again.
extension PlayRun {
  /// Counts the coming of hosts to their tasks, and finds what is known of it.
  func sorted(_ starts: [RunState.StepStart]) -> (new: [RunState.StepStart], done: [(RunState.StepStart, StepReport)]) {
    guard environment.replay != nil else { return (starts, []) }
    var new: [RunState.StepStart] = [], done: [(RunState.StepStart, StepReport)] = []
    for start in starts {
      guard let task = state.rounds[start.round]?.task else { continue }
      let report = remembered(task, start.host)
      occurrences[StepPlace(task: task.key, host: start.host), default: 0] += 1
      if let report { done.append((start, report)) } else { new.append(start) }
    }
    return (new, done)
  }

  /// What a task came to on a host that is about to come to it; nil where it is to be run.
  func remembered(_ task: PlannedTask, _ host: RunState.HostIndex) -> StepReport? {
    guard let replay = environment.replay, task.module != "meta" else { return nil }
    let occurrence = occurrences[StepPlace(task: task.key, host: host)] ?? 0
    return replay.report(of: task.key, on: hosts[host].name, occurrence: occurrence)?.report
  }

  /// The task's module looks before it changes anything, or the author says that running it twice does no harm.
  func isRepeatable(_ task: PlannedTask, _ keywords: StepKeywords) -> Bool {
    if let source = task.task.retrySafe, let flag = (try? environment.renderer.value(of: source, in: keywords.scope))?.asFlag {
      return flag
    }
    guard task.task.moduleTemplate == nil, let manifest = environment.catalog.manifest(named: task.task.module.written) else {
      return false
    }
    if Self.programs.contains(manifest.name) {
      return task.task.arguments.values.keys.contains { $0 == "creates" || $0 == "removes" }
    }
    return manifest.kind != .executable && manifest.supportsCheckMode
  }

  /// Modules that run what the runbook's author wrote.
  private static let programs: Set<String> = ["command", "shell", "raw", "script", "expect"]
}
