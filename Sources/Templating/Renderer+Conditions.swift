import Model

/// Conditions: expressions that must come to a boolean.
extension Renderer {
  /// A condition must come to a boolean; a string, number or list is an error that says so. One that is a template from end
  /// to end, or a value that a variable brought, may come to the text of an expression first.
  package func isTrue(
    _ condition: SourceValue, at span: SourceSpan, in scope: any VariableScope
  ) throws(TemplateError) -> Bool {
    if case .value("") = condition {
      if allowsBrokenConditions { return true }
      throw TemplateError(.type, .error(emptyCondition, advice: "leave it out, or write true", at: span))
    }
    var value = try value(of: condition, in: scope)
    if condition.mayNameExpression, value.string != nil {
      value = try self.value(of: .template(try expression(of: value, at: span)), in: scope)
    }
    switch value.revealed {
    case .bool(let flag): return flag
    case .null: return true
    default: break
    }
    if allowsBrokenConditions { return value.isConsideredTrue }
    let truth = value.isConsideredTrue ? "True" : "False"
    let message =
      "Conditional result (\(truth)) was derived from value of type '\(value.pythonTypeName)'."
      + " Conditionals must have a boolean result."
    throw TemplateError(.type, .error(message, advice: value.conditionAdvice, at: span))
  }

  /// The expression that a text is. Only text that stands in a source file is one; what was computed, looked up or
  /// said by a host is refused, however it looks.
  package func expression(of text: Value, at span: SourceSpan) throws(TemplateError) -> Template {
    guard case .source(let text) = text else {
      throw TemplateError(.type, .error(untrustedExpression, advice: text.conditionAdvice, at: span))
    }
    return try Template.compileExpression(text, at: span)
  }
}

private let emptyCondition = "Empty conditional expressions are not allowed."
private let untrustedExpression =
  "Encountered untrusted template or expression: only text that stands in a source file is evaluated"

extension SourceValue {
  /// A bare expression is evaluated as it is, and that is that.
  fileprivate var mayNameExpression: Bool {
    switch self {
    case .value: true
    case .template(let template): template.beginsWithMarks
    case .list, .dict: false
    }
  }
}

extension Value {
  fileprivate var isConsideredTrue: Bool {
    switch self {
    case .null, .omit: false
    case .bool(let flag): flag
    case .int(let number): number != 0
    case .bigInt, .timestamp: true
    case .float(let number): number != 0
    case .string(let text), .source(let text): !text.isEmpty
    case .list(let elements): !elements.isEmpty
    case .dict(let entries): !entries.isEmpty
    case .secret(let secret): secret.revealed.isConsideredTrue
    }
  }

  fileprivate var conditionAdvice: String {
    switch revealed {
    case .string: "compare it, or use `| bool`, or `is truthy`"
    case .list, .dict: "ask for its length, or use `is truthy`"
    default: "compare it, or use `is truthy`"
    }
  }
}
