import GRDB

/// How much history to keep. Both limits hold; nil is no limit.
package struct Retention: Sendable, Equatable {
  /// Rows that one clean-up removes at most, so that starting a run stays quick; the next start goes on with the rest.
  private static let rowsPerPrune = 20_000

  package var runsMax: Int?
  package var daysMax: Double?

  package init(runsMax: Int? = 1000, daysMax: Double? = 180) {
    self.runsMax = runsMax
    self.daysMax = daysMax
  }

  /// A run that still lives is kept, however old.
  func prune(_ database: Database, now: Double) throws {
    if let runsMax {
      // The run about to begin counts too.
      try mark(database, "number NOT IN (SELECT number FROM runs WHERE is_pruned = 0 ORDER BY number DESC LIMIT ?)",
        [max(0, runsMax - 1)])
    }
    if let daysMax { try mark(database, "started_at < ?", [now - daysMax * 86400]) }
    try removeMarked(database)
  }

  private func mark(_ database: Database, _ condition: String, _ arguments: StatementArguments) throws {
    let sql = """
      SELECT number, process_id, process_started, boot_id, ended_at FROM runs WHERE is_pruned = 0 AND \(condition)
      """
    for row in try Row.fetchAll(database, sql: sql, arguments: arguments) where !isAlive(row) {
      try database.execute(sql: "UPDATE runs SET is_pruned = 1 WHERE number = ?", arguments: [row["number"] as Int64])
    }
  }

  private func isAlive(_ row: Row) -> Bool {
    row["ended_at"] == nil
      && ProcessIdentity(processID: row["process_id"], startTicks: row["process_started"], bootID: row["boot_id"]).isAlive
  }

  private func removeMarked(_ database: Database) throws {
    var rowsLeft = Self.rowsPerPrune
    for number in try Int64.fetchAll(database, sql: "SELECT number FROM runs WHERE is_pruned = 1 ORDER BY number") {
      let range = RunKeys(number: number).range
      for table in ["steps", "messages", "tasks", "plays"] {
        try database.execute(
          sql: """
            DELETE FROM \(table) WHERE key IN (SELECT key FROM \(table) WHERE key BETWEEN ? AND ? LIMIT ?)
            """, arguments: [range.lowerBound, range.upperBound, rowsLeft])
        rowsLeft -= database.changesCount
        if rowsLeft <= 0 { return }
      }
      try database.execute(sql: "DELETE FROM runs WHERE number = ?", arguments: [number])
    }
  }
}
