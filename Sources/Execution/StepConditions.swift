import Model
import Parsing
import Planning
import Templating

/// `when`, `changed_when`, `failed_when`, `until`: conditions in the order in which they stand.
struct StepConditions {
  let renderer: Renderer
  let scope: StepScope

  func hold(_ conditions: [Condition]) throws(TemplateError) -> Bool {
    if case .some = try firstFalse(of: conditions) { return false }
    return true
  }

  /// The first condition that does not hold; nil if all do.
  func firstFalse(of conditions: [Condition]) throws(TemplateError) -> Condition? {
    var unknown: TemplateError?
    for condition in conditions {
      do throws(TemplateError) {
        if try !renderer.isTrue(condition.source, at: condition.span, in: scope) { return condition }
      } catch {
        // One that is known not to hold decides, whatever stands before it; one behind what is unknown may need it to hold.
        guard unknown != nil || error.kind == .unknown else { throw error }
        unknown = unknown ?? error
      }
    }
    if let unknown { throw unknown }
    return nil
  }
}

extension StepResult {
  static func conditionFalse(_ condition: Condition) -> StepResult {
    StepResult(
      .skipped, ["false_condition": condition.value, "skip_reason": "Conditional result was False"])
  }

  /// What is shown in place of a result that `no_log` hides.
  var censored: StepResult {
    var fields: Value.Dict = [
      "censored": "the output has been hidden due to the fact that 'no_log: true' was specified for this result"
    ]
    if let changed = self.fields["changed"] { fields["changed"] = changed }
    return StepResult(status, fields)
  }
}

extension Condition {
  /// As results show it: a literal boolean as such, an expression as its text.
  var value: Value {
    if case .bool(let flag)? = source.constant { .bool(flag) } else { .string(text) }
  }
}

extension Value {
  /// Every leaf becomes a secret; containers keep their shape, so that they can still be looked into.
  var markedSecret: Value {
    switch self {
    case .list(let elements): .list(elements.map(\.markedSecret))
    case .dict(let entries): .dict(entries.mapValues(\.markedSecret))
    case .null, .bool, .omit: self
    case .int, .bigInt, .float, .string, .source, .timestamp: .secret(Secret(self))
    case .secret: self
    }
  }
}

extension TemplateError {
  /// The one-line message that a step's result carries, with its place.
  var message: String {
    let place = diagnostic.span.map { " (\($0))" } ?? ""
    guard let advice = diagnostic.advice else { return diagnostic.message + place }
    let message = diagnostic.message.hasSuffix(".") ? String(diagnostic.message.dropLast()) : diagnostic.message
    return "\(message); \(advice)\(place)"
  }
}
