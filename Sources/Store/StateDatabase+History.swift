import GRDB
import Model
import OrderedCollections

extension StateDatabase {
  /// Runs, the newest first.
  package func runs(limit: Int = 50) throws(StoreError) -> [RunRecord] {
    try read("read") { database in
      let sql = "SELECT * FROM runs WHERE is_pruned = 0 ORDER BY number DESC LIMIT ?"
      return try Row.fetchAll(database, sql: sql, arguments: [limit]).map { try record($0, database) }
    }
  }

  /// Identifiers of the runs that a beginning of an identifier means, or `last` for the newest that was no check; several where it is short.
  package func runIDs(matching text: String) throws(StoreError) -> [String] {
    try read("read") { database in
      if text == "last" {
        return try String.fetchAll(database, sql: "SELECT id FROM runs WHERE is_pruned = 0 AND is_check = 0 ORDER BY number DESC LIMIT 1")
      }
      let sql = "SELECT id FROM runs WHERE is_pruned = 0 AND substr(id, 1, ?) = ? ORDER BY number"
      let ids = try String.fetchAll(database, sql: sql, arguments: [text.unicodeScalars.count, text])
      return ids.contains(text) ? [text] : ids
    }
  }

  /// All of a run; nil where there is none of that identifier.
  package func run(_ id: String) throws(StoreError) -> RunDetails? {
    try read("read") { database in
      let sql = "SELECT * FROM runs WHERE is_pruned = 0 AND id = ?"
      guard let row = try Row.fetchOne(database, sql: sql, arguments: [id]) else { return nil }
      let keys = RunKeys(number: row["number"])
      return RunDetails(
        run: try record(row, database), plays: try plays(database, keys), tasks: try tasks(database, keys),
        steps: try steps(database, keys), messages: try messages(database, keys))
    }
  }

  func record(_ row: Row, _ database: Database) throws -> RunRecord {
    let header = RunHeader(
      id: row["id"], runbooks: try texts(row["runbooks"]), inventories: try texts(row["inventories"]),
      command: try texts(row["command"]), user: row["user"], isCheck: row["is_check"])
    let (counts, openSteps) = try counts(row, database)
    return RunRecord(
      header: header, state: state(row), startedAt: row["started_at"], endedAt: row["ended_at"],
      exitStatus: row["exit_status"], hosts: try hosts(row["hosts"]), steps: counts, openSteps: openSteps)
  }

  private func state(_ row: Row) -> RunRecord.State {
    if let ending = (row["ending"] as String?).flatMap(RunSummary.Ending.init) { return .ended(ending) }
    let process = ProcessIdentity(
      processID: row["process_id"], startTicks: row["process_started"], bootID: row["boot_id"])
    return process.isAlive ? .running(processID: process.processID) : .died
  }

  /// An ended run has its counts stored; of any other they are counted now. Steps may be open in an interrupted run too.
  private func counts(_ row: Row, _ database: Database) throws -> ([StepResult.Status: Int], Int) {
    let range = RunKeys(number: row["number"]).range
    if let stored = row["counts"] as String? {
      var counts: [StepResult.Status: Int] = [:]
      for (name, count) in try Value(json: stored).dict ?? [:] {
        if let status = name.string.flatMap(StepResult.Status.init) { counts[status] = count.int }
      }
      let isComplete = row["ending"] as String? == RunSummary.Ending.completed.rawValue
      return (counts, isComplete ? 0 : try openSteps(database, range))
    }
    let sql = "SELECT status, count(*) AS count FROM steps WHERE key BETWEEN ? AND ? AND is_superseded = 0 GROUP BY status"
    var counts: [StepResult.Status: Int] = [:], open = 0
    for row in try Row.fetchAll(database, sql: sql, arguments: [range.lowerBound, range.upperBound]) {
      if let status = (row["status"] as String?).flatMap(StepResult.Status.init) {
        counts[status] = row["count"]
      } else {
        open += row["count"]
      }
    }
    return (counts, open)
  }

  private func openSteps(_ database: Database, _ range: ClosedRange<Int64>) throws -> Int {
    let sql = "SELECT count(*) FROM steps WHERE key BETWEEN ? AND ? AND status IS NULL AND is_superseded = 0"
    return try Int.fetchOne(database, sql: sql, arguments: [range.lowerBound, range.upperBound]) ?? 0
  }

  private func plays(_ database: Database, _ keys: RunKeys) throws -> [PlayHeader] {
    try rows("plays", database, keys).map { row in
      PlayHeader(
        play: RunKeys.place(of: row["key"]), name: row["name"], hosts: try texts(row["hosts"]), place: row["place"],
        strategy: row["strategy"], isCheck: row["is_check"])
    }
  }

  func tasks(_ database: Database, _ keys: RunKeys) throws -> [TaskHeader] {
    try rows("tasks", database, keys).map { row in
      var header = TaskHeader(
        task: RunKeys.place(of: row["key"]), play: row["play"], kind: TaskHeader.Kind(rawValue: row["kind"]) ?? .task,
        name: row["name"], role: row["role"], module: row["module"], place: row["place"], key: row["stable_key"],
        isCheck: row["is_check"])
      header.isRepeatable = row["is_repeatable"]
      return header
    }
  }

  private func steps(_ database: Database, _ keys: RunKeys) throws -> [StepRecord] {
    try rows("steps", database, keys).filter { !$0["is_superseded"] }.map { row in
      let outcome = try (row["outcome"] as String?).flatMap { StepOutcome(fields: try Value(json: $0).dict ?? [:]) }
      return StepRecord(
        step: StepReference(task: row["task"], host: row["host"]), startedAt: row["started_at"],
        finishedAt: row["finished_at"], outcome: outcome, finishedItems: row["finished_items"])
    }
  }

  private func messages(_ database: Database, _ keys: RunKeys) throws -> [RunMessage] {
    try rows("messages", database, keys).compactMap { row in
      guard let kind = RunMessage.Kind(rawValue: row["kind"]) else { return nil }
      return RunMessage(kind: kind, text: try Value(json: row["text"] as String).string ?? "", host: row["host"])
    }
  }

  func rows(_ table: String, _ database: Database, _ keys: RunKeys) throws -> [Row] {
    let range = keys.range
    let sql = "SELECT * FROM \(table) WHERE key BETWEEN ? AND ? ORDER BY key"
    return try Row.fetchAll(database, sql: sql, arguments: [range.lowerBound, range.upperBound])
  }

  private func texts(_ json: String) throws -> [String] { try Value(json: json).list?.compactMap(\.string) ?? [] }

  private func hosts(_ json: String?) throws -> OrderedDictionary<String, HostSummary> {
    var hosts: OrderedDictionary<String, HostSummary> = [:]
    guard let json else { return hosts }
    for (host, counts) in try Value(json: json).dict ?? [:] {
      if let host = host.string, let counts = counts.dict { hosts[host] = HostSummary(fields: counts) }
    }
    return hosts
  }
}
