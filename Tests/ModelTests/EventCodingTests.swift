import Testing

@testable import Model

@Suite struct EventCodingTests {
  @Test func `an outcome reads back from its fields, through JSON too`() throws {
    let outcome = StepOutcome(
      result: StepResult(
        .failed, ["rc": 1, "stdout": "é"],
        diffs: [
          FileDiff(beforeHeader: "/a", afterHeader: "", body: .text(before: "x", after: "")),
          FileDiff(beforeHeader: "", afterHeader: "", body: .note("binary")),
          FileDiff(beforeHeader: "", afterHeader: "", body: .prepared("+1")),
        ]),
      isIgnored: true, isLoop: true, delegatedTo: "db1", notified: ["a", "b"], durationSeconds: 2,
      failure: .error("boom", at: nil), isDiffShown: false)
    let fields = try #require(try Value(json: Value.dict(outcome.fields).json).dict)
    #expect(StepOutcome(fields: fields) == outcome)
  }

  @Test func `what no_log hides is in no field`() {
    let diff = FileDiff(beforeHeader: "", afterHeader: "", body: .text(before: "hidden", after: "hidden"))
    let result = StepResult(.changed, ["stdout": "hidden", "attempts": 2], diffs: [diff])
    let outcome = StepOutcome(result: result, isCensored: true, failure: .error("hidden", at: nil))
    let step = StepReference(task: 1, host: "web1")
    for event in [
      RunEvent.stepFinished(step, outcome), .itemFinished(step, item: ItemOutcome(label: "hidden", outcome: outcome)),
      .stepRetrying(step, item: ItemOutcome(label: "hidden", outcome: outcome), remaining: 1),
    ] {
      #expect(!event.value.json.contains("\"hidden\""))
      #expect(event.value["result"]?["attempts"] == 2)
    }
  }

  @Test(arguments: [[:], ["status": "ok"], ["status": "odd", "result": [:]], ["result": [:]]] as [Value.Dict])
  func `other fields are no outcome`(fields: Value.Dict) {
    #expect(StepOutcome(fields: fields) == nil)
  }
}
