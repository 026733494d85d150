import Foundation
import Model
import ModuleLibrary
import Templating
import Transport

/// `copy`: a file, a tree, or content from the runbook, onto the host; or from one place of the host to another.
package struct CopyAction: Action {
  package static let name = "copy"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let destination = step.text("dest") else { throw .message("dest is required") }
    if let content = step.arguments["content"], content != .null {
      return ActionOutcome(try await install(FileContent(contentBytes(content)), named: nil, at: destination, step))
    }
    guard let name = step.text("src"), !name.isEmpty else { throw .message("src (or content) is required") }
    if step.flag("remote_src") {
      return ActionOutcome(try await RemoteCopy(step: step, source: name, destination: destination).run())
    }
    let source = try step.files.require(name.hasSuffix("/") ? String(name.dropLast()) : name, in: "files")
    if step.files.isFolder(source) {
      let tree = TreeCopy(step: step, source: source, copiesContent: name.hasSuffix("/"), destination: destination)
      return ActionOutcome(try await tree.run())
    }
    return ActionOutcome(try await install(FileContent(ofLocal: source, step.files), named: source, at: destination, step))
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
    _ content: FileContent, named source: String?, at destination: String, _ step: ActionStep
  ) async throws(ActionFailure) -> StepResult {
    var path = destination
    var seen = try await step.readDestination(path)
    if path.hasSuffix("/") || seen.kind == .directory {
      guard let source else { throw .message("can not use content with a dir as dest") }
      path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/" + source.lastPart
      seen = try await step.readDestination(path)
    }
    if destination.hasSuffix("/"), seen.kind == .absent, !seen.hasParent, !step.isCheck {
      _ = try await step.makeFolder(path.directoryPart)
      seen.hasParent = true
    }
    if !step.flag("follow") { seen.realPath = nil }
    if let wanted = step.text("checksum"), wanted != content.sha1 {
      throw .message("Copied file does not match the expected checksum. Transfer failed.")
    }
    var install = FileInstall(step: step, path: path, content: content)
    install.onlyIfAbsent = step.writesOnlyIfAbsent
    install.source = source
    if let source, step.preservesMode { install.preservedMode = step.files.mode(of: source) }
    var result = try await install.run(seen: seen)
    if let source, result.status == .changed { result.fields["src"] = .string(source) }
    return result
  }
}

extension ActionStep {
  var preservesMode: Bool { text("mode") == "preserve" }
}

extension ControllerFiles {
  func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// Permission bits as octal digits.
  func mode(of path: String) -> String? {
    var info = stat()
    guard stat(path, &info) == 0 else { return nil }
    return "0" + String(info.st_mode & 0o7777, radix: 8)
  }
}
