import Model

/// One JSON document when the run has ended, laid out as the callback `ansible.posix.json` lays it out.
package struct JSONReporter: Reporter {
  private struct ShownTask {
    var header: TaskHeader
    var start: String
    var end: String
    var hosts: Value.Dict = [:]
  }

  private struct ShownPlay {
    var header: PlayHeader
    var start: String
    var end: String
    var tasks: [TaskReference] = []
  }

  private let sink: any OutputSink
  /// The time as the document gives it.
  private let now: @Sendable () -> String
  private var plays: [ShownPlay] = []
  private var tasks: [TaskReference: ShownTask] = [:]

  package init(to sink: any OutputSink, now: @escaping @Sendable () -> String) {
    self.sink = sink
    self.now = now
  }

  package mutating func handle(_ event: RunEvent) {
    switch event {
    case .playStarted(let header): start(header)
    case .taskStarted(let header): start(header)
    case .stepFinished(let step, let outcome): finish(step, outcome)
    case .message(let message): show(message)
    case .runFinished(let summary): finish(summary)
    case .runStarted, .playSkipped, .stepStarted, .stepOutput, .itemFinished, .stepRetrying, .playFinished: break
    }
  }

  private mutating func start(_ header: PlayHeader) {
    let time = now()
    plays.append(ShownPlay(header: header, start: time, end: time))
  }

  private mutating func start(_ header: TaskHeader) {
    let time = now()
    tasks[header.task] = ShownTask(header: header, start: time, end: time)
    guard let index = plays.lastIndex(where: { $0.header.play == header.play }) else { return }
    plays[index].tasks.append(header.task)
  }

  private mutating func finish(_ step: StepReference, _ outcome: StepOutcome) {
    guard let task = tasks[step.task] else { return }
    var result = ResultText(outcome: outcome, module: "", settings: OutputSettings()).shownFields
    result["action"] = .string(task.header.module)
    let time = now()
    tasks[step.task]?.hosts[.string(step.host)] = .dict(result)
    tasks[step.task]?.end = time
    guard let index = plays.lastIndex(where: { $0.header.play == task.header.play }) else { return }
    plays[index].end = time
  }

  private func show(_ message: RunMessage) {
    switch message.kind {
    case .warning: sink.write("[WARNING]: \(message.text.visible)\n", to: .standardError)
    case .error: sink.write("[ERROR]: \(message.text.visible)\n", to: .standardError)
    case .deprecation, .debug, .meta, .included, .progress, .noHostsLeft, .rescued: break
    }
  }

  private func finish(_ summary: RunSummary) {
    var stats: Value.Dict = [:]
    for (host, counts) in summary.hosts {
      stats[.string(host)] = [
        "ok": .int(counts.ok), "changed": .int(counts.changed), "unreachable": .int(counts.unreachable), "failures": .int(counts.failed),
        "skipped": .int(counts.skipped), "rescued": .int(counts.rescued), "ignored": .int(counts.ignored),
      ]
    }
    var custom: Value.Dict = [:]
    for (host, value) in summary.customStats where host != "_run" { custom[.string(host)] = value }
    let document: Value = [
      "plays": .list(plays.map(shown)), "stats": .dict(stats), "custom_stats": .dict(custom),
      "global_custom_stats": summary.customStats["_run"] ?? [:],
    ]
    sink.write(document.json(JSONEncoding(ensureASCII: true, indent: 4, sortsKeys: true)) + "\n", to: .standardOutput)
  }

  private func shown(_ play: ShownPlay) -> Value {
    let tasks = play.tasks.compactMap { self.tasks[$0] }.map { task -> Value in
      let name = task.header.role.map { "\($0) : \(task.header.name)" } ?? task.header.name
      return [
        "hosts": .dict(task.hosts),
        "task": [
          "duration": ["start": .string(task.start), "end": .string(task.end)], "id": .string(task.header.key), "name": .string(name),
          "path": .string(task.header.place),
        ],
      ]
    }
    return [
      "play": [
        "duration": ["start": .string(play.start), "end": .string(play.end)], "id": .string("\(play.header.play)"),
        "name": .string(play.header.name), "path": .string(play.header.place),
      ],
      "tasks": .list(tasks),
    ]
  }
}
