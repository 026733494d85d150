import Testing

@testable import Model

@Suite struct RunRecordCodingTests {
  private func record(_ state: RunRecord.State) -> RunRecord {
    let header = RunHeader(
      id: "r1", runbooks: ["site.yml"], inventories: ["hosts"], command: ["martlet"], user: "root", isCheck: true)
    return RunRecord(
      header: header, state: state, startedAt: 10, endedAt: nil, exitStatus: nil, hosts: ["web1": HostSummary()],
      steps: [.ok: 2], openSteps: 1)
  }

  @Test(arguments: [
    (RunRecord.State.running(processID: 7), "running"), (.ended(.completed), "completed"),
    (.ended(.interrupted), "interrupted"), (.ended(.crashed), "crashed"), (.died, "died"),
  ])
  func `a state has a word`(state: RunRecord.State, word: String) {
    #expect(record(state).value["state"]?.string == word)
  }

  @Test func `a run is told with all counts`() {
    #expect(
      record(.died).value.json(.compact) == """
        {"run":"r1","runbooks":["site.yml"],"inventories":["hosts"],"command":["martlet"],"user":"root","check":true,\
        "state":"died","started_at":10.0,"ended_at":null,"exit_status":null,\
        "steps":{"ok":2,"changed":0,"skipped":0,"failed":0,"unreachable":0},"open_steps":1,\
        "hosts":{"web1":{"ok":0,"changed":0,"unreachable":0,"failed":0,"skipped":0,"rescued":0,"ignored":0}}}
        """)
  }

  @Test func `a step in doubt has no status`() {
    func step(_ host: String, _ outcome: StepOutcome?) -> StepRecord {
      StepRecord(
        step: StepReference(task: 1, host: host), startedAt: 1, finishedAt: outcome.map { _ in 2 }, outcome: outcome,
        finishedItems: 3)
    }
    let details = RunDetails(
      run: record(.died), plays: [], tasks: [],
      steps: [step("a", StepOutcome(result: StepResult(.changed, ["rc": 0]), durationSeconds: 1)), step("b", nil)],
      messages: [RunMessage(kind: .warning, text: "w")])
    #expect(
      details.value["step_results"]?.json(.compact) == """
        [{"task":1,"host":"a","started_at":1.0,"finished_at":2.0,"finished_items":3,"status":"changed",\
        "result":{"rc":0},"seconds":1.0},\
        {"task":1,"host":"b","started_at":1.0,"finished_at":null,"finished_items":3}]
        """)
    #expect(details.value["messages"]?[0] == ["kind": "warning", "text": "w", "host": nil])
  }
}

extension Value {
  fileprivate subscript(index: Int) -> Value? { list?[index] }
}
