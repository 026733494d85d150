import Model
import Transport

/// `wait_for_connection`: connects anew until the host answers.
package struct WaitForConnectionAction: Action {
  package static let name = "wait_for_connection"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    if step.isCheck { return ActionOutcome(StepResult(.skipped)) }
    let clock = ContinuousClock(), start = clock.now
    let pause = Double(max(0, step.arguments["sleep"]?.int ?? 1))
    if let delay = step.arguments["delay"]?.int, delay > 0 { try? await Task.sleep(for: .seconds(delay)) }
    let question = PatientQuestion(
      step: step, attemptSeconds: Double(max(1, step.arguments["connect_timeout"]?.int ?? 5)),
      deadline: clock.now + .seconds(step.arguments["timeout"]?.int ?? 600), pauseSeconds: { _ in max(pause, 0.1) })
    let complaint = await question.ask("echo pong") { response in
      response.failure ?? (response.output == "pong" ? nil : "unexpected answer: \(response.output)")
    }
    var fields: Value.Dict = ["changed": false, "elapsed": .int(Int((clock.now - start) / .seconds(1)))]
    guard let complaint else { return ActionOutcome(StepResult(.ok, fields)) }
    fields["msg"] = .string("timed out waiting for ping module test: \(complaint)")
    throw .failed(StepResult(.failed, fields))
  }
}
