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
    if let seconds = seconds(step) {
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

  private func seconds(_ step: ActionStep) -> Double? {
    if let minutes = step.arguments["minutes"]?.int { return Double(minutes) * 60 }
    return step.arguments["seconds"]?.int.map(Double.init)
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
