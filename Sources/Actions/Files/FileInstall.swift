import Model
import ModuleLibrary
import Templating
import Transport

/// Gives a file on the host its content, owner, group and mode: looks once, and writes only what differs. What `copy`,
/// `template`, `assemble` and the line editors have in common.
struct FileInstall: Sendable {
  /// Contents up to this size come back with the first look; larger files are compared by checksum.
  static let inlineBytesMax = 64 << 10
  /// Larger files are not shown as a diff, as in the reference (`max_diff_size`).
  static let diffBytesMax = 104_448

  let step: ActionStep
  var path: String
  var content: FileContent
  /// Instead of the argument `mode`, where that says `preserve`.
  var preservedMode: String?
  /// Only where the file is not there yet: `force: false`. What is there is left as it is, its owner and mode too, as in the reference.
  var onlyIfAbsent = false
  /// Folders above it that are missing are made, as the line editors do.
  var makesFolders = false
  /// What the new side of a diff is called.
  var source: String?

  /// Looks, compares, writes. `seen` is what is already known of the file.
  func run(seen: RemoteFile? = nil) async throws(ActionFailure) -> StepResult {
    let contentMax = step.isDiff ? Self.diffBytesMax : Self.inlineBytesMax
    var before: RemoteFile
    if let seen { before = seen } else { before = try await step.readFile(path, contentBytesMax: contentMax) }
    if before.kind == .absent, !before.hasParent, !step.isCheck, !makesFolders {
      throw .message("Destination directory \(path.directoryPart) does not exist")
    }
    if isLeft(before) { return StepResult(.ok, ["changed": false, "dest": .string(path)]) }
    if isSame(before) { return try await settleAttributes(before, checksum: content.sha1) }
    return try await replace(before, checksum: content.sha1)
  }

  /// What is on the host has this content.
  private func isSame(_ before: RemoteFile) -> Bool {
    before.kind == .file && before.size == content.size && before.checksum == content.sha1
  }

  private func isLeft(_ before: RemoteFile) -> Bool { onlyIfAbsent && before.kind != .absent }

  /// The write of new content that can travel with others, nil where it must go by itself or where nothing is to be written. What
  /// the file has and keeps is spelt out.
  func batchedWrite(over before: RemoteFile) throws(ActionFailure) -> RemoteFile.Write? {
    guard !isLeft(before), !isSame(before), target(before) == path, before.linkTarget == nil, let bytes = content.bytes,
      bytes.count <= Self.inlineBytesMax
    else { return nil }
    var write = try replacement(before, content: .bytes(bytes))
    if before.kind == .file {
      write.mode = write.mode ?? before.octalMode
      write.owner = write.owner ?? String(before.uid)
      write.group = write.group ?? String(before.gid)
    }
    return RemoteFile.Batch.takes(write) ? write : nil
  }

  private func replacement(
    _ before: RemoteFile, content: RemoteFile.Write.Content
  ) throws(ActionFailure) -> RemoteFile.Write {
    var write = try attributes(RemoteFile.Write(path: target(before), content: content))
    if makesFolders, !before.hasParent { write.missingFolder = path.directoryPart }
    write.expectation = before.kind == .absent ? .absent : before.checksum.map { .sha1($0) } ?? .any
    write.keepsBackup = step.flag("backup")
    write.validate = try validation()
    write.allowsUnsafeWrites = step.flag("unsafe_writes")
    return write
  }

  private func replace(_ before: RemoteFile, checksum: String) async throws(ActionFailure) -> StepResult {
    var result = try await step.write(try replacement(before, content: try await content.brought(beside: before.path, step)))
    if result.status == .ok { result.status = .changed }
    result.fields["path"] = nil
    result.fields["dest"] = .string(path)
    result.fields["checksum"] = .string(checksum)
    if let md5 = content.md5 { result.fields["md5sum"] = .string(md5) }
    result.fields["changed"] = .bool(result.status == .changed)
    if step.isDiff { result.diffs = [diff(before)] }
    return result
  }

