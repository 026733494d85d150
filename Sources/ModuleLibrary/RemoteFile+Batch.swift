import Model
import Transport

extension RemoteFile {
  /// Many small files with content that is in memory, by one request. What is asked for must be plain: see `Batch.takes`.
  package struct Batch: Sendable {
    package private(set) var count = 0
    package private(set) var bytes = 0
    private var folders: [(path: String, files: [Write])] = []
    private var places: [String: Int] = [:]

    package init() {}

    /// Whether a write can travel with others: new content, no backup, validation nor writing in place, a mode in octal digits,
    /// and a name that `sha1sum -c` reads as it is.
    package static func takes(_ write: Write) -> Bool {
      guard case .bytes = write.content, write.expectation != .any, !write.keepsBackup, write.validate.isEmpty,
        !write.allowsUnsafeWrites, write.path.contains("/")
      else { return false }
      let hasPlainMode = write.mode.map { Int($0, radix: 8) != nil } ?? true
      return hasPlainMode && !write.path.utf8.contains { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "\\") || $0 < 0x20 }
    }

    package mutating func add(_ write: Write) {
      precondition(Self.takes(write), "a write that can't travel with others came into a batch: this is a bug in Martlet")
      let folder = String(write.path[..<(write.path.lastIndex(of: "/") ?? write.path.startIndex)])
      if let place = places[folder] {
        folders[place].files.append(write)
      } else {
        places[folder] = folders.count
        folders.append((folder, [write]))
      }
      count += 1
      bytes += write.bytes.count
    }

    /// The answer is ok, or the failure of the first file that could not be written; folders before its own are in place then.
    package func write(catalog: ModuleCatalog) throws(ModuleCatalogError) -> RemoteCall<Void> {
      var lines: [String] = [], stdin: [UInt8] = []
      for folder in folders { lines += BatchedFolder(path: folder.path, files: folder.files).lines(&stdin) }
      if !stdin.isEmpty { lines.insert("remote_keep", at: 0) }
      return try RemoteFile.done(by: lines.joined(separator: "\n"), stdin: stdin, catalog: catalog)
    }
  }

  /// Makes folders whose parents are there or come before them. `mode` is octal digits.
  package static func makeFolders(
    _ paths: [String], owner: String?, group: String?, mode: String?, catalog: ModuleCatalog
  ) throws(ModuleCatalogError) -> RemoteCall<Void> {
    let words = [ShellText.quoted(ownership(owner, group) ?? ""), ShellText.quoted(mode ?? "")] + paths.map(ShellText.path)
    return try done(by: "remote_folders \(words.joined(separator: " "))", catalog: catalog)
  }

  private static func done(
    by text: String, stdin: [UInt8] = [], catalog: ModuleCatalog
  ) throws(ModuleCatalogError) -> RemoteCall<Void> {
    let call = RemoteScript(call: text, arguments: [])
    var request = try call.request(catalog: catalog)
    request.stdin = stdin
    return RemoteCall(request: request) { response in
      let result = call.result(of: response)
      return result.status == .failed ? .failure(StepFailure(result)) : .success(())
    }
  }

  /// As chown takes it.
  fileprivate static func ownership(_ owner: String?, _ group: String?) -> String? {
    owner == nil && group == nil ? nil : (owner ?? "") + (group.map { ":" + $0 } ?? "")
  }
}

/// The shell text that writes the files of one folder.
private struct BatchedFolder {
  let path: String
  let files: [RemoteFile.Write]

  /// Bytes that no shell text can hold go to `stdin`.
  func lines(_ stdin: inout [UInt8]) -> [String] {
    let new = files.filter { $0.expectation == .absent }
    let old = files.compactMap { file in
      if case .sha1(let sum) = file.expectation { "\(sum)  \(file.name)\n" } else { nil }
    }
    var lines = ["remote_enter \(path.isEmpty ? "/" : ShellText.path(path))"]
    if !new.isEmpty { lines.append("remote_absent \(names(of: new))") }
    if !old.isEmpty { lines.append("remote_unchanged \(ShellText.quoted(old.joined()))") }
    lines += files.map { $0.line(&stdin) }
    lines.append("remote_whole " + ShellText.quoted(files.map { "\(Digest.sha1($0.bytes).hex)  \($0.name)\n" }.joined()))
    lines += setting("remote_owner", \.ownership) + setting("remote_mode", \.mode)
    lines.append("remote_leave \(names(of: files))")
    return lines
  }

  /// One call for all files that shall have the same.
  private func setting(_ function: String, _ wanted: (RemoteFile.Write) -> String?) -> [String] {
    let groups = Dictionary(grouping: files.filter { wanted($0) != nil }) { wanted($0) ?? "" }
    return groups.sorted { $0.key < $1.key }.map { "\(function) \(ShellText.quoted($0.key)) \(names(of: $0.value))" }
  }

  private func names(of files: [RemoteFile.Write]) -> String { files.map { ShellText.quoted($0.name) }.joined(separator: " ") }
}

extension RemoteFile.Write {
  fileprivate var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }

  fileprivate var bytes: [UInt8] { if case .bytes(let bytes) = content { bytes } else { [] } }

  fileprivate var ownership: String? { RemoteFile.ownership(owner, group) }

  fileprivate func line(_ stdin: inout [UInt8]) -> String {
    if !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) {
      return "remote_text \(ShellText.quoted(name)) \(ShellText.quoted(text))"
    }
    stdin += bytes
    return "remote_bytes \(ShellText.quoted(name)) \(stdin.count - bytes.count + 1) \(bytes.count)"
  }
}
