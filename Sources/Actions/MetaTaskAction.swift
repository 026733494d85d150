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

extension MetaAction {
  /// What scripts read at `-vv` once it is done.
  package func done(on host: String, role: String?) -> String {
    switch self {
    case .noop: "noop"
    case .flushHandlers: "triggered running handlers for \(host)"
    case .refreshInventory: "inventory successfully refreshed"
    case .clearFacts: "facts cleared"
    case .clearHostErrors: "cleared host errors"
    case .endBatch: "ending batch"
    case .endHost: "ending play for \(host)"
    case .endPlay: "ending play"
    case .endRole: "ending role \(role ?? "") for \(host)"
    case .resetConnection: "reset connection"
    }
  }

  /// Why it was left out.
  package func skipReason(on host: String, role: String?) -> String {
    let consequence = switch self {
    case .flushHandlers: ", not running handlers for \(host)"
    case .clearFacts: ", not clearing facts and fact cache for \(host)"
    case .clearHostErrors: ", not clearing host error state for \(host)"
    case .endBatch: ", continuing current batch"
    case .endPlay: ", continuing play"
    case .endHost: ", continuing execution for \(host)"
    case .endRole: ", continuing role \(role ?? "") for \(host)"
    case .noop, .refreshInventory, .resetConnection: ""
    }
    return "\(rawValue) conditional evaluated to False\(consequence)"
  }
}
