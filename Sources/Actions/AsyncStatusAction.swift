import Model
import ModuleLibrary
import Transport

/// `async_status`: asks after a job that a task with `async` left running, or forgets it.
package struct AsyncStatusAction: Action {
  package static let name = "async_status"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let written = step.text("jid") ?? ""
    guard let job = AsyncJob(id: written) else {
      throw .failed(.failed("could not find job", ["ansible_job_id": .string(written), "finished": true, "started": true]))
    }
    let isCleanup = step.text("mode") == "cleanup"
    let response: ShellResponse
    do throws(TransportError) {
      response = try await step.host.run(isCleanup ? job.removal : job.status)
    } catch { throw .transport(error) }
    guard isCleanup else { return ActionOutcome(job.result(of: response)) }
    if let failure = response.failure { throw .message("could not remove job \(job.id): \(failure)") }
    return ActionOutcome(
      StepResult(
        .ok,
        [
          "ansible_job_id": .string(job.id), "changed": false, "erased": .string(response.output), "finished": false,
          "started": false, "stdout": "", "stdout_lines": [], "stderr": "", "stderr_lines": [],
        ]))
  }
}
