import Foundation
import Model

/// `pause`: waits, or asks somebody at the terminal. Without a terminal a question is not asked and says so.
package struct PauseAction: Action {
  package static let name = "pause"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let start = Date()
    var fields: Value.Dict = ["changed": false, "rc": 0, "stderr": "", "user_input": ""]
    fields["echo"] = step.arguments["echo"] ?? true
    if let seconds = try seconds(step) {
      try? await Task.sleep(for: .seconds(seconds))
      let isMinutes = step.arguments["minutes"].map { $0 != .null } ?? false
      let amount = isMinutes ? seconds / 60 : seconds
      fields["stdout"] = .string("Paused for \(amount) \(isMinutes ? "minutes" : "seconds")")
    } else {
      fields["user_input"] = .string(try await answer(to: step))
      fields["stdout"] = .string("Paused for \((Date().timeIntervalSince(start) / 60 * 100).rounded() / 100) minutes")
    }
    fields["delta"] = .int(Int(Date().timeIntervalSince(start)))
    return ActionOutcome(StepResult(.ok, fields))
  }

  /// At least one, as in the reference.
  private func seconds(_ step: ActionStep) throws(ActionFailure) -> Double? {
    if let minutes = try number("minutes", step) { return max(1, minutes * 60) }
    return try number("seconds", step).map { max(1, $0) }
  }

  /// Numbers come as text, too; fractions are cut off.
  private func number(_ name: String, _ step: ActionStep) throws(ActionFailure) -> Double? {
    guard let given = step.arguments[.string(name)], given != .null else { return nil }
    guard let number = Double((given.string ?? given.pythonText).trimmingCharacters(in: .whitespaces)), number.isFinite else {
      throw .message("'\(name)' must be a number, not \(given.pythonText)")
    }
    return number.rounded(.towardZero)
  }

  private func answer(to step: ActionStep) async throws(ActionFailure) -> String {
    guard isatty(STDIN_FILENO) == 1 else {
      // The reference goes on without an answer where nobody can give one.
      return ""
    }
    let prompt = step.text("prompt") ?? "Press enter to continue, Ctrl+C to interrupt"
    let isEchoed = step.arguments["echo"]?.bool ?? true
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: readAnswer("[\(step.task.task.module.written)]\n\(prompt):", isEchoed)) }
    }
  }
}

private func readAnswer(_ prompt: String, _ isEchoed: Bool) -> String {
  FileHandle.standardOutput.write(Data((prompt + " ").utf8))
  guard !isEchoed else { return readLine() ?? "" }
  var saved = termios()
  tcgetattr(STDIN_FILENO, &saved)
  var silent = saved
  silent.c_lflag &= ~tcflag_t(ECHO)
  tcsetattr(STDIN_FILENO, TCSANOW, &silent)
  defer { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
  return readLine() ?? ""
}
