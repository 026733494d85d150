import GRDB
import Model

/// What runs manage on hosts.
extension StateDatabase {
  /// By host and name; all hosts where none are given.
  package func managed(on hosts: [String]? = nil) throws(StoreError) -> [ManagedRecord] {
    let sql = """
      SELECT *, EXISTS (
          SELECT 1 FROM coverage WHERE coverage.host = managed.host AND coverage.runbook = managed.runbook
            AND coverage.number > managed.number) AS is_orphaned
        FROM managed ORDER BY host, module, name
      """
    return try read("read") { database in
      let wanted = hosts.map(Set.init)
      return try Row.fetchAll(database, sql: sql).filter { wanted?.contains($0["host"]) ?? true }.map(record)
    }
  }

  /// Forgets resources that are no longer of interest: `drift --forget`.
  package func forgetManaged(_ records: [ManagedRecord]) throws(StoreError) {
    try write("write to") { database in
      for record in records {
        try database.execute(
          sql: "DELETE FROM managed WHERE host = ? AND module = ? AND name = ?",
          arguments: [record.host, record.resource.module, record.resource.name])
      }
    }
  }

  private func record(_ row: Row) throws -> ManagedRecord {
    let arguments = try (row["arguments"] as String?).map { try Value(json: $0).dict ?? [:] }
    let changed = (row["changed_run"] as String?).map { RunStamp(run: $0, user: row["changed_by"], time: row["changed_at"]) }
    return ManagedRecord(
      host: row["host"],
      resource: ManagedResource(
        module: row["module"], name: row["name"], arguments: arguments, becomeUser: row["become_user"]),
      runbook: row["runbook"], task: row["task"],
      seen: RunStamp(run: row["run"], user: row["user"], time: row["seen_at"]), changed: changed, isOrphaned: row["is_orphaned"])
  }
}

/// The rows that a run's steps leave in `managed` and `coverage`.
struct ManagedRows {
  private let number: Int64
  private let header: RunHeader
  /// Plays and tasks by reference, for their names.
  private var runbooks: [PlayReference: String] = [:]
  private var tasks: [TaskReference: TaskHeader] = [:]

  init(number: Int64, header: RunHeader) {
    self.number = number
    self.header = header
  }

  mutating func note(_ play: PlayHeader) { runbooks[play.play] = play.runbook }
  mutating func note(_ task: TaskHeader) { tasks[task.task] = task }

  func rows(
    _ step: StepReference, _ outcome: StepOutcome, at time: Double, _ column: (Value) -> String
  ) -> [JournalRow] {
    guard !header.isCheck, let task = tasks[step.task], task.kind != .handler, !task.isCheck else { return [] }
    let isChanged = outcome.result.status == .changed
    return outcome.resources.map { resource in
      JournalRow(
        sql: """
          INSERT INTO managed (host, module, name, arguments, become_user, number, run, user, seen_at, runbook, task,
              changed_run, changed_by, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (host, module, name) DO UPDATE SET arguments = excluded.arguments, become_user = excluded.become_user,
              number = excluded.number, run = excluded.run, user = excluded.user, seen_at = excluded.seen_at,
              runbook = excluded.runbook, task = excluded.task, changed_run = coalesce(excluded.changed_run, changed_run),
              changed_by = coalesce(excluded.changed_by, changed_by), changed_at = coalesce(excluded.changed_at, changed_at)
          """,
        arguments: [
          outcome.delegatedTo ?? step.host, resource.module, column(.string(resource.name)).unquoted,
          resource.arguments.map { column(.dict($0)) }, resource.becomeUser, number, header.id, header.user, time,
          runbooks[task.play] ?? header.runbooks.first ?? "", "'\(task.title)' (\(task.place))",
          isChanged ? header.id : nil, isChanged ? header.user : nil, isChanged ? time : nil,
        ])
    }
  }

  /// What a task that gathers facts found; facts of a delegate are not the host's.
  func gatheredFacts(_ step: StepReference, _ outcome: StepOutcome) -> Value.Dict? {
    let module = tasks[step.task]?.moduleShortName
    guard module == "setup" || module == "gather_facts", outcome.delegatedTo == nil, !outcome.isCensored else { return nil }
    return outcome.result.fields["ansible_facts"]?.dict
  }

  /// A whole run that went well on a host shows what its runbooks still manage there.
  func coverage(_ summary: RunSummary) -> [JournalRow] {
    guard !header.isCheck, summary.ending == .completed, header.isWhole else { return [] }
    let hosts = summary.hosts.filter { $0.value.failed == 0 && $0.value.unreachable == 0 }.map(\.key)
    return hosts.flatMap { host in
      header.runbooks.map { runbook in
        JournalRow(
          sql: "INSERT OR REPLACE INTO coverage VALUES (?, ?, ?)", arguments: [host, runbook, number])
      }
    }
  }
}

extension RunHeader {
  /// No flag leaves tasks out.
  fileprivate var isWhole: Bool {
    !command.contains { word in
      (word.hasPrefix("-t") && !word.hasPrefix("--")) || ["--tags", "--skip-tags", "--start-at-task"].contains { word.hasPrefix($0) }
    }
  }
}

extension String {
  /// A JSON text without its quotes, where nothing in it was escaped; else as it is.
  fileprivate var unquoted: String {
    guard count > 1, first == "\"", last == "\"", !contains("\\") else { return self }
    return String(dropFirst().dropLast())
  }
}
