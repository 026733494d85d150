import GRDB
import Model

/// Facts as they were when last gathered.
package struct CachedFacts: Sendable, Equatable {
  package var facts: Value.Dict
  /// Seconds since 1970.
  package var gatheredAt: Double

  package init(facts: Value.Dict, gatheredAt: Double) {
    self.facts = facts
    self.gatheredAt = gatheredAt
  }
}

extension StateDatabase {
  /// The facts of a host; nil where there are none, or only ones gathered before `oldest`.
  package func facts(of host: String, notBefore oldest: Double = -.infinity) throws(StoreError) -> CachedFacts? {
    try read("read") { database in
      let sql = "SELECT facts, gathered_at FROM facts WHERE host = ?"
      guard let row = try Row.fetchOne(database, sql: sql, arguments: [host]), row["gathered_at"] >= oldest else {
        return nil
      }
      return CachedFacts(facts: try Value(json: row["facts"] as String).dict ?? [:], gatheredAt: row["gathered_at"])
    }
  }

  /// Hosts that have facts, by name.
  package func hostsWithFacts() throws(StoreError) -> [String] {
    try read("read") { try String.fetchAll($0, sql: "SELECT host FROM facts ORDER BY host") }
  }

  /// Keeps the facts of a host in place of what was known; secrets among them are kept as `***`.
  package func save(_ facts: CachedFacts, of host: String) throws(StoreError) {
    let text = column(.dict(facts.facts))
    try write("write to") {
      try $0.execute(
        sql: "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", arguments: [host, facts.gatheredAt, text])
    }
  }

  /// Forgets the facts of a host, or of all (`--flush-cache`).
  package func forgetFacts(of host: String? = nil) throws(StoreError) {
    try write("write to") {
      if let host {
        try $0.execute(sql: "DELETE FROM facts WHERE host = ?", arguments: [host])
      } else {
        try $0.execute(sql: "DELETE FROM facts")
      }
    }
  }
}
