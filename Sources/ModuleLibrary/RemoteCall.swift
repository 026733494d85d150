import Model
import Transport

/// A request to a host and the way to read its answer: what actions use for files.
package struct RemoteCall<Answer: Sendable>: Sendable {
  package var request: ShellRequest
  private let read: @Sendable (ShellResponse) -> Result<Answer, StepFailure>

  init(request: ShellRequest, read: @escaping @Sendable (ShellResponse) -> Result<Answer, StepFailure>) {
    self.request = request
    self.read = read
  }

  package func answer(from response: ShellResponse) throws(StepFailure) -> Answer { try read(response).get() }

  /// Asks the host and reads its answer.
  package func run(on session: any HostSession) async throws -> Answer { try answer(from: await session.run(request)) }
}

/// A call that failed on the host: the result that its step has then.
package struct StepFailure: Error, Sendable {
  package var result: StepResult

  package init(_ result: StepResult) { self.result = result }
}
