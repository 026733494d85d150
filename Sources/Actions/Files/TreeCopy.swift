import Model
import ModuleLibrary
import Transport

/// Copies a folder of the controller with all that is in it. One look at the whole tree, then requests for what differs: small
/// files go many at a time.
struct TreeCopy: Sendable {
  let step: ActionStep
  let source: String
  /// `src` ended in a slash: the folder's content goes into `dest`, not the folder itself.
  let copiesContent: Bool
  let destination: String

  /// Paths in one look.
  private static let pathsPerRequest = 250

  func run() async throws(ActionFailure) -> StepResult {
    let folder = destination.hasSuffix("/") && destination != "/" ? String(destination.dropLast()) : destination
    let root = copiesContent ? folder : folder + "/" + source.lastPart
    let tree = try LocalTree(source, followsLinks: step.arguments["local_follow"]?.bool ?? true)
    var changes = Changes()
    try await makeFolders(([""] + tree.folders).map { root + $0 }, &changes)
    var batch = RemoteFile.Batch()
    for (path, seen) in zip(tree.files, try await look(at: tree.files.map { root + $0 }, follow: true)) {
      let (install, seen) = (try install(path, root), looked(seen))
      guard let write = try install.batchedWrite(over: seen) else {
        changes.take(try await result(of: install, over: seen))
        continue
      }
      changes.take(StepResult(.changed, diffs: step.isDiff ? [install.diff(seen)] : []))
      if step.isCheck { continue }
      batch.add(write)
      if batch.count >= Self.filesPerRequest || batch.bytes >= Self.bytesPerRequest { try await send(&batch) }
    }
    try await send(&batch)
    for (link, seen) in zip(tree.links, try await look(at: tree.links.map { root + $0.path }, follow: false))
    where seen.linkTarget != link.target {
      changes.take(try await module("file", linkArguments(seen.path, link.target)))
    }
    let fields: Value.Dict = [
      "changed": .bool(changes.isChanged), "dest": .string(folder + "/"),
      "src": .string(copiesContent ? source + "/" : source),
    ]
    return StepResult(changes.isChanged ? .changed : .ok, fields, diffs: changes.diffs)
  }

  private struct Changes {
    var isChanged = false
    var diffs: [FileDiff] = []

    mutating func take(_ result: StepResult) {
      isChanged = isChanged || result.status == .changed
      diffs += result.diffs
    }
  }

  private func look(at paths: [String], follow: Bool) async throws(ActionFailure) -> [RemoteFile] {
    var seen: [RemoteFile] = []
    for start in stride(from: 0, to: paths.count, by: Self.pathsPerRequest) {
      var query = RemoteFile.Query(Array(paths[start..<min(start + Self.pathsPerRequest, paths.count)]))
      query.follow = follow
      query.wantsChecksum = true
      query.contentBytesMax = step.isDiff ? FileInstall.diffBytesMax : 0
      seen += try await step.readFiles(query)
    }
    return seen
  }

  private func install(_ path: String, _ root: String) throws(ActionFailure) -> FileInstall {
    var install = FileInstall(step: step, path: root + path, content: try FileContent(ofLocal: source + path, step.files))
    install.onlyIfAbsent = step.writesOnlyIfAbsent
    install.source = source + path
    if step.preservesMode { install.preservedMode = step.files.mode(of: source + path) }
    return install
  }

  private func looked(_ seen: RemoteFile) -> RemoteFile {
    var seen = seen
    if !step.flag("follow") { seen.realPath = nil }
    // The folder was made a moment ago, behind the look's back.
    seen.hasParent = true
    return seen
  }

  private func result(of install: FileInstall, over seen: RemoteFile) async throws(ActionFailure) -> StepResult {
    let result = try await install.run(seen: seen)
    if result.status == .failed { throw .failed(result) }
    return result
  }

  // MARK: small files

  private static let filesPerRequest = 250
  private static let bytesPerRequest = 2 << 20

  private func send(_ batch: inout RemoteFile.Batch) async throws(ActionFailure) {
    if batch.count > 0 { try await step.write(batch) }
    batch = RemoteFile.Batch()
  }

  // MARK: folders and links

  /// The first of them is the tree's root: its parents may have to be made, too.
  private func makeFolders(_ paths: [String], _ changes: inout Changes) async throws(ActionFailure) {
    let mode = step.fileMode("directory_mode")
    let isPlain = mode.map { Int($0, radix: 8) != nil } ?? true
    var missing: [String] = []
    for seen in try await look(at: paths, follow: true) where !isRight(seen) {
      if seen.kind == .absent, seen.linkTarget == nil, isPlain, seen.path != paths[0] {
        missing.append(seen.path)
      } else {
        changes.take(try await step.makeFolder(seen.path))
      }
    }
    if !missing.isEmpty { changes.isChanged = true }
    if !missing.isEmpty, !step.isCheck { try await step.makeFolders(missing, mode: mode) }
  }

  /// A folder that is there with what is asked for; a symbolic mode is left to the host.
  private func isRight(_ seen: RemoteFile) -> Bool {
    seen.kind == .directory
      && seen.agrees(owner: step.text("owner"), group: step.text("group"), mode: step.fileMode("directory_mode"))
  }

  private func module(_ name: String, _ arguments: Value.Dict) async throws(ActionFailure) -> StepResult {
    let result = await step.host.runModule(name, arguments)
    if result.status == .failed || result.status == .unreachable { throw .failed(result) }
    return result
  }

  private func linkArguments(_ path: String, _ target: String) -> Value.Dict {
    ["path": .string(path), "src": .string(target), "state": "link", "force": true, "follow": false]
  }
}

extension ActionStep {
  /// A folder on the way of a copy, and those above it that are missing: with the step's owner and group, and `directory_mode`.
  func makeFolder(_ path: String) async throws(ActionFailure) -> StepResult {
    var arguments: Value.Dict = ["path": .string(path), "state": "directory"]
    for name in ["owner", "group"] as [Value] {
      if let value = self.arguments[name], value != .null { arguments[name] = value }
    }
    if let mode = fileMode("directory_mode") { arguments["mode"] = .string(mode) }
    let result = await host.runModule("file", arguments)
    if result.status == .failed || result.status == .unreachable { throw .failed(result) }
    return result
  }
}
