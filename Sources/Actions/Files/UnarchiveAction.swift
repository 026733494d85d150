import Model
import ModuleLibrary

/// `unarchive`: the module of that name unpacks on the host; an archive of the controller is brought there first.
package struct UnarchiveAction: Action {
  package static let name = "unarchive"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let source = step.text("src") else { throw .message("src is required") }
    let isOnHost = step.flag("remote_src") || step.arguments["copy"]?.bool == false || source.contains("://")
    if isOnHost { return ActionOutcome(await step.host.runModule(Self.name, given(step))) }
    let archive = try SentFile(source, step, wanted: "an archive")
    if let path = step.text("creates"), try await step.answer(to: "[ -e \(ShellText.path(path)) ] && echo there; :") == "there" {
      return ActionOutcome(StepResult(.skipped, ["changed": false, "msg": .string("skipped, since \(path) exists")]))
    }
    return ActionOutcome(try await archive.runModule(Self.name, given(step)))
  }

  /// The arguments as the module checks them once more: an empty list is as good as none, and excludes no other option.
  private func given(_ step: ActionStep) -> Value.Dict { step.arguments.filter { $0.value.list?.isEmpty != true } }
}
