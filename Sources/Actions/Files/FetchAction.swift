import Foundation
import Model
import ModuleLibrary
import Transport

/// `fetch`: a file of the host onto the controller, under `dest/HOST/path`.
package struct FetchAction: Action {
  package static let name = "fetch"
  /// Smaller files come with the first look; larger ones only if they differ.
  static let inlineBytesMax = 64 << 10
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    for name in ["src", "dest"] where step.arguments[.string(name)].map({ $0.list != nil || $0.dict != nil }) == true {
      throw .message("Invalid type supplied for \(name == "src" ? "source" : name) option, it must be a string")
    }
    guard let source = step.text("src"), let dest = step.text("dest"), !dest.isEmpty else {
      throw .message("src and dest are required")
    }
    if step.isCheck {
      return ActionOutcome(
        StepResult(.skipped, ["changed": false, "msg": "check mode not (yet) supported for this module"]))
    }
    let file = try await step.readFile(source, contentBytesMax: Self.inlineBytesMax)
    if let refusal = refusal(of: file, source, step) {
      if refusal.status == .failed { throw .failed(refusal) }
      return ActionOutcome(refusal)
    }
    let target = try FetchTarget(
      dest: dest, isFlat: step.flag("flat"), baseDirectory: step.playbookDirectory, host: step.scope.host.name,
      source: file.path
    ).path()
    return ActionOutcome(try await fetch(file, named: source, to: target, step))
  }

  private func refusal(of file: RemoteFile, _ source: String, _ step: ActionStep) -> StepResult? {
    let isFailure = step.arguments["fail_on_missing"]?.bool ?? true
    let message: String
    switch file.kind {
    case .file where file.isUnreadable, .absent where file.isUnreadable:
      message = "File is not readable: \(source): Permission denied" + (isFailure ? "" : ", not transferring, ignored")
    case .absent: message = "the remote file does not exist, not transferring, ignored"
    case .directory:
      message = "remote file is a directory, fetch cannot work on directories"
        + (isFailure ? "" : ", not transferring, ignored")
    case .file: return nil
    case .link, .block, .char, .fifo, .socket: message = "\(source) is not a file but a \(file.kind.rawValue)"
    }
    if isFailure { return .failed(message, ["changed": false]) }
    return StepResult(.ok, ["changed": false, "file": .string(source), "msg": .string(message)])
  }

  private func fetch(
    _ file: RemoteFile, named source: String, to path: String, _ step: ActionStep
  ) async throws(ActionFailure) -> StepResult {
    if let old = FileManager.default.contents(atPath: path), let sum = file.checksum, Digest.sha1(Array(old)).hex == sum {
      return StepResult(
        .ok,
        [
          "changed": false, "checksum": .string(sum), "dest": .string(path), "file": .string(source),
          "md5sum": Digest.md5Value(Array(old)),
        ])
    }
    let bytes: [UInt8]
    if let content = file.content {
      bytes = content
    } else {
      do throws(TransportError) {
        bytes = try await step.host.download(path: file.path, bytesMax: .max)
      } catch { throw .transport(error) }
    }
    let sum = Digest.sha1(bytes).hex
    var fields: Value.Dict = [
      "checksum": .string(sum), "dest": .string(path), "md5sum": Digest.md5Value(bytes),
      "remote_checksum": file.checksum.map(Value.string) ?? .null, "remote_md5sum": .null,
    ]
    if step.arguments["validate_checksum"]?.bool ?? true, let remote = file.checksum, remote != sum {
      fields["file"] = .string(source)
      throw .failed(.failed("checksum mismatch", fields))
    }
    try LocalFile(path: path).write(bytes)
    fields["changed"] = true
    return StepResult(.changed, fields)
  }
}

/// Where a fetched file goes. Neither a host's name nor a path that it reports leads out of `dest`.
struct FetchTarget {
  let dest: String
  let isFlat: Bool
  let baseDirectory: String
  let host: String
  let source: String

  func path() throws(ActionFailure) -> String {
    let folder = absolute(dest)
    if isFlat { return try flatPath(folder) }
    guard !host.isEmpty, host != ".", host != "..", !host.contains("/"), !host.contains("\0") else {
      throw .message("the host's name '\(host)' can't be the name of a folder for what is fetched from it")
    }
    return normalized("\(folder)/\(host)") + normalized("/" + source)
  }

  private func flatPath(_ folder: String) throws(ActionFailure) -> String {
    guard dest.hasSuffix("/") else {
      guard !isFolder(folder) else {
        throw .message("dest is an existing directory, use a trailing slash if you want to fetch src into that directory")
      }
      return folder
    }
    let name = source.lastPart
    guard !name.isEmpty, ![".", "..", "/"].contains(name) else { throw .message("'\(source)' is not the path of a file") }
    let path = folder == "/" ? "/" + name : "\(folder)/\(name)"
    guard !isFolder(path) else {
      throw .message(
        "calculated dest '\(path)' is an existing directory, use another path that does not point to an existing directory")
    }
    return path
  }

  private func absolute(_ path: String) -> String {
    if path.hasPrefix("~") { return normalized(NSString(string: path).expandingTildeInPath) }
    return normalized(path.hasPrefix("/") ? path : "\(baseDirectory)/\(path)")
  }

  /// Without `.` and `..`; nothing is above the root.
  private func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}

extension ActionStep {
  /// The folder of the playbook: what relative names of the controller's files begin with.
  var playbookDirectory: String {
    if case .value(let value)? = scope.variable(named: "playbook_dir"), let path = value.string { return path }
    return files.directories.last ?? "."
  }
}
