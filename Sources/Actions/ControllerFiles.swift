import Foundation
import Model
import Parsing

/// The controller's files as runbooks name them: relative names are looked for beside the task's file, in its role, and
/// beside the playbook.
package struct ControllerFiles: Sendable {
  /// Nearest first: the folder of the task's file, its roles, the play's folder.
  package var directories: [String]

  /// Told of every file that is found: a plan rests on them.
  private let note: @Sendable (String) -> Void
  /// Opens a vault's text; nil where files are taken as they lie there (`decrypt: false`).
  private let unseal: Unsealing?

  package typealias Unsealing = @Sendable (_ bytes: [UInt8]) throws(VaultFailure) -> [UInt8]

  package init(
    directories: [String], unseal: Unsealing? = nil, note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.directories = directories
    self.unseal = unseal
    self.note = note
  }

  /// Finds a file: in each folder first under `subfolder` (`files`, `templates`, `vars`), then directly.
  package func find(_ name: String, in subfolder: String?) -> String? {
    let found = candidates(name, in: subfolder).first { access($0, F_OK) == 0 }
    if let found { note(found) }
    return found
  }

  /// Every place where `find` looks, in its order.
  package func candidates(_ name: String, in subfolder: String?) -> [String] {
    if name.hasPrefix("/") { return [name] }
    if name.hasPrefix("~") { return [NSString(string: name).expandingTildeInPath] }
    var seen = Set<String>()
    return directories.flatMap { directory in
      [subfolder.map { "\(directory)/\($0)/\(name)" }, "\(directory)/\(name)"].compactMap { $0 }
    }.filter { seen.insert($0).inserted }
  }

  func isFile(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }

  /// Reads a file whole, opened where a vault sealed it; the error says which file and why.
  package func read(_ path: String) throws(ActionFailure) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .message("cannot read \(path) on the controller: \(String(cString: strerror(errno)))")
    }
    guard let unseal, Self.isSealed(data) else { return Array(data) }
    do throws(VaultFailure) { return try unseal(Array(data)) } catch {
      // The reference's sentence comes last: runbooks look for it there.
      let sentence = error.isWithoutPassword ? "; A vault password or secret must be specified to decrypt \(path)" : ""
      throw .message("cannot open \(path): \(error.message)\(error.advice.map { "; \($0)" } ?? "")\(sentence)")
    }
  }

  /// A vault's text that `read` opens: what it holds is secret.
  func isSealed(_ path: String) -> Bool {
    guard unseal != nil, let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    return (try? file.read(upToCount: Self.sealMark.count)).flatMap { $0 }.map(Self.isSealed) ?? false
  }

  private static let sealMark = Array("$ANSIBLE_VAULT;".utf8)

  private static func isSealed(_ data: Data) -> Bool { data.starts(with: sealMark) }
}

extension ControllerFiles {
  /// Finds a file or says where it was looked for.
  package func require(_ name: String, in subfolder: String?) throws(ActionFailure) -> String {
    if let path = find(name, in: subfolder) { return path }
    let places = candidates(name, in: subfolder).map { "\t\($0)" }.joined(separator: "\n")
    throw .message("Could not find or access '\(name)'\nSearched in:\n\(places)")
  }
}
