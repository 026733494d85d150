import GRDB
import Glibc
import Model
import Testing

@testable import Store

@Suite struct StateDatabaseTests {
  @Test func `the folder is made with its parents and is its owner's alone`() throws {
    let scratch = ScratchFolder()
    let store = try StateDatabase.open(inFolder: "\(scratch.path)/a/b/state")
    #expect(store.path == "\(scratch.path)/a/b/state/martlet.db")
    #expect(scratch.permissions(of: "a/b/state") == 0o700)
    #expect(scratch.permissions(of: "a/b/state/martlet.db") == 0o600)
  }

  @Test func `rights that others have are taken away`() throws {
    let scratch = ScratchFolder()
    _ = try StateDatabase.open(inFolder: "\(scratch.path)/state")
    #expect(chmod("\(scratch.path)/state", 0o755) == 0 && chmod("\(scratch.path)/state/martlet.db", 0o644) == 0)
    _ = try StateDatabase.open(inFolder: "\(scratch.path)/state")
    #expect(scratch.permissions(of: "state") == 0o700)
    #expect(scratch.permissions(of: "state/martlet.db") == 0o600)
  }

  @Test(arguments: [
    (["MARTLET_HOME": "/m", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/m"),
    (["MARTLET_HOME": "", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/martlet"),
    (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/martlet"),
    (["HOME": "/h"], "/h/.local/state/martlet"), ([:], nil),
  ] as [([String: String], String?)])
  func `the environment says where the folder is`(environment: [String: String], expected: String?) {
    #expect(StateDatabase.folder(environment: environment) == expected)
  }

  @Test func `a database of a newer martlet is refused`() throws {
    let scratch = ScratchFolder()
    try StateDatabase.open(inFolder: scratch.path).write("write to") {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 time travel')")
    }
    let error = #expect(throws: StoreError.self) { try StateDatabase.open(inFolder: scratch.path) }
    #expect(error?.kind == .newerSchema(["9 time travel"]))
    #expect(error?.description.contains("it was made by a newer martlet (unknown schema: 9 time travel)") == true)
  }

  @Test(arguments: Schema.migrator.migrations) func `a database of an older martlet is brought up to date`(last: String) throws {
    let scratch = ScratchFolder()
    let older = try DatabaseQueue(path: "\(scratch.path)/martlet.db")
    try Schema.migrator.migrate(older, upTo: last)
    try older.write {
      try $0.execute(
        sql: """
          INSERT INTO runs (id, runbooks, inventories, command, user, is_check, process_id, process_started, boot_id, started_at)
          VALUES ('20250101T000000Z-000001', '["old.yml"]', '[]', '["martlet", "run", "old.yml"]', 'ada', 0, 1, 1, 'gone', 1)
          """)
    }
    try older.close()
    let store = try StateDatabase.open(inFolder: scratch.path)
    _ = try store.beginRun(header) { 1 }
    #expect(try store.runs().map(\.header.id) == [header.id, "20250101T000000Z-000001"])
    #expect(try store.runs().last?.state == .died)
    #expect(try store.memory(of: "20250101T000000Z-000001") == nil)
    #expect(try store.owedHandlers().isEmpty && store.managed().isEmpty)
  }

  @Test func `a file that is no database is told as corrupt`() {
    let scratch = ScratchFolder()
    scratch.write(String(repeating: "no database at all ", count: 100), to: "martlet.db")
    let error = #expect(throws: StoreError.self) { try StateDatabase.open(inFolder: scratch.path) }
    #expect(error?.kind == .corrupt)
    #expect(error?.description.contains("move the file away") == true)
  }

  @Test func `a database that someone keeps locked is told so`() throws {
    let scratch = ScratchFolder()
    let holder = try StateDatabase.open(inFolder: scratch.path)
    let other = try StateDatabase.open(inFolder: scratch.path, busyTimeoutSeconds: 0.01)
    try holder.queue.writeWithoutTransaction { database in
      try database.execute(sql: "BEGIN EXCLUSIVE")
      let error = #expect(throws: StoreError.self) { try other.forgetFacts() }
      #expect(error?.kind == .locked)
      try database.execute(sql: "ROLLBACK")
    }
  }

  @Test func `a folder that can't be made is told with its path`() {
    let error = #expect(throws: StoreError.self) { try StateDatabase.open(inFolder: "/proc/martlet/state") }
    #expect(error?.kind == .inaccessible)
    #expect(error?.description.contains("/proc/martlet") == true)
  }

  @Test func `facts keep their age and no secret`() throws {
    let scratch = ScratchFolder(), store = try StateDatabase.open(inFolder: scratch.path)
    let facts: Value.Dict = ["os_family": "Debian", "token": .secret(Secret("s3cret")), "cpus": [1, 2]]
    try store.save(CachedFacts(facts: facts, gatheredAt: 1000), of: "web1")
    let kept = try store.facts(of: "web1", notBefore: 1000)
    #expect(kept == CachedFacts(facts: ["os_family": "Debian", "token": "***", "cpus": [1, 2]], gatheredAt: 1000))
    #expect(try store.facts(of: "web1", notBefore: 1000.5) == nil)
    #expect(try store.facts(of: "web2") == nil)
    #expect(try store.hostsWithFacts() == ["web1"])
    try store.forgetFacts()
    #expect(try store.hostsWithFacts().isEmpty)
  }

  /// It was "database is locked" where two switched a fresh file to WAL, and "no such table" where one made the schema while
  /// another looked for it.
  @Test(arguments: 0..<20) func `two open at once make one schema`(_: Int) async throws {
    let scratch = ScratchFolder(), folder = scratch.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { _ = try StateDatabase.open(inFolder: folder).runs() } }
      try await group.waitForAll()
    }
    #expect(try StateDatabase.open(inFolder: folder).runs().isEmpty)
  }
}
