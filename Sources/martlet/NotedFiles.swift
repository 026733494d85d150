import Foundation
import Model
import Parsing
import Synchronization
import Vault

/// The disk, with a digest of every file that a parser read: what a run was made from.
final class NotedFiles: SourceFiles {
  private let disk = DiskFiles()
  private let noted = Mutex<[String: String]>([:])

  func read(_ path: String) -> FileReading {
    let reading = disk.read(path)
    if case .text(let text) = reading { noted.withLock { $0[absolute(path)] = ContentDigest.sha256(text) } }
    return reading
  }

  func kind(_ path: String) -> FileKind? { disk.kind(path) }
  func names(in folder: String) -> [String] { disk.names(in: folder) }
  func canonicalPath(_ path: String) -> String { disk.canonicalPath(path) }
  var workingDirectory: String { disk.workingDirectory }

  /// Digests by path.
  var digests: [String: String] { noted.withLock { $0 } }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)" }
}
