import Model
import ModuleLibrary
import Transport

/// `copy` with `remote_src`: from one place of the host to another, without the way through the controller.
struct RemoteCopy: Sendable {
  let step: ActionStep
  let source: String
  let destination: String

  func run() async throws(ActionFailure) -> StepResult {
    var query = RemoteFile.Query([trimmed(source), destination])
    query.wantsChecksum = true
    let seen = try await step.readFiles(query)
    switch seen[0].kind {
    case .absent: throw .message("Source \(source) not found")
    case .directory: return try await copyTree(seen[0], onto: seen[1])
    case .file: return try await copyFile(seen[0], onto: seen[1])
    case .link, .block, .char, .fifo, .socket:
      throw .message("Cannot copy invalid source '\(source)': not a file but a \(seen[0].kind.rawValue)")
    }
  }

  private func trimmed(_ path: String) -> String { path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path }

  // MARK: a file

  private func copyFile(_ file: RemoteFile, onto place: RemoteFile) async throws(ActionFailure) -> StepResult {
    guard let content = FileContent(onHost: file) else {
      throw .message("Source \(source) not readable")
    }
    var path = destination, seen = place
    if path.hasSuffix("/") || seen.kind == .directory {
      path = trimmed(path) + "/" + source.lastPart
      var query = RemoteFile.Query([path])
      query.wantsChecksum = true
      seen = try await step.readFiles(query)[0]
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
    if step.preservesMode { install.preservedMode = file.octalMode }
    var result = try await install.run(seen: seen)
    result.fields["path"] = nil
    result.fields["src"] = .string(source)
    if result.status == .changed, let md5 = try await md5(of: path) { result.fields["md5sum"] = .string(md5) }
    if install.onlyIfAbsent, seen.kind != .absent { result.fields["msg"] = "file already exists" }
    return result
  }

  /// Of the new file; nil in check mode, and where the host can't tell.
  private func md5(of path: String) async throws(ActionFailure) -> String? {
    guard !step.isCheck else { return nil }
    let request = ShellRequest(script: "md5sum <\(ShellText.path(path)) 2>/dev/null | cut -c1-32")
    let response: ShellResponse
    do throws(TransportError) { response = try await step.host.run(request) } catch { throw .transport(error) }
    let sum = response.output.filter { !$0.isWhitespace }
    return sum.isEmpty ? nil : sum
  }

  // MARK: a tree

  private func copyTree(_ folder: RemoteFile, onto place: RemoteFile) async throws(ActionFailure) -> StepResult {
    if place.kind != .directory, place.kind != .absent {
      throw .message("cannot copy the folder \(source) onto \(destination): it is a \(place.kind.rawValue)")
    }
    let target = trimmed(destination) + (source.hasSuffix("/") ? "" : "/" + source.lastPart)
    let isCopied = try await copyEntries(from: trimmed(source), to: target)
    var arguments: Value.Dict = ["path": .string(target), "state": "directory"]
    for name in ["owner", "group"] as [Value] {
      // All that is in the folder gets them, links themselves too; the mode is the folder's own.
      guard let value = step.arguments[name], value != .null else { continue }
      arguments.merge([name: value, "recurse": true, "follow": false]) { $1 }
    }
    var result = try await settle(arguments)
    var isChanged = isCopied || result.status == .changed
    if let mode = step.fileMode("mode") {
      result = try await settle(["path": .string(target), "state": "directory", "mode": .string(mode)])
      isChanged = isChanged || result.status == .changed
    }
    result.status = isChanged ? .changed : .ok
    result.fields["path"] = nil
    result.fields["diff"] = nil
    result.fields["dest"] = .string(target)
    result.fields["src"] = .string(source)
    result.fields["changed"] = .bool(result.status == .changed)
    return result
  }

  private func settle(_ arguments: Value.Dict) async throws(ActionFailure) -> StepResult {
    let result = await step.host.runModule("file", arguments)
    if result.status == .failed || result.status == .unreachable { throw .failed(result) }
    return result
  }

  /// Copies what differs and says whether anything did. Modes and times of files come along, as in the reference.
  private func copyEntries(from source: String, to target: String) async throws(ActionFailure) -> Bool {
    let follows = step.arguments["local_follow"]?.bool ?? false
    var request = ShellRequest(
      script: """
        m_check=\(step.isCheck) m_force=\(step.arguments["force"]?.bool ?? true) m_to=\(ShellText.path(target))
        m_mode=\(ShellText.quoted(step.fileMode("directory_mode") ?? ""))
        m_follow=\(follows)
        export m_check m_force m_to m_mode m_follow
        case $m_to in /*) ;; *) m_to=$PWD/$m_to ;; esac
        cd -- \(ShellText.path(source)) || exit 1
        [ -d "$m_to" ] || { echo d; [ "$m_check" = false ] || exit 0; }
        [ "$m_check" = true ] || mkdir -p -- "$m_to" || exit 1
        find \(follows ? "-L " : ""). ! -name . -exec sh -c \(ShellText.quoted(Self.copyEach)) sh {} +
        """)
    request.outputBytesMax = 1 << 20
    let response: ShellResponse
    do throws(TransportError) { response = try await step.host.run(request) } catch { throw .transport(error) }
    if let failure = response.failure { throw .message("cannot copy \(source) to \(target): \(failure)") }
    return !response.output.isEmpty
  }

  /// Prints a letter for each entry that differed.
  private static let copyEach = """
    for m_name in "$@"; do
      m_new=$m_to/${m_name#./}
      if [ -L "$m_name" ] && { [ "$m_follow" = false ] || [ ! -e "$m_name" ]; }; then
        [ -L "$m_new" ] && [ "$(readlink -- "$m_name")" = "$(readlink -- "$m_new")" ] && continue
        [ "$m_force" = true ] || [ ! -e "$m_new" ] || continue
        echo l
        [ "$m_check" = true ] || { rm -f -- "$m_new" && cp -P -- "$m_name" "$m_new"; } || exit 1
      elif [ -d "$m_name" ]; then
        [ -d "$m_new" ] && continue
        echo d
        [ "$m_check" = true ] || { mkdir -- "$m_new" && chmod "${m_mode:-$(stat -c %a -- "$m_name")}" "$m_new"; } || exit 1
      elif [ -f "$m_name" ]; then
        if [ -e "$m_new" ]; then
          [ "$m_force" = true ] || continue
          cmp -s -- "$m_name" "$m_new" && continue
        fi
        echo f
        [ "$m_check" = true ] || cp -p -- "$m_name" "$m_new" || exit 1
      fi
    done
    """
}
