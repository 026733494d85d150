import GRDB
import Glibc

/// What went wrong with the state database: what was tried, on which file, and SQLite's own message.
package struct StoreError: Error, Equatable, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// Another process kept writing for longer than we wait.
    case locked
    case full
    case corrupt
    case readOnly
    case inaccessible
    /// Made by a later martlet; the steps of its schema that this one doesn't know.
    case newerSchema([String])
    /// SQLite's extended result code.
    case other(Int32)
  }

  package var kind: Kind
  package var operation: String
  package var path: String
  package var message: String

  package init(_ kind: Kind, _ operation: String, _ path: String, _ message: String) {
    self.kind = kind
    self.operation = operation
    self.path = path
    self.message = message
  }

  package var description: String {
    let problem = "can't \(operation) the state database \(path): \(message)"
    return advice.map { "\(problem)\n  \($0)" } ?? problem
  }

  private var advice: String? {
    switch kind {
    case .locked: "another martlet, or a backup, keeps it locked; try again when it is done"
    case .full: "make room on its disk; what was recorded before is safe"
    case .corrupt: "move the file away to start a new one; runs before this can't be shown or resumed then"
    case .readOnly, .inaccessible: "MARTLET_HOME names another folder for it"
    case .newerSchema: "use the newer martlet, or name another folder by MARTLET_HOME"
    case .other: nil
    }
  }
}

extension StoreError {
  init(_ error: any Error, _ operation: String, _ path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError where error.resultCode == .SQLITE_IOERR && Self.isDiskFull(path):
      // SQLite says so of what it writes, and not of the file that it shares between processes.
      self.init(.full, operation, path, "the disk is full")
    case let error as DatabaseError:
      self.init(Kind(error), operation, path, error.message ?? error.resultCode.description)
    default: self.init(.other(-1), operation, path, "\(error)")
    }
  }
}

extension StoreError {
  private static let smallestFileBytes: UInt = 64 << 10

  private static func isDiskFull(_ path: String) -> Bool {
    var disk = statvfs()
    return statvfs(path, &disk) == 0 && disk.f_bavail * disk.f_bsize < smallestFileBytes
  }
}

extension StoreError.Kind {
  fileprivate init(_ error: DatabaseError) {
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
    case .SQLITE_FULL: self = .full
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt
    case .SQLITE_READONLY: self = .readOnly
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .inaccessible
    default: self = .other(error.extendedResultCode.rawValue)
    }
  }
}

/// Runs what may throw SQLite's errors, and says where it happened.
func attempt<Value>(_ operation: String, _ path: String, _ body: () throws -> Value) throws(StoreError) -> Value {
  do { return try body() } catch { throw StoreError(error, operation, path) }
}
