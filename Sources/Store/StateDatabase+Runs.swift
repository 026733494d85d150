import Foundation
import GRDB
import Model

extension StateDatabase {
  /// Records that a run has begun, on disk before this returns, and gives its journal. Old runs go as `retention` says.
  /// `settings` is what the command line needs to resume it.
  package func beginRun(
    _ header: RunHeader, settings: Value? = nil, retention: Retention = Retention(), now: @escaping @Sendable () -> Double
  ) throws(StoreError) -> Journal {
    let process = ProcessIdentity.current(), time = now()
    let number = try attempt("write to", path) {
      try queue.writeWithoutTransaction { database in
        try setSynced(true, database)
        var number: Int64 = 0
        try database.inTransaction(.immediate) {
          try retention.prune(database, now: time)
          try database.execute(
            sql: """
              INSERT INTO runs (id, runbooks, inventories, command, user, is_check, process_id, process_started, boot_id,
                started_at, settings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
            arguments: [
              header.id, texts(header.runbooks), texts(header.inventories), texts(withoutExtraValues(header.command)),
              header.user, header.isCheck, process.processID, process.startTicks, process.bootID, time,
              seal.flatMap { seal in settings.map { Data(seal.seal($0.archive)) } },
            ])
          number = database.lastInsertedRowID
          return .commit
        }
        return number
      }
    }
    return Journal(header, number: number, store: self, now: now)
  }

  private func texts(_ texts: [String]) -> String { column(.list(texts.map(Value.string))) }
}

/// A command line without the values given by `-e`: passwords are often among them.
package func withoutExtraValues(_ command: [String]) -> [String] {
  var isValue = false
  return command.map { word in
    defer { isValue = word == "-e" || isExtraOption(word[...]) }
    if isValue { return withoutValues(word[...]) }
    if let equals = word.firstIndex(of: "="), isExtraOption(word[..<equals]) {
      return word[...equals] + withoutValues(word[equals...].dropFirst())
    }
    if word.hasPrefix("-e"), word != "-e" { return "-e" + withoutValues(word.dropFirst(2)) }
    return word
  }
}

/// `--extra-vars`, or enough of it.
private func isExtraOption(_ word: Substring) -> Bool { word.count > 3 && "--extra-vars".hasPrefix(word) }

private func withoutValues(_ text: Substring) -> String {
  if text.hasPrefix("@") { return String(text) }
  guard text.contains("="), !text.hasPrefix("{"), !text.hasPrefix("[") else { return Secret.mask }
  let names = text.split(separator: " ").compactMap { $0.contains("=") ? $0.split(separator: "=").first : nil }
  return names.map { "\($0)=\(Secret.mask)" }.joined(separator: " ")
}
