import GRDB
import Model

/// A value that a fact had, and since when.
package struct FactValue: Sendable, Equatable {
  /// Seconds since 1970: when a run first saw it.
  package var since: Double
  package var value: Value
}

extension StateDatabase {
  /// The values of a fact over time, oldest first. `ansible_` may be left out.
  package func history(of fact: String, on host: String) throws(StoreError) -> [FactValue] {
    try read("read") { database in
      let sql = "SELECT since, value FROM fact_history WHERE host = ? AND name IN (?, ?) ORDER BY since"
      return try Row.fetchAll(database, sql: sql, arguments: [host, fact, "ansible_\(fact)"]).map {
        FactValue(since: $0["since"], value: try Value(json: $0["value"] as String))
      }
    }
  }

  /// Names of facts that have a history on a host.
  package func factNames(on host: String) throws(StoreError) -> [String] {
    try read("read") {
      try String.fetchAll($0, sql: "SELECT DISTINCT name FROM fact_history WHERE host = ? ORDER BY name", arguments: [host])
    }
  }
}

/// The rows that gathered facts leave: what is known now, and what of it is new.
enum FactRows {
  /// They differ at every look; their history would be noise.
  private static let restless = [
    "ansible_date_time", "ansible_uptime_seconds", "ansible_memfree_mb", "ansible_memory_mb", "ansible_loadavg",
    "ansible_swapfree_mb", "ansible_mounts", "ansible_env", "ansible_cmdline", "ansible_python",
  ]
  /// Values that a fact's history keeps; older ones go.
  private static let valuesMax = 200

  static func rows(_ facts: Value.Dict, of host: String, at time: Double, _ column: (Value) -> String) -> [JournalRow] {
    let text = column(.dict(facts))
    let lasting = column(.dict(facts.filter { !restless.contains($0.key.string ?? "") }))
    // A subset of facts does not make the others unknown.
    let isWhole = facts["gather_subset"] == ["all"] || facts["ansible_gather_subset"] == ["all"]
    let merged = isWhole ? "excluded.facts" : "json_patch(facts, excluded.facts)"
    return [
      JournalRow(
        sql: """
          INSERT INTO facts VALUES (?, ?, ?)
            ON CONFLICT (host) DO UPDATE SET gathered_at = excluded.gathered_at, facts = \(merged)
          """, arguments: [host, time, text]),
      JournalRow(
        sql: """
          INSERT OR IGNORE INTO fact_history SELECT ?1, new.key, ?2, ?3 -> new.fullkey FROM json_each(?3) AS new
            WHERE (?3 -> new.fullkey) IS NOT (
              SELECT value FROM fact_history WHERE host = ?1 AND name = new.key ORDER BY since DESC LIMIT 1)
          """, arguments: [host, time, lasting]),
      JournalRow(
        sql: """
          DELETE FROM fact_history WHERE host = ?1 AND (name, since) IN (
            SELECT name, since FROM (
              SELECT name, since, row_number() OVER (PARTITION BY name ORDER BY since DESC) AS place FROM fact_history WHERE host = ?1)
            WHERE place > \(valuesMax))
          """, arguments: [host]),
    ]
  }
}
