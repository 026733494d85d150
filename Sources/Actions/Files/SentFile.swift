import Foundation
import Model
import ModuleLibrary
import Transport

/// A file of the controller that a module on the host works with: it is brought there first, into a private folder that goes away with
/// the step.
struct SentFile {
  /// Where it is on the controller.
  let path: String
  let step: ActionStep

  /// Finds the file, or says where it was looked for.
  init(_ name: String, _ step: ActionStep, wanted: String) throws(ActionFailure) {
    path = try step.files.require(name, in: "files")
    guard step.files.isFile(path) else { throw .message("\(path) is no file: \(step.task.module) takes \(wanted)") }
    self.step = step
  }

  /// Runs the module with the file's path on the host as `src`.
  func runModule(_ name: String, _ arguments: Value.Dict) async throws(ActionFailure) -> StepResult {
    let folder = try await makeFolder()
    let result = await sent(to: folder) { copy in
      var arguments = arguments
      arguments["src"] = .string(copy)
      arguments["remote_src"] = true
      return await step.host.runModule(name, arguments)
    }
    try await removed(folder)
    return try result.get()
  }

  private func sent(to folder: String, _ body: (String) async -> StepResult) async -> Result<StepResult, ActionFailure> {
    let copy = "\(folder)/\(path.lastPart)"
    let content: FileUpload.Content
    do throws(ActionFailure) {
      content = step.files.isSealed(path) ? .bytes(try step.files.read(path)) : .localFile(path: path)
    } catch { return .failure(error) }
    do throws(TransportError) {
      try await step.host.upload(FileUpload(content: content, path: copy, mode: 0o600))
    } catch { return .failure(.transport(error)) }
    return .success(await body(copy))
  }

  /// In the first of TMPDIR, /var/tmp and HOME that can be written.
  private func makeFolder() async throws(ActionFailure) -> String {
    let folder = try await step.answer(
      to: """
        umask 077
        for m_base in "${TMPDIR:-/tmp}" /var/tmp "$HOME"; do mktemp -d "$m_base/.martlet-XXXXXXXXXX" && exit; done
        exit 1
        """, as: "making a temporary folder")
    guard folder.hasPrefix("/") else { throw .message("cannot make a temporary folder on the host: mktemp printed '\(folder)'") }
    return folder
  }

  /// Also after an interrupt: what removes it must not be cancelled with what used it.
  private func removed(_ folder: String) async throws(ActionFailure) {
    let script = "rm -rf -- \(ShellText.quoted(folder))"
    let removal = Task { () -> ActionFailure? in
      do throws(ActionFailure) { _ = try await step.answer(to: script) } catch { return error }
      return nil
    }
    if let failure = await removal.value { throw failure }
  }
}

extension ActionStep {
  /// What shell text prints on the host; anything but status 0 fails the step, by the text or by what it is for.
  func answer(to script: String, as purpose: String? = nil) async throws(ActionFailure) -> String {
    let response: ShellResponse
    do throws(TransportError) { response = try await host.run(ShellRequest(script: script)) } catch { throw .transport(error) }
    if let failure = response.failure { throw .message("\(purpose ?? script): \(failure)") }
    return response.output
  }
}
