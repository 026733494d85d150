import Actions
import Model
import Testing
import Transport

@testable import Execution

struct ActionFailureTests {
  @Test(arguments: [
    (TransportError.Operation.connect, StepResult.Status.unreachable), (.authenticate, .unreachable), (.run, .unreachable),
    (.openShell, .unreachable), (.become, .failed), (.upload, .failed), (.download, .failed),
  ])
  func `a host that answers with a refusal has failed, one that does not answer is unreachable`(
    operation: TransportError.Operation, status: StepResult.Status
  ) {
    let failure = ActionFailure.transport(TransportError(operation, host: "web1", "the reason"))
    #expect(failure.result(on: "web1").status == status)
    #expect(failure.result(on: "web1").message == "the reason")
  }
}
