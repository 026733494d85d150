import GRDB
import Glibc
import Model
import Synchronization

/// The state database: one file, shared by every martlet of a user, open for as long as this lives.
package final class StateDatabase: Sendable {
  package let path: String
  let queue: DatabaseQueue
  let scrubber: SecretScrubber
  /// Without one nothing is kept that could resume a run.
  let seal: RecordSeal?
  /// The connection's `synchronous`: FULL or NORMAL, nil before it is set.
  let syncing = Mutex<Bool?>(nil)
  /// "The busy handler is not invoked" by SQLite where waiting could be for ever: two that switch a fresh file to WAL, or
  /// that recover one after a crash, get SQLITE_BUSY at once. So opening is tried again for as long as others are waited for.
  private static let openTryMicroseconds: UInt32 = 5_000

  /// Opens the database in a folder, or makes it: the folder is its owner's alone (0700), as is the file (0600). The timeout
  /// is how long to wait for another martlet that is writing.
  package static func open(
    inFolder folder: String, scrubber: SecretScrubber = SecretScrubber(), seal makeSeal: (_ folder: String) -> RecordSeal? = { _ in nil },
    busyTimeoutSeconds: Double = 10
  ) throws(StoreError) -> StateDatabase {
    let file = StateFile(folder: folder)
    try file.prepare()
    let seal = makeSeal(folder)
    let deadline = ContinuousClock.now + .seconds(busyTimeoutSeconds)
    while true {
      do throws(StoreError) {
        return try StateDatabase(file.path, scrubber, seal, busyTimeoutSeconds)
      } catch {
        guard error.kind == .locked, ContinuousClock.now < deadline else { throw error }
        usleep(openTryMicroseconds)
      }
    }
  }

  /// `$MARTLET_HOME`, else `$XDG_STATE_HOME/martlet`, else `~/.local/state/martlet`; nil where none of them is known.
  package static func folder(environment: [String: String]) -> String? {
    if let home = environment["MARTLET_HOME"], !home.isEmpty { return home }
    // The XDG specification says that a relative path is to be ignored.
    if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/martlet" }
    return environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.local/state/martlet" }
  }

  private init(
    _ path: String, _ scrubber: SecretScrubber, _ seal: RecordSeal?, _ busyTimeoutSeconds: Double
  ) throws(StoreError) {
    self.path = path
    self.scrubber = scrubber
    self.seal = seal
    queue = try attempt("open", path) {
      var configuration = Configuration()
      configuration.journalMode = .wal
      configuration.busyMode = .timeout(busyTimeoutSeconds)
      configuration.label = "martlet.store"
      return try DatabaseQueue(path: path, configuration: configuration)
    }
    try Schema.bring(queue, path)
  }

  func read<Value>(_ operation: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
    try attempt(operation, path) { try queue.read(body) }
  }

  func write(_ operation: String, _ body: (Database) throws -> Void) throws(StoreError) {
    try attempt(operation, path) { try queue.write(body) }
  }

  /// JSON for a column, without known secrets.
  func column(_ value: Value) -> String { scrubber.scrub(value.json(.compact)) }
}
