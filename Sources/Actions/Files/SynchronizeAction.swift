import Model
import ModuleLibrary
import Transport

/// `synchronize`: the controller's rsync copies trees to the host or from it, by a connection of its own.
package struct SynchronizeAction: Action {
  package static let name = "synchronize"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let source = step.text("src"), let dest = step.text("dest") else {
      throw .message("synchronize requires both src and dest parameters are set")
    }
    var command = RsyncCommand(arguments: step.arguments, isCheck: step.isCheck)
    if case .value(let value)? = step.scope.variable(named: "ansible_rsync_path"), let path = value.string { command.program = path }
    if let delegate = step.host.delegate, delegate != step.scope.host.name {
      throw .message(Self.refusal(of: delegate, step.scope.host.name))
    }
    let operands: [String]
    if step.host.delegate != nil || step.host.programConnection == nil {
      operands = step.host.delegate != nil ? [source, dest] : [local(source, step), local(dest, step)]
    } else {
      operands = try remote(source, dest, step, &command)
    }
    return ActionOutcome(try await result(of: command.words + ["--"] + operands, step))
  }

  /// What is copied and where it goes, one of them on the host.
  private func remote(
    _ source: String, _ dest: String, _ step: ActionStep, _ command: inout RsyncCommand
  ) throws(ActionFailure) -> [String] {
    let pulls = step.text("mode") == "pull"
    let (there, here) = pulls ? (source, local(dest, step)) : (dest, local(source, step))
    // A daemon of rsync is no matter of ssh.
    if there.hasPrefix("rsync://") { return pulls ? [there, here] : [here, there] }
    guard let connection = step.host.programConnection else { return [] }
    command.shellWords = Self.shellWords(connection, step)
    if step.text("rsync_path") == nil {
      guard let words = connection.becomeWords else {
        throw .message("synchronize cannot become another user by su: rsync has no dialogue on the host. Use sudo or doas, or set rsync_path")
      }
      command.becomeWords = words
    }
    let host = connection.host.contains(":") ? "[\(connection.host)]" : connection.host
    let user = step.flag("set_remote_user") ? connection.user.map { $0 + "@" } ?? "" : ""
    let place = "\(user)\(host):\(there)"
    return pulls ? [place, here] : [here, place]
  }

  /// ssh takes the first of several values.
  private static func shellWords(_ connection: ProgramConnection, _ step: ActionStep) -> [String] {
    var words = [connection.words[0]]
    if !step.flag("ssh_connection_multiplexing") { words += ["-S", "none"] }
    if let port = step.arguments["dest_port"]?.int { words += ["-p", "\(port)"] }
    if let key = step.text("private_key") { words += ["-i", key] }
    return words + connection.words.dropFirst()
  }

  /// A path of the controller; a slash at its end stays.
  private func local(_ path: String, _ step: ActionStep) -> String {
    if path.hasPrefix("/") || path.hasPrefix("rsync://") { return path }
    let found = step.files.find(path, in: "files") ?? (path.hasPrefix("~") ? step.files.candidates(path, in: nil)[0] : nil)
    let whole = found ?? "\(step.playbookDirectory)/\(path)"
    return path.hasSuffix("/") && !whole.hasSuffix("/") ? whole + "/" : whole
  }

  private func result(of words: [String], _ step: ActionStep) async throws(ActionFailure) -> StepResult {
    let line = words.map(ShellText.quoted).joined(separator: " ")
    let exports = step.host.variables.map { "export \($0.key)=\(ShellText.quoted($0.value)); " }.joined()
    let response: ShellResponse
    do throws(TransportError) {
      let request = ShellRequest(script: exports + line)
      response = step.host.delegate == nil ? try await step.host.runOnController(request) : try await step.host.run(request)
    } catch { throw .transport(error) }
    guard case .exited(let status) = response.ending else { throw .message("rsync: \(response.failure ?? "")") }
    var fields: Value.Dict = ["cmd": .string(line), "rc": .int(Int(status)), "changed": false]
    guard status == 0 else { throw .failed(.failed(Self.complaint(status, response, step), fields)) }
    let marked = String(decoding: response.stdout, as: UTF8.self)
    let text = marked.replacing(RsyncCommand.changeMark, with: "")
    // With hard links rsync tells of every file; a point says that nothing changes.
    let changed = step.arguments["link_dest"]?.list?.isEmpty ?? true
      ? marked.contains(RsyncCommand.changeMark) : !marked.contains(RsyncCommand.changeMark + ".")
    fields["changed"] = .bool(changed)
    fields["msg"] = .string(text)
    fields["stdout_lines"] = .list(text.split(separator: "\n").map { .string(String($0)) })
    let diffs = step.isDiff ? [FileDiff(beforeHeader: "", afterHeader: "", body: .prepared(text))] : []
    return StepResult(changed ? .changed : .ok, fields, diffs: diffs)
  }

  // MARK: wording

  private static func refusal(of delegate: String, _ host: String) -> String {
    "synchronize for \(host) cannot be delegated to \(delegate): rsync there would need a way of its own to \(host). "
      + "Without delegate_to it runs on the controller; delegated to \(host) itself it copies within \(host)"
  }

  private static func complaint(_ status: Int32, _ response: ShellResponse, _ step: ActionStep) -> String {
    let said = String(decoding: response.stderr, as: UTF8.self)
    if status == 127, step.host.delegate == nil { return "synchronize needs rsync on the controller: \(said)" }
    guard status == 255, step.host.programConnection?.hasPassword == true else { return said }
    return said + "rsync makes a connection of its own and is not given the password: synchronize needs a key or an agent"
  }
}
