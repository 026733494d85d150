import Reporting

/// What the command line says beside its output. Where nobody listens any more, it is lost, and nothing else is.
enum StandardError {
  private static let sink = DescriptorSink()
  /// Shared with the line that says what runs.
  static let foot = TerminalFoot()

  static func write(_ text: String) { foot.write(text, to: .standardError, of: sink) }

  /// The question stands until `foot.endQuestion`, or until it is withdrawn.
  static func ask(_ question: String) { foot.ask(question, on: sink) }

  static func withdrawQuestion() { foot.withdrawQuestion(on: sink) }
}
