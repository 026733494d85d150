/// Where output goes. A lone expression keeps its type; as soon as there is more, everything is text.
final class Sink {
  private let evaluation: Evaluation
  private let keepsType: Bool
  private var first: Object = .unset
  private var text = ""
  private var isText = false
  private var isSecret = false
  private let isDiscarding: Bool

  init(_ evaluation: Evaluation, isDiscarding: Bool = false) {
    self.evaluation = evaluation
    self.isDiscarding = isDiscarding
    keepsType = evaluation.dialect.outcome == .native
    isText = !keepsType
  }

  @inline(__always)
  func write(text piece: String) throws {
    if !isText { try becomeText() }
    try evaluation.budget.spend(outputBytes: piece.utf8.count)
    text += piece
  }

  func write(_ object: Object) throws {
    switch object {
    case .string(let piece) where isText, .source(let piece) where isText: return try write(text: piece)
    case .int(let number) where isText: return try write(text: String(number))
    case .secret:
      isSecret = true
      return try write(evaluation.unsealed(object))
    case .lazy(let lazy): return try write(lazy.force())
    case .undefined(let undefined) where undefined.isInlineIf || evaluation.dialect.undefined != .strict:
      return try write(text: evaluation.text(object))
    case .undefined(let undefined): throw undefined.failure
    case .null where keepsType: return
    default: break
    }
    if isText { return try writeTracked(object) }
    if first.isUnset {
      first = object
    } else {
      try becomeText()
      try write(object)
    }
  }

  private func writeTracked(_ object: Object) throws {
    let before = evaluation.hasRevealed
    evaluation.hasRevealed = false
    defer { evaluation.hasRevealed = before }
    try write(text: evaluation.outputText(object))
    if evaluation.hasRevealed { isSecret = true }
  }

  private func becomeText() throws {
    isText = true
    let held = first
    first = .unset
    if !held.isUnset { try write(held) }
  }

  func result() throws -> Object {
    if isDiscarding { return .null }
    let object: Object =
      isText ? (evaluation.autoescape ? .markup(Markup(text)) : .string(text)) : (first.isUnset ? .null : first)
    return isSecret ? evaluation.secret(object) : object
  }

  /// As `result`, for what can only be text.
  func textResult() throws -> Object {
    if !isText { try becomeText() }
    return try result()
  }
}
