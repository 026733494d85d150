import Model

/// `meta`: tells the run itself to do something. The loop carries it out.
package struct MetaTaskAction: Action {
  package static let name = "meta"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let name = step.task.task.arguments.freeForm?.constant?.string ?? step.text("_raw_params") ?? step.text("free_form") ?? ""
    guard let action = MetaAction(rawValue: name) else {
      let known = MetaAction.allCases.map(\.rawValue)
      let advice = nearestName(to: name, among: known).map { ", did you mean '\($0)'?" } ?? "; known are \(known.joined(separator: ", "))"
      throw .message("invalid meta action requested: '\(name)'\(advice)")
    }
    if action == .resetConnection { await step.host.reconnect() }
    return ActionOutcome(StepResult(.ok), effects: [.meta(action)])
  }
}
