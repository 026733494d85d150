import Model

/// `gather_facts`: runs `setup`, or the modules that `facts_modules` names.
package struct GatherFactsAction: Action {
  package static let name = "gather_facts"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    var arguments = Value.Dict()
    for name in ["gather_subset", "gather_timeout", "fact_path", "filter"] as [Value] {
      if let value = step.arguments[name], value != .null { arguments[name] = value }
    }
    var result = await step.host.runModule("setup", arguments)
    guard result.status == .ok, let facts = result.fields["ansible_facts"]?.dict else { return ActionOutcome(result) }
    result.fields["ansible_facts"] = .dict(facts)
    return ActionOutcome(result, effects: [.facts(facts)])
  }
}
