import Model
import Parsing
import Planning
import Templating

/// `assert`: fails with the first condition that does not hold.
package struct AssertAction: Action {
  package static let name = "assert"
  package static let unrenderedArguments: Set<String> = ["that"]
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    var arguments = step.task.task.arguments
    if let named = trusted(arguments.values["that"], step.scope) { arguments.values["that"] = named }
    let conditions = try step.rendering(try arguments.conditions("that"))
    guard !conditions.isEmpty else { throw .message("conditional required in \"that\" string") }
    for condition in conditions {
      if try step.rendering(try step.renderer.isTrue(condition.source, in: step.scope)) { continue }
      throw .failed(failure(of: condition, step))
    }
    let message = step.arguments["success_msg"] ?? "All assertions passed"
    return ActionOutcome(StepResult(.ok, ["changed": false, "msg": message]))
  }

  /// `that: "{{ name }}"`, where a runbook's own variable holds the conditions: they are its author's, not a result's.
  private func trusted(_ source: SourceValue?, _ scope: StepScope) -> SourceValue? {
    guard case .template(let template)? = source, let name = template.loneName,
      case .source(let value)? = scope.variable(named: name)
    else { return nil }
    switch value {
    case .value(.string), .value(.list), .list: return value
    case .value, .template, .dict: return nil
    }
  }

  private func failure(of condition: Condition, _ step: ActionStep) -> StepResult {
    let message = step.arguments["fail_msg"] ?? step.arguments["msg"] ?? "Assertion failed"
    let assertion = condition.source.constant ?? .string(condition.text)
    return StepResult(
      .failed, ["assertion": assertion, "changed": false, "evaluated_to": false, "msg": message])
  }
}

/// `fail`: fails with a message.
package struct FailAction: Action {
  package static let name = "fail"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let message = step.arguments["msg"] ?? "Failed as requested from task"
    throw .failed(StepResult(.failed, ["changed": false, "msg": message]))
  }
}
