import Model
import Templating

/// `debug`: shows a message, or what an expression comes to.
package struct DebugAction: Action {
  package static let name = "debug"
  package static let unrenderedArguments: Set<String> = ["var"]
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    if let threshold = step.arguments["verbosity"]?.int, threshold > step.verbosity {
      return ActionOutcome(
        StepResult(
          .skipped, ["skipped_reason": "Verbosity threshold not met.", "verbosity": .int(threshold)]))
    }
    try checkVariable(step.task.task.arguments.values["var"])
    guard let expression = try step.rendering(try step.task.task.arguments.expression("var")) else {
      return ActionOutcome(StepResult(.ok, ["msg": step.arguments["msg"] ?? "Hello world!"]))
    }
    return ActionOutcome(StepResult(.ok, [.string(expression.text): try value(of: expression.source, step)]))
  }

  /// Text marked `!unsafe` is never evaluated, and what is no text can't be.
  private func checkVariable(_ source: SourceValue?) throws(ActionFailure) {
    switch source {
    case nil, .template, .value(.null): return
    case .value(.string):
      throw .message("Encountered untrusted template or expression: 'var' is marked !unsafe")
    case .value(let value):
      throw .message("'var' is of type \(value.pythonTypeName), is not a string and conversion is not allowed")
    case .list, .dict: throw .message("'var' is a container, is not a string and conversion is not allowed")
    }
  }

  /// An undefined variable is worth seeing, not a failure.
  private func value(of source: SourceValue, _ step: ActionStep) throws(ActionFailure) -> Value {
    do throws(TemplateError) {
      return try step.renderer.value(of: source, in: step.scope)
    } catch {
      guard error.kind == .undefined else { throw .template(error) }
      return .string("<< error 1 - \(error.diagnostic.message) >>")
    }
  }
}

extension ActionStep {
  /// Runs something that renders, so that its complaint is the step's.
  func rendering<Rendered>(
    _ body: @autoclosure () throws(TemplateError) -> Rendered
  ) throws(ActionFailure) -> Rendered {
    do throws(TemplateError) { return try body() } catch { throw .template(error) }
  }
}
