import Actions
import Model
import ModuleLibrary
import Parsing
import Transport

/// A module that runs on its host for itself (`async`); with `poll` the step waits for it.
struct AsyncStep {
  let link: HostLink
  let seconds: Int
  /// 0: the step is done once the job runs.
  let pollSeconds: Int

  func run(_ manifest: ModuleManifest, _ arguments: CheckedArguments) async throws(ActionFailure) -> StepResult {
    guard manifest.kind == .shell else { throw .message("This action (\(manifest.name)) does not support async.") }
    let job = AsyncJob()
    let started = job.started(try await ask(job.start(try link.shellModule(manifest, arguments), seconds: seconds)))
    guard pollSeconds > 0, started.status == .changed else { return started }
    return try await result(of: job)
  }

  private func result(of job: AsyncJob) async throws(ActionFailure) -> StepResult {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      // The last look is at the deadline, not an interval before it.
      let pause = min(.seconds(pollSeconds), max(deadline - ContinuousClock.now, .zero))
      do { try await Task.sleep(for: pause) } catch { throw .message("interrupted: job \(job.id) still runs on its host") }
      let result = job.result(of: try await ask(job.status))
      if result.fields["finished"] == true {
        _ = try await ask(job.removal)
        return result
      }
      if ContinuousClock.now >= deadline {
        var job = result.fields
        job["changed"] = nil
        return .failed(AsyncJob.tooLate(seconds), ["async_result": .dict(job), "changed": false])
      }
    }
  }

  private func ask(_ request: ShellRequest) async throws(ActionFailure) -> ShellResponse {
    do throws(TransportError) { return try await link.run(request) } catch { throw .transport(error) }
  }
}
