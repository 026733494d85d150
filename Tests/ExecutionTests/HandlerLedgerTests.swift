import Model
import Testing

@testable import Execution

struct HandlerLedgerTests {
  private func owed(_ name: String, by task: String) -> OwedHandler {
    OwedHandler(host: "web1", file: "/site.yml", play: "web", name: name, task: task)
  }

  @Test func `what an earlier run left is due once the host is past the task that had notified it`() {
    var ledger = HandlerLedger()
    ledger.takeUp(owed("restart", by: "config"), on: 0)
    ledger.takeUp(owed("reload", by: "gone"), on: 0)
    #expect(ledger.due(after: "other", on: 0).isEmpty)
    #expect(ledger.due(after: "config", on: 1).isEmpty)
    #expect(ledger.due(after: "config", on: 0) == ["restart"])
    #expect(ledger.due(after: "config", on: 0).isEmpty)
    #expect(ledger.remaining(on: 0).map(\.name) == ["reload"])
    #expect(ledger.remaining(on: 0).isEmpty)
  }

  @Test func `a topic is settled when the last handler that listens to it has run`() {
    var ledger = HandlerLedger()
    ledger.expand("topic", to: [7, 8], on: 0)
    ledger.expand("one", to: [7], on: 0)
    #expect(ledger.ran(7, on: 1).isEmpty)
    #expect(ledger.ran(7, on: 0) == ["one"])
    #expect(ledger.ran(9, on: 0).isEmpty)
    #expect(ledger.ran(8, on: 0) == ["topic"])
    #expect(ledger.ran(8, on: 0).isEmpty)
  }
}
