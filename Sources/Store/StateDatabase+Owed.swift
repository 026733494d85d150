import GRDB
import Model

/// Handlers that hosts are owed.
extension StateDatabase {
  /// The oldest first; of one run where it is given.
  package func owedHandlers(ofRun run: String? = nil) throws(StoreError) -> [OwedHandler] {
    try read("read") { database in
      let sql = "SELECT * FROM owed_handlers WHERE ?1 IS NULL OR run = ?1 ORDER BY since, host, name"
      return try Row.fetchAll(database, sql: sql, arguments: [run]).map { row in
        OwedHandler(
          host: row["host"], file: row["file"], play: row["play"], name: row["name"], task: row["task"], run: row["run"],
          since: row["since"])
      }
    }
  }

  package func forgetOwed(_ handlers: [OwedHandler]) throws(StoreError) {
    try write("write to") { database in
      for row in handlers.map(OwedRows.removal) { try database.execute(sql: row.sql, arguments: row.arguments) }
    }
  }
}

/// The rows that a run leaves in `owed_handlers`. They are written with the end of the step that notified, so that it does not
/// matter how the run ends, and go with the end of the handler.
struct OwedRows {
  let header: RunHeader
  let scrubber: SecretScrubber

  func rows(_ debts: HandlerDebts, at time: Double) -> [JournalRow] {
    guard !header.isCheck else { return [] }
    return debts.made.map { insertion($0, at: time) } + debts.settled.map(Self.removal)
  }

  /// What is left on a host that did not fail was given up on purpose (`meta: end_host`), or left out when the run was resumed.
  func rows(atEnd summary: RunSummary) -> [JournalRow] {
    guard !header.isCheck, summary.ending == .completed else { return [] }
    return summary.hosts.filter { $0.value.failed == 0 && $0.value.unreachable == 0 }.map { host, _ in
      JournalRow(sql: "DELETE FROM owed_handlers WHERE run = ? AND host = ?", arguments: [header.id, host])
    }
  }

  private func insertion(_ owed: OwedHandler, at time: Double) -> JournalRow {
    JournalRow(
      sql: "INSERT OR REPLACE INTO owed_handlers VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [owed.host, owed.file, owed.play, scrubber.scrub(owed.name), scrubber.scrub(owed.task), header.id, time])
  }

  static func removal(_ owed: OwedHandler) -> JournalRow {
    JournalRow(
      sql: "DELETE FROM owed_handlers WHERE host = ? AND file = ? AND play = ? AND name = ?",
      arguments: [owed.host, owed.file, owed.play, owed.name])
  }
}
