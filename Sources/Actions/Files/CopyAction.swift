import Foundation
import Model
import ModuleLibrary
import Templating
import Transport

/// `copy`: a file, a tree, or content from the runbook, onto the host; or from one place of the host to another.
package struct CopyAction: Action {
  package static let name = "copy"
  /// What `remote_src` moves by way of the controller.
  static let remoteSourceBytesMax = 256 << 20
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let destination = step.text("dest") else { throw .message("dest is required") }
    if let content = step.arguments["content"], content != .null {
      return ActionOutcome(try await install(contentBytes(content), named: nil, at: destination, step))
    }
    guard let name = step.text("src"), !name.isEmpty else { throw .message("src (or content) is required") }
    if step.flag("remote_src") { return ActionOutcome(try await copyOnHost(name, destination, step)) }
    let source = try step.files.require(name.hasSuffix("/") ? String(name.dropLast()) : name, in: "files")
    if isFolder(source) {
      let tree = TreeCopy(step: step, source: source, copiesContent: name.hasSuffix("/"), destination: destination)
      return ActionOutcome(try await tree.run())
    }
    return ActionOutcome(try await install(step.files.read(source), named: source, at: destination, step))
  }

  /// What is not text becomes JSON.
  private func contentBytes(_ content: Value) -> [UInt8] {
    switch content.revealed {
    case .string(let text): Array(text.utf8)
    case .dict, .list: Array(content.revealed.json(JSONEncoding(revealingSecrets: true)).utf8)
    default: Array(content.revealed.pythonText.utf8)
    }
  }

  private func install(
    _ bytes: [UInt8], named source: String?, at destination: String, _ step: ActionStep
  ) async throws(ActionFailure) -> StepResult {
    var path = destination
    var seen = try await step.readFile(path, follow: true, contentBytesMax: FileInstall.diffBytesMax)
    if path.hasSuffix("/") || seen.kind == .directory {
      guard let source else { throw .message("can not use content with a dir as dest") }
      path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/" + source.lastPart
      seen = try await step.readFile(path, follow: true, contentBytesMax: FileInstall.diffBytesMax)
    }
    if !step.flag("follow") { seen.realPath = nil }
    if let wanted = step.text("checksum"), wanted != Digest.sha1(bytes).hex {
      throw .message("Copied file does not match the expected checksum. Transfer failed.")
    }
    var install = FileInstall(step: step, path: path, content: bytes)
    install.onlyIfAbsent = step.arguments["force"]?.bool == false
    install.source = source
    return try await install.run(seen: seen)
  }

  private func copyOnHost(_ source: String, _ destination: String, _ step: ActionStep) async throws(ActionFailure) -> StepResult {
    let file = try await step.readFile(source, contentBytesMax: Self.remoteSourceBytesMax)
    switch file.kind {
    case .absent: throw .message("Source \(source) not found")
    case .directory:
      throw .message("copy with remote_src of a directory (\(source)) is not supported yet; use command: cp -a")
    case .file, .link, .block, .char, .fifo, .socket: break
    }
    guard let bytes = file.content else {
      throw .message("\(source) has \(file.size) bytes; copy with remote_src takes up to \(Self.remoteSourceBytesMax)")
    }
    var result = try await install(bytes, named: source, at: destination, step)
    result.fields["src"] = .string(source)
    return result
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

/// Copies a folder with all that is in it. One look at the whole tree, then one request for each file that differs.
struct TreeCopy: Sendable {
  let step: ActionStep
  let source: String
  /// `src` ended in a slash: the folder's content goes into `dest`, not the folder itself.
  let copiesContent: Bool
  let destination: String

  func run() async throws(ActionFailure) -> StepResult {
    let root = (destination.hasSuffix("/") ? String(destination.dropLast()) : destination)
      + (copiesContent ? "" : "/" + source.lastPart)
    var isChanged = false
    var diffs: [FileDiff] = []
    let entries = try entries()
    for folder in [""] + entries.folders {
      let result = await step.host.runModule("file", folderArguments(root + folder))
      if result.status == .failed || result.status == .unreachable { throw .failed(result) }
      isChanged = isChanged || result.status == .changed
    }
    for file in entries.files {
      var install = FileInstall(step: step, path: root + file, content: try step.files.read(source + file))
      install.onlyIfAbsent = step.arguments["force"]?.bool == false
      install.source = source + file
      let result = try await install.run()
      if result.status == .failed { throw .failed(result) }
      isChanged = isChanged || result.status == .changed
      diffs += result.diffs
    }
    let fields: Value.Dict = ["changed": .bool(isChanged), "dest": .string(destination), "src": .string(source)]
    return StepResult(isChanged ? .changed : .ok, fields, diffs: diffs)
  }

  private func folderArguments(_ path: String) -> Value.Dict {
    var arguments: Value.Dict = ["path": .string(path), "state": "directory"]
    for name in ["owner", "group"] as [Value] {
      if let value = step.arguments[name], value != .null { arguments[name] = value }
    }
    if let mode = step.arguments["directory_mode"], mode != .null { arguments["mode"] = mode }
    return arguments
  }

  private func entries() throws(ActionFailure) -> (folders: [String], files: [String]) {
    guard let found = FileManager.default.enumerator(atPath: source) else { throw .message("cannot read \(source)") }
    var folders: [String] = [], files: [String] = []
    for case let name as String in found {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(source)/\(name)", isDirectory: &isFolder)
      if isFolder.boolValue { folders.append("/\(name)") } else { files.append("/\(name)") }
    }
    return (folders.sorted(), files.sorted())
  }
}