  /// The content is right: owner, group and mode may still differ. Costs no second look where they can be told to agree.
  private func settleAttributes(_ before: RemoteFile, checksum: String) async throws(ActionFailure) -> StepResult {
    var result: StepResult
    let write = try attributes(RemoteFile.Write(path: target(before), content: .unchanged))
    if before.agrees(owner: write.owner, group: write.group, mode: write.mode) {
      result = StepResult(.ok, before.stateFields)
    } else {
      result = try await step.write(write)
    }
    result.fields["path"] = .string(path)
    result.fields["dest"] = .string(path)
    result.fields["checksum"] = .string(checksum)
    result.fields["changed"] = .bool(result.status == .changed)
    return result
  }

  /// A link is written through where `follow` says so, and always by the line editors.
  private func target(_ before: RemoteFile) -> String { before.realPath ?? path }

  private func attributes(_ write: RemoteFile.Write) throws(ActionFailure) -> RemoteFile.Write {
    var write = write
    write.owner = step.text("owner")
    write.group = step.text("group")
    write.mode = step.fileMode("mode") ?? preservedMode
    return write
  }

  private func validation() throws(ActionFailure) -> [String] {
    guard let command = step.text("validate"), !command.isEmpty else { return [] }
    guard command.contains("%s") else { throw .message("validate must contain %s: \(command)") }
    do { return try ShellWords.split(command) } catch { throw .message("validate can't be split into words: \(command)") }
  }

  func diff(_ before: RemoteFile) -> FileDiff {
    let after = source ?? path
    func note(_ text: String) -> FileDiff {
      FileDiff(beforeHeader: path, afterHeader: after, body: .note(text), beforeDigest: before.checksum)
    }
    if content.isSecret { return note("diff skipped: the source is sealed in a vault") }
    if content.isOfHost { return note("diff skipped: the source is a file of the host") }
    guard let content = content.bytes, content.count <= Self.diffBytesMax, before.size <= Self.diffBytesMax else {
      return note("diff skipped: source file size is greater than \(Self.diffBytesMax)")
    }
    let old = before.content ?? []
    if old.contains(0) || content.contains(0) { return note("diff skipped: binary file") }
    return FileDiff(
      beforeHeader: path, afterHeader: after,
      body: .text(before: String(decoding: old, as: UTF8.self), after: String(decoding: content, as: UTF8.self)))
  }
}

extension ActionStep {
  /// What is where a whole file is to be put; its content comes along where that will be compared.
  func readDestination(_ path: String) async throws(ActionFailure) -> RemoteFile {
    var query = RemoteFile.Query([path])
    query.wantsChecksum = !writesOnlyIfAbsent
    query.wantsAttributes = !writesOnlyIfAbsent
    query.contentBytesMax = writesOnlyIfAbsent ? 0 : FileInstall.diffBytesMax
    return try await readFiles(query)[0]
  }

  var writesOnlyIfAbsent: Bool { arguments["force"]?.bool == false }

  /// A file mode as given: a number is octal digits already read as a number, a text may be octal or symbolic.
  func fileMode(_ name: Value) -> String? {
    switch arguments[name]?.revealed {
    case .int(let bits): "0" + String(bits, radix: 8)
    case .string(let text) where text == "preserve": nil
    case .string(let text): text
    default: nil
    }
  }
}

extension RemoteFile {
  /// True where what is asked for can be told to be so already.
  func agrees(owner: String?, group: String?, mode: String?) -> Bool {
    if let owner, owner != self.owner, owner != String(uid) { return false }
    if let group, group != self.group, group != String(gid) { return false }
    if let mode { return FileMode.bits(of: mode, from: self.mode, isFolder: kind == .directory) == self.mode }
    return true
  }

  var stateFields: Value.Dict {
    [
      "uid": .int(uid), "gid": .int(gid), "owner": .string(owner), "group": .string(group),
      "mode": .string(octalMode), "state": .string(linkCount > 1 ? "hard" : "file"), "size": .int(size),
    ]
  }

  var octalMode: String {
    let digits = String(mode, radix: 8)
    return "0" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

extension String {
  /// The folder of a path; `.` where it names none.
  var directoryPart: String {
    lastIndex(of: "/").map { $0 == startIndex ? "/" : String(self[..<$0]) } ?? "."
  }

  /// The last part of a path.
  var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}
