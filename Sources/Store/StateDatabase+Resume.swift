import Foundation
import GRDB
import Model

/// Runs that can go on: what is known of them, and taking them up.
extension StateDatabase {
  /// Nil where the run ended well, was a check, or was begun where nothing could be sealed.
  package func memory(of id: String) throws(StoreError) -> RunMemory? {
    try read("read") { database in
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE is_pruned = 0 AND id = ?", arguments: [id]),
        let settings = opened(row["settings"])
      else { return nil }
      let keys = RunKeys(number: row["number"])
      let tasks = Dictionary(try tasks(database, keys).map { ($0.task, $0) }, uniquingKeysWith: { $1 })
      let steps = try rows("steps", database, keys).filter { !$0["is_superseded"] }.compactMap { row in
        tasks[row["task"]].map {
          RememberedStep(
            place: RunKeys.place(of: row["key"]), task: $0, host: row["host"], startedAt: row["started_at"],
            finishedAt: row["finished_at"], finishedItems: row["finished_items"], memory: opened(row["memory"]))
        }
      }
      return RunMemory(
        header: try record(row, database).header, settings: settings, nextTask: (tasks.keys.max() ?? -1) + 1, steps: steps)
    }
  }

  private func opened(_ sealed: Data?) -> Value? {
    sealed.flatMap { seal?.open(Array($0)) }.flatMap(Value.init(archive:))
  }

  /// Takes a run up again, on disk before this returns: it is this process's from now on. `repeated` are the steps that will
  /// run again, `leftOut` those in doubt that will not, with what later steps see of them. Nil where a martlet runs it.
  package func resumeRun(
    _ id: String, repeated: [Int], leftOut: [(place: Int, memory: Value, outcome: StepOutcome)],
    now: @escaping @Sendable () -> Double
  ) throws(StoreError) -> Journal? {
    let begun = try attempt("write to", path) {
      try queue.writeWithoutTransaction { database -> (RunHeader, Int64, JournalWriter.Continuation)? in
        try setSynced(true, database)
        var begun: (RunHeader, Int64, JournalWriter.Continuation)?
        try database.inTransaction(.immediate) {
          begun = try resume(id, repeated, leftOut, now(), database)
          return .commit
        }
        return begun
      }
    }
    return begun.map { Journal($0.0, number: $0.1, store: self, continuing: $0.2, now: now) }
  }

  private func resume(
    _ id: String, _ repeated: [Int], _ leftOut: [(place: Int, memory: Value, outcome: StepOutcome)], _ time: Double,
    _ database: Database
  ) throws -> (RunHeader, Int64, JournalWriter.Continuation)? {
    guard let row = try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [id]) else { return nil }
    let record = try record(row, database)
    if case .running = record.state { return nil }
    let keys = RunKeys(number: row["number"]), process = ProcessIdentity.current()
    for place in repeated {
      try database.execute(sql: "UPDATE steps SET is_superseded = 1 WHERE key = ?", arguments: [keys.key(place)])
    }
    for step in leftOut {
      try database.execute(
        sql: "UPDATE steps SET finished_at = ?, status = ?, outcome = ?, memory = ? WHERE key = ?",
        arguments: [
          time, step.outcome.result.status.rawValue, column(.dict(step.outcome.fields)),
          seal.map { Data($0.seal(step.memory.archive)) }, keys.key(step.place),
        ])
    }
    try database.execute(
      sql: """
        UPDATE runs SET process_id = ?, process_started = ?, boot_id = ?, ended_at = NULL, ending = NULL, exit_status = NULL,
          hosts = NULL, counts = NULL WHERE number = ?
        """, arguments: [process.processID, process.startTicks, process.bootID, keys.number])
    return (record.header, keys.number, try continuation(keys, database))
  }

  private func continuation(_ keys: RunKeys, _ database: Database) throws -> JournalWriter.Continuation {
    let range: StatementArguments = [keys.range.lowerBound, keys.range.upperBound]
    func next(_ table: String) throws -> Int {
      let sql = "SELECT max(key) FROM \(table) WHERE key BETWEEN ? AND ?"
      return try Int64.fetchOne(database, sql: sql, arguments: range).map { RunKeys.place(of: $0) + 1 } ?? 0
    }
    var continuing = JournalWriter.Continuation(stepCount: try next("steps"), messageCount: try next("messages"))
    let sql = """
      SELECT status, count(*) AS count FROM steps WHERE key BETWEEN ? AND ? AND status IS NOT NULL AND is_superseded = 0
      GROUP BY status
      """
    for row in try Row.fetchAll(database, sql: sql, arguments: range) {
      if let status = StepResult.Status(rawValue: row["status"]) { continuing.counts[status] = row["count"] }
    }
    return continuing
  }
}
