import Foundation
import Model
import Parsing
import Synchronization
import Vault

/// The disk, with a note of every file that was read: what a plan or a run was made from.
final class RecordingFiles: SourceFiles {
  private let disk = DiskFiles()
  private let paths = Mutex<Set<String>>([])
  private let digestsAtReading = Mutex<[String: String]>([:])

  func note(_ path: String) { _ = paths.withLock { $0.insert(path) } }

  /// Notes a file that another reader has read.
  func note(_ file: SourceFile) {
    note(file.path)
    digestsAtReading.withLock { $0[absolute(file.path)] = ContentDigest.sha256(file.text) }
  }

  /// Notes the files of inventories. What is no plain file, such as a pipe, can be read but once.
  func digestFiles(of sources: [String]) {
    for path in Set(sources.flatMap { Self.files(under: $0) }) {
      guard (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeRegular else { continue }
      digestsAtReading.withLock { $0[absolute(path)] = Self.digest(of: path) }
    }
  }

  func read(_ path: String) -> FileReading {
    note(path)
    let reading = disk.read(path)
    if case .text(let text) = reading { digestsAtReading.withLock { $0[absolute(path)] = ContentDigest.sha256(text) } }
    return reading
  }

  func kind(_ path: String) -> FileKind? { disk.kind(path) }
  func names(in folder: String) -> [String] { disk.names(in: folder) }
  func canonicalPath(_ path: String) -> String { disk.canonicalPath(path) }
  var workingDirectory: String { disk.workingDirectory }

  /// Digests of the texts that a parser read, as it read them, by absolute path.
  var digests: [String: String] { digestsAtReading.withLock { $0 } }

  private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(workingDirectory)/\(path)" }

  /// Every file noted, and those in folders noted, by path from the working directory.
  var sources: [Plan.Source] {
    let noted = paths.withLock { $0 }
    let files = Set(noted.flatMap { Self.files(under: $0) }.map { shown($0) })
    return files.sorted().map { Plan.Source(path: $0, digest: Self.digest(of: $0)) }
  }

  private func shown(_ path: String) -> String {
    let prefix = workingDirectory + "/"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }

  private static func files(under path: String) -> [String] {
    guard TextFile.isDirectory(path) else { return TextFile.exists(path) ? [path] : [] }
    return (TextFile.names(in: path) ?? []).flatMap { files(under: "\(path)/\($0)") }
  }

  /// SHA-256 of a file's bytes; empty where there is none.
  static func digest(of path: String) -> String {
    (try? TextFile.bytes(of: path)).map { ContentDigest.sha256($0) } ?? ""
  }
}
