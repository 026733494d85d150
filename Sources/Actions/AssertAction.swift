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
    let conditions = try step.rendering(try conditions(of: step))
    guard !conditions.isEmpty else { throw .message("conditional required in \"that\" string") }
    for condition in conditions {
      if try step.rendering(try step.renderer.isTrue(condition.source, at: condition.span, in: step.scope)) { continue }
      throw .failed(failure(of: condition, step))
    }
    let message = step.arguments["success_msg"] ?? "All assertions passed"
    return ActionOutcome(StepResult(.ok, ["changed": false, "msg": message]))
  }

  /// As the task has them; where all its arguments came from a variable, as that has them. `that: "{{ name }}"` may stand for
  /// a whole list.
  private func conditions(of step: ActionStep) throws(TemplateError) -> [Condition] {
    let arguments = step.task.task.arguments
    guard let written = arguments.values["that"] else { return conditions(step.arguments["that"] ?? [], arguments.span) }
    if case .template(let template) = written,
      case .list? = try? step.renderer.value(of: written, in: step.scope).revealed
    {
      return conditions(try step.renderer.value(of: written, in: step.scope), template.span)
    }
    return try arguments.conditions("that")
  }

  private func conditions(_ value: Value, _ span: SourceSpan) -> [Condition] {
    (value.list ?? [value]).map { Condition(source: .value($0), text: $0.pythonText, span: span) }
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
