import Model

/// `patch`: the module of that name patches on the host; a patch of the controller is brought there first.
package struct PatchAction: Action {
  package static let name = "patch"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let source = step.text("src") else { throw .message("src is required") }
    if step.flag("remote_src") { return ActionOutcome(await step.host.runModule(Self.name, step.arguments)) }
    return ActionOutcome(try await SentFile(source, step, wanted: "a patch").runModule(Self.name, step.arguments))
  }
}
