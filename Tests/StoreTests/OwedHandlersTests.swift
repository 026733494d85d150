import Model
import Testing

@testable import Store

@Suite struct OwedHandlersTests {
  private let scratch = ScratchFolder()
  private let store: StateDatabase

  init() throws { store = try StateDatabase.open(inFolder: scratch.path) }

  private func owed(_ name: String, on host: String = "web1") -> OwedHandler {
    OwedHandler(host: host, file: "/site.yml", play: "web", name: name, task: "config")
  }

  private func step(made: [OwedHandler] = [], settled: [OwedHandler] = []) -> RunEvent {
    var outcome = StepOutcome(result: StepResult(.changed))
    outcome.debts.made = made
    outcome.debts.settled = settled
    return .stepFinished(StepReference(task: 3, host: "web1"), outcome)
  }

  private func end(_ ending: RunSummary.Ending, failed: Int = 0) -> RunEvent {
    var counts = HostSummary()
    counts.failed = failed
    return .runFinished(RunSummary(ending: ending, hosts: ["web1": counts], exitStatus: failed > 0 ? 2 : 0))
  }

  /// The names that are owed after a run with these events.
  private func names(after events: [RunEvent], isCheck: Bool = false, id: String = "a") async throws -> [String] {
    var header = header(id)
    header.isCheck = isCheck
    try await store.beginRun(header) { 1 }.append(events)
    return try store.owedHandlers().map(\.name)
  }

  @Test func `what was notified is owed from the step's end on, until its handler has run`() async throws {
    #expect(try await names(after: [step(made: [owed("restart"), owed("reload")])]) == ["reload", "restart"])
    #expect(try await names(after: [step(settled: [owed("restart")])], id: "b") == ["reload"])
    #expect(try store.owedHandlers(ofRun: "a").first?.task == "config")
    #expect(try store.owedHandlers(ofRun: "b").isEmpty)
    try store.forgetOwed([owed("reload")])
    #expect(try store.owedHandlers().isEmpty)
  }

  @Test func `a host that failed, and a run that was stopped, leave it owed; a host that did well leaves nothing`() async throws {
    #expect(try await names(after: [step(made: [owed("restart")]), end(.completed, failed: 1)]) == ["restart"])
    #expect(try await names(after: [step(made: [owed("reload")]), end(.interrupted)], id: "b") == ["restart", "reload"].sorted())
    #expect(try await names(after: [step(made: [owed("reload")]), end(.completed)], id: "c") == ["restart"])
  }

  @Test func `check mode owes nothing and settles nothing`() async throws {
    #expect(try await names(after: [step(made: [owed("restart")])]) == ["restart"])
    let checked = [step(made: [owed("reload")], settled: [owed("restart")]), end(.completed)]
    #expect(try await names(after: checked, isCheck: true, id: "b") == ["restart"])
  }
}
