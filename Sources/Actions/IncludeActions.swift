import Model
import Templating

/// `include_tasks`: names a file; the loop finds it, reads it and grows the graph.
package struct IncludeTasksAction: Action {
  package static let name = "include_tasks"
  package static let unrenderedArguments: Set<String> = ["apply"]
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let name = step.text("file") ?? step.text("_raw_params"), !name.isEmpty else {
      throw .message("include_tasks needs the name of a file")
    }
    return ActionOutcome(
      StepResult(.ok, ["include": .string(name)]),
      effects: [.includeTasks(IncludeTasks(name: name, variables: step.loopVariables))])
  }
}

/// `include_role`: the loop reads the role and grows the graph.
package struct IncludeRoleAction: Action {
  package static let name = "include_role"
  package static let unrenderedArguments: Set<String> = ["apply"]
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let name = step.text("name") ?? step.text("role"), !name.isEmpty else {
      throw .message("'name' is a required field for include_role.")
    }
    /// `main` need not be there; any other file must be.
    func chosen(_ option: Value) -> String? { step.text(option).flatMap { $0 == "main" ? nil : $0 } }
    let role = IncludeRole(
      name: name, tasksFrom: chosen("tasks_from"), varsFrom: chosen("vars_from"),
      defaultsFrom: chosen("defaults_from"), handlersFrom: chosen("handlers_from"),
      isPublic: step.arguments["public"]?.bool, allowsDuplicates: step.arguments["allow_duplicates"]?.bool ?? true,
      validatesArguments: step.arguments["rolespec_validate"]?.bool ?? true, variables: step.loopVariables)
    return ActionOutcome(StepResult(.ok, ["include": .string(name)]), effects: [.includeRole(role)])
  }
}

extension ActionStep {
  /// The loop's variables for the item at hand: included tasks see them.
  fileprivate var loopVariables: [String: Value] {
    scope.temporary.compactMapValues { variable in
      if case .value(let value) = variable { value } else { nil }
    }
  }
}
