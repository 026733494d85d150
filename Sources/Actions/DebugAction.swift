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
    let arguments = step.task.task.arguments
    let written = arguments.values["var"] ?? step.arguments["var"].map { .value($0) }
    guard let written, written.constant != .null else {
      return ActionOutcome(StepResult(.ok, ["msg": step.arguments["msg"] ?? "Hello world!"]))
    }
    try checkVariable(written)
    let (name, value) = try expression(written, at: arguments.spans["var"] ?? arguments.span, step)
    return ActionOutcome(StepResult(.ok, [.string(name): value]))
  }

  /// What can't be evaluated: what is no text.
  private func checkVariable(_ source: SourceValue) throws(ActionFailure) {
    switch source {
    case .template, .value(.string), .value(.source): return
    case .value(let value):
      throw .message("'var' is of type \(value.pythonTypeName), is not a string and conversion is not allowed")
    case .list, .dict: throw .message("'var' is a container, is not a string and conversion is not allowed")
    }
  }

  /// The expression's text and what it comes to. `var: "{{ name }}"` stands for the expression that a variable holds.
  private func expression(
    _ source: SourceValue, at span: SourceSpan, _ step: ActionStep
  ) throws(ActionFailure) -> (name: String, value: Value) {
    if case .template(let template) = source, !template.beginsWithMarks {
      return (template.source, try value(of: source, step))
    }
    let text = try step.rendering(try step.renderer.value(of: source, in: step.scope))
    guard text.string != nil else {
      throw .message("'var' is of type \(text.pythonTypeName), is not a string and conversion is not allowed")
    }
    let expression = try step.rendering(try step.renderer.expression(of: text, at: span))
    return (expression.source, try value(of: .template(expression), step))
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
