import Model

/// `gather_facts`: runs `setup`, or the modules that `facts_modules` names.
package struct GatherFactsAction: Action {
  package static let name = "gather_facts"
  /// The fact that says that facts were gathered.
  package static let mark: Value = "_ansible_facts_gathered"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    var arguments = Value.Dict()
    for name in ["gather_subset", "gather_timeout", "fact_path", "filter"] as [Value] {
      if let value = step.arguments[name], value != .null { arguments[name] = value }
    }
    var result = await step.host.runModule("setup", arguments)
    guard result.status == .ok, var facts = result.fields["ansible_facts"]?.dict else { return ActionOutcome(result) }
    result.fields["ansible_facts"] = .dict(facts)
    facts[Self.mark] = true
    return ActionOutcome(result, effects: [.facts(facts)])
  }
}
