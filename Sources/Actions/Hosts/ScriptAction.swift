import Model
import ModuleLibrary
import Transport

/// `script`: runs a script of the controller on the host. One round trip; nothing of it stays there.
package struct ScriptAction: Action {
  package static let name = "script"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let words = step.text("cmd") ?? step.text("_raw_params") ?? ""
    if words.allSatisfy(\.isWhitespace) { throw .message("one of the following is required: _raw_params, cmd") }
    let command = try ScriptCommand(words)
    if let folder = step.text("chdir"), !folder.hasPrefix("/") {
      throw .message("chdir \(folder) must be an absolute path for a Unix-aware remote node")
    }
    let hasCondition = step.text("creates") != nil || step.text("removes") != nil
    if step.isCheck, !hasCondition {
      return ActionOutcome(StepResult(.skipped, ["msg": "Check mode is not supported for this task.", "changed": false]))
    }
    let source = try step.files.require(command.name, in: "files")
    let content = step.isCheck ? [] : try step.files.read(source)
    return ActionOutcome(try await run(command, content, step))
  }

  private func run(
    _ command: ScriptCommand, _ content: [UInt8], _ step: ActionStep
  ) async throws(ActionFailure) -> StepResult {
    let file = PrivateFolder.File(command.name.lastPart, content)
    let program = "\"$m_dir\"/\(ShellText.quoted(file.name))\(command.words)"
    var folder = PrivateFolder(files: [file], command: step.isCheck ? ":" : program)
    // Words such as `python3 -u` stand as a command line does.
    if !step.isCheck, let executable = step.text("executable") { folder.command = "\(executable) \(program)" }
    folder.condition = condition(step)
    folder.directory = step.isCheck ? nil : step.text("chdir")
    folder.environment = step.host.variables
    return try result(of: try await folder.outcome(in: step), step)
  }

  /// The path stands in the message as written, behind a word that the host's answer cannot change.
  private func condition(_ step: ActionStep) -> String {
    var lines: [String] = []
    if let path = step.text("creates") { lines.append("if [ -e \(ShellText.path(path)) ]; then m_skip creates; fi") }
    if let path = step.text("removes") { lines.append("if [ ! -e \(ShellText.path(path)) ]; then m_skip removes; fi") }
    return lines.joined(separator: "\n")
  }

  private func result(of outcome: PrivateFolder.Outcome, _ step: ActionStep) throws(ActionFailure) -> StepResult {
    switch outcome {
    case .skipped(let reason):
      let message = reason == "creates"
        ? "\(step.text("creates") ?? "") exists, matching creates option"
        : "\(step.text("removes") ?? "") does not exist, matching removes option"
      return StepResult(.skipped, ["changed": false, "msg": .string(message)])
    case .ran where step.isCheck: return StepResult(.changed, ["changed": true])
    case .ran(let status, let stdout, let stderr):
      var fields: Value.Dict = ["changed": true, "rc": .int(Int(status))]
      for (key, bytes) in [("stdout", stdout), ("stderr", stderr)] {
        let text = String(decoding: bytes, as: UTF8.self)
        fields[.string(key)] = .string(text)
        fields[.string(key + "_lines")] = .list(ShellModule.lines(of: text).map(Value.string))
      }
      if status != 0 { fields["msg"] = "non-zero return code" }
      return StepResult(status == 0 ? .changed : .failed, fields)
    }
  }
}

/// A script's name and the words behind it, which stay as written: they are a command line.
struct ScriptCommand: Equatable {
  let name: String
  /// Begins with a blank, or is empty.
  let words: String

  init(_ text: String) throws(ActionFailure) {
    let scalars = Array(text.unicodeScalars.drop { $0.properties.isWhitespace })
    var name = "", index = 0
    var quote: Unicode.Scalar?
    while index < scalars.count, quote != nil || !scalars[index].properties.isWhitespace {
      let scalar = scalars[index]
      if scalar == quote {
        quote = nil
      } else if quote == nil, scalar == "'" || scalar == "\"" {
        quote = scalar
      } else if scalar == "\\", quote != "'", index + 1 < scalars.count {
        index += 1
        name.unicodeScalars.append(scalars[index])
      } else {
        name.unicodeScalars.append(scalar)
      }
      index += 1
    }
    guard quote == nil else { throw .message("the script's command line has a quote without its end: \(text)") }
    guard !name.isEmpty else { throw .message("script needs the name of a script") }
    self.name = name
    var rest = ""
    rest.unicodeScalars.append(contentsOf: scalars[index...])
    words = rest
  }
}

extension PrivateFolder {
  /// Asks the step's host.
  func outcome(in step: ActionStep) async throws(ActionFailure) -> Outcome {
    let response: ShellResponse
    do throws(TransportError) { response = try await step.host.run(request) } catch { throw .transport(error) }
    do throws(StepFailure) { return try outcome(of: response) } catch { throw .failed(error.result) }
  }
}
