import Model

/// The files that a parser reads: the disk, or a test's.
package protocol SourceFiles: Sendable {
  func read(_ path: String) -> FileReading
  /// Nil where there is nothing; links are followed.
  func kind(_ path: String) -> FileKind?
  /// The names in a folder, sorted; empty where there is none.
  func names(in folder: String) -> [String]
  /// The one path of a file that may be reached by many.
  func canonicalPath(_ path: String) -> String
  /// What relative paths are relative to; empty where all paths are.
  var workingDirectory: String { get }
}

extension SourceFiles {
  /// From the root, links not looked at.
  package func absolutePath(_ path: String) -> String {
    if workingDirectory.isEmpty { return path }
    return SourcePath.normalized(SourcePath.joined(workingDirectory, path))
  }

  /// As a user in the working directory would name a file.
  func shownPath(_ path: String) -> String {
    let prefix = workingDirectory + "/"
    return prefix.count > 1 && path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}

package enum FileKind: Sendable { case file, folder }

package enum FileReading: Sendable {
  case text(String)
  case missing
  /// In words: `permission denied`, `it is a folder`.
  case unreadable(String)
}

/// Files that stand in memory, by path.
package struct MemoryFiles: SourceFiles {
  private let texts: [String: String]

  package init(_ texts: [String: String]) {
    self.texts = Dictionary(uniqueKeysWithValues: texts.map { (SourcePath.normalized($0.key), $0.value) })
  }

  package func read(_ path: String) -> FileReading {
    texts[SourcePath.normalized(path)].map(FileReading.text) ?? .missing
  }

  package func kind(_ path: String) -> FileKind? {
    let path = SourcePath.normalized(path)
    if texts[path] != nil { return .file }
    return path == "." || texts.keys.contains { $0.hasPrefix(path + "/") } ? .folder : nil
  }

  package func names(in folder: String) -> [String] {
    let prefix = SourcePath.normalized(folder) + "/"
    let names = texts.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count).prefix { $0 != "/" } }
    return Set(names.map(String.init)).sorted()
  }

  package func canonicalPath(_ path: String) -> String { SourcePath.normalized(path) }

  package var workingDirectory: String { "" }
}
