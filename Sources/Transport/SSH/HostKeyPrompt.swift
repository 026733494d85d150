/// Asks people about host keys, one question at a time, and remembers that they must not be asked where nobody is.
package struct HostKeyPrompt: Sendable {
  /// Shows the question and gives what was typed, or nil where there is no one to ask any more.
  package typealias Ask = @Sendable (_ question: String) async -> String?

  private let turn = ConnectGate(totalMax: 1, perKeyMax: 1)
  private let ask: Ask?

  /// Without `ask`, unknown keys are refused instead.
  package init(ask: Ask? = nil) { self.ask = ask }

  var canAsk: Bool { ask != nil }

  nonisolated(nonsending) func consents(to question: String, about key: SSHPublicKey) async -> Bool {
    guard let ask else { return false }
    await turn.enter("")
    defer { turn.leave("") }
    for _ in 0..<Self.triesMax {
      guard let answer = await ask(question) else { return false }
      if let consent = HostKeyDecision.isConsent(answer, for: key) { return consent }
    }
    return false
  }

  private static let triesMax = 3
}
