import Glibc
import GRDB

/// The tables, as steps that bring an older database up to date. A step is never changed once released; a new one is added.
///
/// Rows of a run have its number in the upper 32 bits of their key, so that a run is one range of each table.
enum Schema {
  private static let lockTries = 250
  private static let lockTryMicroseconds: UInt32 = 20_000

  /// Brings a database up to date; refuses one that a later martlet made.
  static func bring(_ queue: DatabaseQueue, _ path: String) throws(StoreError) {
    let (isCurrent, unknown) = try attempt("open", path) {
      try queue.read { database in
        // A transaction sees one state from its first successful read on. The migrator's own first read may fail, for want of
        // its table, and its next one find the table that another martlet has made meanwhile.
        _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
        return (try migrator.hasCompletedMigrations(database), try unknownMigrations(database))
      }
    }
    guard unknown.isEmpty else {
      let names = unknown.joined(separator: ", ")
      throw StoreError(.newerSchema(unknown), "open", path, "it was made by a newer martlet (unknown schema: \(names))")
    }
    if isCurrent { return }
    let lock = try lock(path)
    defer { close(lock) }
    try attempt("update", path) { try migrator.migrate(queue) }
  }

  /// Two martlets that start at once must not both create the tables: the second waits for the first.
  private static func lock(_ path: String) throws(StoreError) -> Int32 {
    let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(.inaccessible, "lock", path, String(cString: strerror(errno)).lowercased())
    }
    for _ in 0..<lockTries {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
      usleep(lockTryMicroseconds)
    }
    close(descriptor)
    throw StoreError(.locked, "update", path, "another martlet has been updating it for 5 seconds")
  }

  private static func unknownMigrations(_ database: Database) throws -> [String] {
    try migrator.appliedIdentifiers(database).subtracting(migrator.migrations).sorted()
  }

  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs, steps, facts") { database in
      try database.execute(sql: runs)
      try database.execute(sql: steps)
      try database.execute(sql: facts)
    }
    migrator.registerMigration("2 what resuming needs") { database in
      try database.execute(sql: resuming)
    }
    migrator.registerMigration("managed resources, facts that last") { database in
      try database.execute(sql: managed)
      try database.execute(sql: factHistory)
    }
    migrator.registerMigration("handlers that were notified and have not run") { database in
      try database.execute(sql: owedHandlers)
    }
    return migrator
  }()

  /// `settings` and `memory` are sealed. A superseded step ran, or may have, and was run again.
  private static let resuming = """
    ALTER TABLE runs ADD COLUMN settings BLOB;
    ALTER TABLE tasks ADD COLUMN is_repeatable INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE steps ADD COLUMN memory BLOB;
    ALTER TABLE steps ADD COLUMN is_superseded INTEGER NOT NULL DEFAULT 0;
    """

  private static let managed = """
    CREATE TABLE managed (
      host TEXT NOT NULL, module TEXT NOT NULL, name TEXT NOT NULL, arguments TEXT, become_user TEXT,
      -- the run that last looked after it
      number INTEGER NOT NULL, run TEXT NOT NULL, user TEXT NOT NULL, seen_at REAL NOT NULL,
      runbook TEXT NOT NULL, task TEXT NOT NULL,
      changed_run TEXT, changed_by TEXT, changed_at REAL,
      PRIMARY KEY (host, module, name)
    ) WITHOUT ROWID;
    -- the last whole run of a runbook that went well on a host
    CREATE TABLE coverage (
      host TEXT NOT NULL, runbook TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (host, runbook)
    ) WITHOUT ROWID;
    """

  private static let owedHandlers = """
    CREATE TABLE owed_handlers (
      host TEXT NOT NULL, file TEXT NOT NULL, play TEXT NOT NULL, name TEXT NOT NULL,
      task TEXT NOT NULL, run TEXT NOT NULL, since REAL NOT NULL,
      PRIMARY KEY (host, file, play, name)
    ) WITHOUT ROWID;
    """

  /// A fact's values over time; a row per change.
  private static let factHistory = """
    CREATE TABLE fact_history (
      host TEXT NOT NULL, name TEXT NOT NULL, since REAL NOT NULL, value TEXT NOT NULL, PRIMARY KEY (host, name, since)
    ) WITHOUT ROWID;
    """

  private static let runs = """
    CREATE TABLE runs (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      runbooks TEXT NOT NULL, inventories TEXT NOT NULL, command TEXT NOT NULL, user TEXT NOT NULL,
      is_check INTEGER NOT NULL,
      process_id INTEGER NOT NULL, process_started INTEGER NOT NULL, boot_id TEXT NOT NULL,
      started_at REAL NOT NULL, ended_at REAL, ending TEXT, exit_status INTEGER,
      -- the recap and the counts of steps, once ended
      hosts TEXT, counts TEXT,
      -- under removal by retention: hidden, its rows going piece by piece
      is_pruned INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE plays (
      key INTEGER PRIMARY KEY, name TEXT NOT NULL, hosts TEXT NOT NULL, place TEXT NOT NULL, strategy TEXT NOT NULL,
      is_check INTEGER NOT NULL
    );
    CREATE TABLE tasks (
      key INTEGER PRIMARY KEY, play INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, role TEXT,
      module TEXT NOT NULL, place TEXT NOT NULL, stable_key TEXT NOT NULL, is_check INTEGER NOT NULL
    );
    CREATE TABLE messages (key INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, host TEXT);
    """

  private static let steps = """
    CREATE TABLE steps (
      key INTEGER PRIMARY KEY, task INTEGER NOT NULL, host TEXT NOT NULL,
      started_at REAL NOT NULL, finished_at REAL, finished_items INTEGER NOT NULL DEFAULT 0,
      status TEXT, outcome TEXT
    );
    """

  private static let facts = """
    CREATE TABLE facts (host TEXT PRIMARY KEY, gathered_at REAL NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID;
    """
}
