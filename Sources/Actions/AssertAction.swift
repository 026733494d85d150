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
    let isQuiet = step.arguments["quiet"]?.bool == true
    for condition in conditions {
      if condition.source.constant == .null { throw .message("Empty conditional expressions are not allowed.") }
      if try step.rendering(try step.renderer.isTrue(condition.source, at: condition.span, in: step.scope)) { continue }
      var failure = failure(of: condition, step)
      if isQuiet { failure.fields[Self.verboseAlways] = false }
      throw .failed(failure)
    }
    let message = step.arguments["success_msg"] ?? "All assertions passed"
    var result = StepResult(.ok, ["changed": false, "msg": message])
    if isQuiet { result.fields[Self.verboseAlways] = false }
    if conditions.contains(where: { $0.isMarked }) { result.fields["deprecations"] = [Self.markedDeprecation] }
    return ActionOutcome(result)
  }

  /// For reporters: whether the result is shown without `-v`. It is not registered.
  private static let verboseAlways: Value = "_ansible_verbose_always"

  private static let markedDeprecation: Value = [
    "msg": "Conditionals should not be surrounded by templating delimiters such as {{ }} or {% %}.", "version": "2.23",
    "collection_name": "ansible.builtin",
  ]

  /// As the task has them; where all its arguments came from a variable, as that has them. `that: "{{ name }}"` may stand for
  /// a whole list.
  private func conditions(of step: ActionStep) throws(TemplateError) -> [Condition] {
    let arguments = step.task.task.arguments
    guard let written = arguments.values["that"] else { return conditions(step.arguments["that"] ?? .null, arguments.span) }
    if case .template(let template) = written, let elements = elements(namedBy: template, step.scope) {
      return elements.map { Condition(source: $0, text: $0.constant?.pythonText ?? "", span: template.span) }
    }
    if case .template(let template) = written,
      case .list? = try? step.renderer.value(of: written, in: step.scope).revealed
    {
      return conditions(try step.renderer.value(of: written, in: step.scope), template.span)
    }
    return try arguments.conditions("that")
  }

  /// The elements of a list that a variable file or runbook has under the name, each to be evaluated when its turn comes.
  private func elements(namedBy template: Template, _ scope: StepScope) -> [SourceValue]? {
    guard let name = template.loneName, case .source(.list(let elements))? = scope.variable(named: name) else { return nil }
    return elements
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

extension Condition {
  /// A template from end to end where an expression would do.
  fileprivate var isMarked: Bool {
    if case .template(let template) = source { template.beginsWithMarks } else { false }
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
