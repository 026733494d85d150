import Model
import Parsing

/// `set_fact`: stores values on the host; they are values from now on, however they look.
package struct SetFactAction: Action {
  package static let name = "set_fact"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    var values = step.arguments
    let isCacheable = values.removeValue(forKey: "cacheable")?.bool ?? false
    guard !values.isEmpty else {
      throw .message("No key/value pairs provided, at least one is required for this action to succeed")
    }
    for name in values.keys.compactMap(\.string) where !VariableName.isValid(name) {
      throw .message(
        "Invalid variable name '\(name)'. Variables must start with a letter or underscore character, contain only letters, "
          + "numbers and underscores, and not be a word of Python.")
    }
    return ActionOutcome(
      StepResult(.ok, ["ansible_facts": .dict(values), "changed": false]),
      effects: [.values(values, isCacheable: isCacheable)])
  }
}

/// `set_stats`: figures for the end of the run.
package struct SetStatsAction: Action {
  package static let name = "set_stats"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let stats = step.arguments["data"]?.dict else {
      throw .message("The 'data' option needs to be a dictionary/hash")
    }
    let aggregates = step.arguments["aggregate"]?.bool ?? true, isPerHost = step.flag("per_host")
    let result: Value.Dict = [
      "ansible_stats": ["aggregate": .bool(aggregates), "data": .dict(stats), "per_host": .bool(isPerHost)],
      "changed": false,
    ]
    return ActionOutcome(
      StepResult(.ok, result), effects: [.stats(stats, aggregates: aggregates, isPerHost: isPerHost)])
  }
}
