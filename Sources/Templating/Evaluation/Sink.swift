/// Where output goes. A lone expression keeps its type; as soon as there is more, everything is text.
final class Sink {
  private let evaluation: Evaluation
  private let budget: Budget
  private let keepsType: Bool
  private var first: Object = .unset
  private var buffer = TextBuffer()
  /// Nothing that is written from now on can keep its type.
  private(set) var isText = false
  private var isSecret = false
  /// Where a template that extends another still writes what it includes and calls; its own text and expressions are
  /// not even looked at.
  private let outlet: Sink?

  init(_ evaluation: Evaluation, muting outlet: Sink? = nil) {
    self.evaluation = evaluation
    self.outlet = outlet
    budget = evaluation.budget
    keepsType = evaluation.dialect.outcome == .native
    isText = !keepsType
  }

  var isMuted: Bool { outlet != nil }

  /// Itself, or where it lets through what is not muted.
  var open: Sink { outlet ?? self }

  @inline(__always)
  func write(bytes: UnsafeBufferPointer<UInt8>) throws {
    if !isText { try becomeText() }
    try budget.spend(outputBytes: bytes.count)
    buffer.append(bytes)
  }

  @inline(__always)
  func write(text piece: String) throws {
    var piece = piece
    try piece.withUTF8 { try write(bytes: $0) }
  }

  @inline(__always)
  func write(_ object: Object) throws {
    guard isText else { return try writeOther(object) }
    switch object {
    case .string(let piece), .source(let piece): try write(text: piece)
    case .int(let number):
      let before = buffer.count
      buffer.append(number)
      try budget.spend(outputBytes: buffer.count - before)
    default: try writeOther(object)
    }
  }

  private func writeOther(_ object: Object) throws {
    switch object {
    case .secret:
      isSecret = true
      return try write(evaluation.unsealed(object))
    case .lazy(let lazy): return try write(lazy.force())
    case .undefined(let undefined) where undefined.isInlineIf || evaluation.dialect.undefined != .strict:
      return try write(text: evaluation.text(object))
    case .undefined(let undefined): throw undefined.failure
    case .null where evaluation.dialect.dropsNone: return
    // Beside something else there is no argument to leave out.
    case .omit where isText: return
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
    try marking { try write(text: evaluation.outputText(object)) }
  }

  /// Runs what writes here; all of it is secret if it looked into a secret on the way.
  @inline(__always)
  func marking(_ operation: () throws -> Void) rethrows {
    let before = evaluation.hasRevealed
    evaluation.hasRevealed = false
    defer { evaluation.hasRevealed = before }
    try operation()
    if evaluation.hasRevealed { isSecret = true }
  }

  private func becomeText() throws {
    isText = true
    let held = first
    first = .unset
    if !held.isUnset { try write(held) }
  }

  func result() throws -> Object {
    let object: Object =
      isText
      ? (evaluation.escapesOutput ? .markup(Markup(buffer.text)) : .string(buffer.text)) : (first.isUnset ? .null : first)
    return isSecret ? evaluation.secret(object) : object
  }

  /// As `result`, for what can only be text.
  func textResult() throws -> Object {
    if !isText { try becomeText() }
    return try result()
  }
}
