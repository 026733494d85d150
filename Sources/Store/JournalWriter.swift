import Foundation
import GRDB
import Model

/// A statement of a journal commit.
struct JournalRow: Sendable {
  var sql: String
  var arguments: StatementArguments
}

/// Turns events into rows; pure, so that the journal's actor only buffers and commits.
struct JournalWriter {
  private let keys: RunKeys
  private var stepCount = 0
  private var messageCount = 0
  /// Steps that have started and not finished, and how many items of each have.
  private var openSteps: [StepReference: (place: Int, items: Int)] = [:]
  private var counts: [StepResult.Status: Int] = [:]
  private var managed: ManagedRows
  private let owed: OwedRows

  /// Makes what only this user's martlets can read; nil where nothing is to be kept.
  private let seal: RecordSeal?

  init(
    keys: RunKeys, header: RunHeader, continuing: Continuation = Continuation(), seal: RecordSeal? = nil,
    scrubber: SecretScrubber = SecretScrubber()
  ) {
    self.keys = keys
    self.seal = seal
    managed = ManagedRows(number: keys.number, header: header)
    owed = OwedRows(header: header, scrubber: scrubber)
    stepCount = continuing.stepCount
    messageCount = continuing.messageCount
    counts = continuing.counts
  }

  /// What a run that goes on has recorded already.
  struct Continuation {
    var stepCount = 0
    var messageCount = 0
    var counts: [StepResult.Status: Int] = [:]
  }

  mutating func add(
    _ event: RunEvent, at time: Double, to rows: inout [JournalRow], column: (Value) -> String
  ) {
    switch event {
    case .runStarted, .stepOutput, .stepRetrying, .playFinished: break
    case .playStarted(let header), .playSkipped(let header, _):
      managed.note(header)
      rows.append(row(header, column))
    case .taskStarted(let header):
      managed.note(header)
      rows.append(row(header, column))
    case .stepStarted(let step): rows.append(start(step, time))
    case .itemFinished(let step, _): finishItem(of: step, &rows)
    case .stepFinished(let step, let outcome):
      finish(step, outcome, time, &rows, column)
      rows += managed.rows(step, outcome, at: time, column)
      rows += owed.rows(outcome.debts, at: time)
      if let facts = managed.gatheredFacts(step, outcome) { rows += FactRows.rows(facts, of: step.host, at: time, column) }
    case .message(let message): rows.append(row(message, column))
    case .runFinished(let summary):
      rows.append(finish(summary, time, column))
      if summary.ending == .completed, summary.exitStatus == 0 { rows += forgetting }
      rows += managed.coverage(summary)
      rows += owed.rows(atEnd: summary)
    }
  }

  /// What the command line needs to resume the run, in place of what it gave before; nil where nothing can be sealed.
  func settings(_ value: Value) -> JournalRow? {
    seal.map {
      JournalRow(sql: "UPDATE runs SET settings = ? WHERE number = ?", arguments: [Data($0.seal(value.archive)), keys.number])
    }
  }

  /// A run that ended well is not resumed: what only resuming needs goes.
  private var forgetting: [JournalRow] {
    [
      JournalRow(
        sql: "UPDATE steps SET memory = NULL WHERE key BETWEEN ? AND ?",
        arguments: [keys.range.lowerBound, keys.range.upperBound]),
      JournalRow(sql: "UPDATE runs SET settings = NULL WHERE number = ?", arguments: [keys.number]),
    ]
  }

  private func row(_ header: PlayHeader, _ column: (Value) -> String) -> JournalRow {
    JournalRow(
      sql: "INSERT OR REPLACE INTO plays VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [
        keys.key(header.play), header.name, column(.list(header.hosts.map(Value.string))), header.place, header.strategy,
        header.isCheck,
      ])
  }

  private func row(_ header: TaskHeader, _ column: (Value) -> String) -> JournalRow {
    JournalRow(
      sql: "INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        keys.key(header.task), header.play, header.kind.rawValue, header.name, header.role, header.module, header.place,
        header.key, header.isCheck, header.isRepeatable,
      ])
  }

  private mutating func start(_ step: StepReference, _ time: Double) -> JournalRow {
    let place = stepCount
    stepCount += 1
    openSteps[step] = (place, 0)
    return JournalRow(
      sql: "INSERT INTO steps (key, task, host, started_at) VALUES (?, ?, ?, ?)",
      arguments: [keys.key(place), step.task, step.host, time])
  }

  private mutating func finishItem(of step: StepReference, _ rows: inout [JournalRow]) {
    guard let open = openSteps[step] else { return }
    openSteps[step]?.items += 1
    rows.append(
      JournalRow(
        sql: "UPDATE steps SET finished_items = ? WHERE key = ?", arguments: [open.items + 1, keys.key(open.place)]))
  }

  /// A step that never went to a host, such as a skipped one, starts and finishes here at once.
  private mutating func finish(
    _ step: StepReference, _ outcome: StepOutcome, _ time: Double, _ rows: inout [JournalRow],
    _ column: (Value) -> String
  ) {
    if openSteps[step] == nil { rows.append(start(step, time)) }
    guard let open = openSteps.removeValue(forKey: step) else { return }
    let status = outcome.result.status
    counts[status, default: 0] += 1
    rows.append(
      JournalRow(
        sql: "UPDATE steps SET finished_at = ?, status = ?, outcome = ?, memory = ? WHERE key = ?",
        arguments: [time, status.rawValue, column(.dict(outcome.fields)), sealed(outcome.memory), keys.key(open.place)]))
  }

  private func sealed(_ memory: Secret?) -> Data? {
    guard let seal, let memory else { return nil }
    return Data(seal.seal(memory.revealed.archive))
  }

  private mutating func row(_ message: RunMessage, _ column: (Value) -> String) -> JournalRow {
    messageCount += 1
    return JournalRow(
      sql: "INSERT INTO messages VALUES (?, ?, ?, ?)",
      arguments: [keys.key(messageCount), message.kind.rawValue, column(.string(message.text)), message.host])
  }

  private func finish(_ summary: RunSummary, _ time: Double, _ column: (Value) -> String) -> JournalRow {
    let hosts = summary.hosts.map { (Value.string($0.key), Value.dict($0.value.fields)) }
    let counts = counts.map { (Value.string($0.key.rawValue), Value.int($0.value)) }
    return JournalRow(
      sql: "UPDATE runs SET ended_at = ?, ending = ?, exit_status = ?, hosts = ?, counts = ? WHERE number = ?",
      arguments: [
        time, summary.ending.rawValue, summary.exitStatus, column(.dict(Value.Dict(uniqueKeysWithValues: hosts))),
        column(.dict(Value.Dict(uniqueKeysWithValues: counts))), keys.number,
      ])
  }
}
