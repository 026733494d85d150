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
    guard let written, written.constant != .null,
      let shown = try expression(written, at: arguments.spans["var"] ?? arguments.span, step)
    else { return ActionOutcome(StepResult(.ok, ["msg": step.arguments["msg"] ?? "Hello world!"])) }
    var result = StepResult(.ok, [.string(shown.name): shown.value])
    if let warning = shown.warning { result.fields["warnings"] = [.string(warning)] }
    return ActionOutcome(result)
  }

  /// An expression and what it comes to; the warning says why that is a placeholder.
  private struct Shown {
    var name: String
    var value: Value
    var warning: String?
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

  /// `var: "{{ name }}"` stands for the expression that a variable holds.
  private func expression(
    _ source: SourceValue, at span: SourceSpan, _ step: ActionStep
  ) throws(ActionFailure) -> Shown? {
    try checkVariable(source)
    if case .template(let template) = source, !template.beginsWithMarks { return try value(of: template, step) }
    let text = try step.rendering(try step.renderer.value(of: source, in: step.scope))
    if text == .omit { return nil }
    guard text.string != nil else {
      throw .message("'var' is of type \(text.pythonTypeName), is not a string and conversion is not allowed")
    }
    return try value(of: try step.rendering(try step.renderer.expression(of: text, at: span)), step)
  }

  /// An undefined variable is worth seeing, not a failure.
  private func value(of expression: Template, _ step: ActionStep) throws(ActionFailure) -> Shown {
    do throws(TemplateError) {
      let value = try step.renderer.value(of: .template(expression), in: step.scope)
      guard value == .omit else { return Shown(name: expression.source, value: value) }
      return Shown(name: expression.source, value: "<<Omit>>", warning: Self.omitted)
    } catch {
      guard error.kind == .undefined else { throw .template(error) }
      let reason = error.diagnostic.message
      let origin = error.diagnostic.span.map { "\nOrigin: \($0)" } ?? ""
      return Shown(
        name: expression.source, value: .string("<< error 1 - \(reason) >>"),
        warning: "Encountered 1 template error.\nerror 1 - \(reason)\(origin)")
    }
  }

  private static let omitted = "The result of the `var` expression could not be omitted; a placeholder was used instead."
}

extension ActionStep {
  /// Runs something that renders, so that its complaint is the step's.
  func rendering<Rendered>(
    _ body: @autoclosure () throws(TemplateError) -> Rendered
  ) throws(ActionFailure) -> Rendered {
    do throws(TemplateError) { return try body() } catch { throw .template(error) }
  }
}
