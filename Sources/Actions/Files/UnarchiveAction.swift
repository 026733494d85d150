import Foundation
import Model
import ModuleLibrary
import Transport

/// `unarchive`: the module of that name unpacks on the host; an archive of the controller is brought there first, into a
/// private folder that goes away with the step.
package struct UnarchiveAction: Action {
  package static let name = "unarchive"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let source = step.text("src") else { throw .message("src is required") }
    let isOnHost = step.flag("remote_src") || step.arguments["copy"]?.bool == false || source.contains("://")
    if isOnHost { return ActionOutcome(await step.host.runModule(Self.name, given(step))) }
    let archive = try step.files.require(source, in: "files")
    guard step.files.isFile(archive) else { throw .message("\(archive) is no file: unarchive takes an archive") }
    if let path = step.text("creates"), try await exists(path, step) {
      return ActionOutcome(StepResult(.skipped, ["changed": false, "msg": .string("skipped, since \(path) exists")]))
    }
    let folder = try await makeFolder(step)
    let outcome = await unpacked(archive, in: folder, step)
    try await removeFolder(folder, step)
    return ActionOutcome(try outcome.get())
  }

  private func unpacked(_ archive: String, in folder: String, _ step: ActionStep) async -> Result<StepResult, ActionFailure> {
    let copy = "\(folder)/\(archive.lastPart)"
    let content: FileUpload.Content
    do throws(ActionFailure) {
      content = step.files.isSealed(archive) ? .bytes(try step.files.read(archive)) : .localFile(path: archive)
    } catch { return .failure(error) }
    do throws(TransportError) {
      try await step.host.upload(FileUpload(content: content, path: copy, mode: 0o600))
    } catch { return .failure(.transport(error)) }
    var arguments = given(step)
    arguments["src"] = .string(copy)
    arguments["remote_src"] = true
    return .success(await step.host.runModule(Self.name, arguments))
  }

  /// The arguments as the module checks them once more: an empty list is as good as none, and excludes no other option.
  private func given(_ step: ActionStep) -> Value.Dict { step.arguments.filter { $0.value.list?.isEmpty != true } }

  private func exists(_ path: String, _ step: ActionStep) async throws(ActionFailure) -> Bool {
    try await answer(to: "[ -e \(ShellText.path(path)) ] && echo there; :", step) == "there"
  }

  private func makeFolder(_ step: ActionStep) async throws(ActionFailure) -> String {
    let folder = try await answer(to: "umask 077 && mktemp -d", step)
    guard folder.hasPrefix("/") else { throw .message("cannot make a temporary folder on the host: mktemp printed '\(folder)'") }
    return folder
  }

  private func removeFolder(_ folder: String, _ step: ActionStep) async throws(ActionFailure) {
    _ = try await answer(to: "rm -rf -- \(ShellText.quoted(folder))", step)
  }

  /// What shell text prints on the host; anything but status 0 fails the step.
  private func answer(to script: String, _ step: ActionStep) async throws(ActionFailure) -> String {
    let response: ShellResponse
    do throws(TransportError) { response = try await step.host.run(ShellRequest(script: script)) } catch { throw .transport(error) }
    if let failure = response.failure { throw .message("\(script): \(failure)") }
    return response.output
  }
}
