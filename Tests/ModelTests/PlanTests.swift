import Model
import Testing

struct PlanTests {
  /// Digests that can be read.
  private static let digest: @Sendable (String) -> String = { "<\($0)>" }

  private static func plan(
    _ steps: [(host: String, forecast: Plan.Forecast, file: (String, String)?)], module: String = "copy", isRescued: Bool = false,
    delegatedTo: String? = nil
  ) -> Plan {
    var recording = PlanRecording(
      into: Plan(madeAt: 0, madeBy: "ada", martletVersion: "1", directory: "/", arguments: ["site.yml"], salt: "s"), digest: digest)
    recording.handle(.playStarted(PlayHeader(play: 0, name: "web", hosts: ["h1"], place: "site.yml:1")))
    for event in events(steps, module: module, isRescued: isRescued, delegatedTo: delegatedTo) { recording.handle(event) }
    recording.handle(.runFinished(RunSummary(ending: .completed, hosts: [:], exitStatus: 0)))
    return recording.plan
  }

  private static func header(_ module: String) -> TaskHeader {
    TaskHeader(task: 0, play: 0, kind: .task, name: "page", role: nil, module: module, place: "site.yml:3", key: "k")
  }

  private static func events(
    _ steps: [(host: String, forecast: Plan.Forecast, file: (String, String)?)], module: String = "copy", isRescued: Bool = false,
    delegatedTo: String? = nil
  ) -> [RunEvent] {
    [.taskStarted(header(module))] + steps.flatMap { step -> [RunEvent] in
      let reference = StepReference(task: 0, host: step.host)
      var outcome = outcome(step.forecast, step.file)
      outcome.isRescued = isRescued && step.forecast == .failed
      outcome.delegatedTo = delegatedTo
      return [.stepStarted(reference), .stepFinished(reference, outcome)]
    }
  }

  private static func outcome(_ forecast: Plan.Forecast, _ file: (String, String)?) -> StepOutcome {
    let status = StepResult.Status(rawValue: forecast.rawValue) ?? .skipped
    let diffs = file.map { [FileDiff(beforeHeader: "/etc/x", afterHeader: "x", body: .text(before: $0.0, after: $0.1))] } ?? []
    var outcome = StepOutcome(result: StepResult(status, status == .failed ? ["msg": "no"] : [:], diffs: diffs))
    if forecast == .knownAfterApply { outcome.knownAfterApply = "later" }
    return outcome
  }

  @Test func `a plan's file gives the plan back, and a newer format is refused`() throws {
    let plan = Self.plan([("h1", .changed, ("a", "b")), ("h2", .knownAfterApply, nil), ("h3", .failed, nil)])
    #expect(try Plan(value: plan.value) == plan)
    #expect(plan.steps.map(\.reason) == [nil, "later", "no"])
    #expect(plan.failures.map(\.host) == ["h3"])
    var fields = try #require(plan.value.dict)
    fields["version"] = .int(Plan.version + 1)
    #expect(throws: Plan.Unreadable.self) { try Plan(value: .dict(fields)) }
    fields["version"] = .int(Plan.version)
    fields["steps"] = [["task": 7, "host": "h1", "forecast": "ok"]]
    #expect(throws: Plan.Unreadable.self) { try Plan(value: .dict(fields)) }
  }

  @Test(arguments: [
    ([("h1", Plan.Forecast.changed, ("a", "b"))], [("h1", Plan.Forecast.changed, ("a", "b"))], [String]()),
    (
      [("h1", .changed, ("a", "b"))], [("h1", .changed, ("by hand", "b"))],
      ["host h1: 'page' (site.yml:3): what it would change is not as it was (/etc/x)"]
    ),
    (
      [("h1", .changed, ("a", "b"))], [("h1", .changed, ("a", "c"))],
      ["host h1: 'page' (site.yml:3): what it would change to is not as planned (/etc/x)"]
    ),
    (
      [("h1", .ok, nil)], [("h1", .changed, ("a", "b"))],
      ["host h1: 'page' (site.yml:3): planned ok, now changed (/etc/x)"]
    ),
    ([("h1", .ok, nil)], [], ["host h1: 'page' (site.yml:3) was planned and is not reached any more"]),
    ([], [("h1", .ok, nil)], ["host h1: 'page' (site.yml:3) is not in the plan"]),
    // What a host that is lost does not reach any more goes without saying.
    (
      [("h1", .ok, nil), ("h1", .changed, nil)], [("h1", .unreachable, nil)],
      ["host h1: 'page' (site.yml:3): planned ok, now unreachable"]
    ),
  ] as [([(String, Plan.Forecast, (String, String)?)], [(String, Plan.Forecast, (String, String)?)], [String])])
  func `what moved is named by host, step and file`(
    planned: [(String, Plan.Forecast, (String, String)?)], now: [(String, Plan.Forecast, (String, String)?)], moved: [String]
  ) {
    #expect(PlanComparison(planned: Self.plan(planned), now: Self.plan(now)).moved == moved)
  }

  @Test func `files and hosts that moved are named`() {
    var planned = Self.plan([("h1", .ok, nil)]), now = planned
    planned.sources = [.init(path: "site.yml", digest: "1"), .init(path: "gone.yml", digest: "1"), .init(path: "same", digest: "1")]
    now.sources = [.init(path: "site.yml", digest: "2"), .init(path: "gone.yml", digest: ""), .init(path: "same", digest: "1")]
    planned.inventory = [.init(path: "h1", digest: "1"), .init(path: "h2", digest: "1")]
    now.inventory = [.init(path: "h1", digest: "2"), .init(path: "h3", digest: "1")]
    now.extraVariables = "1"
    #expect(PlanComparison(planned: planned, now: now).moved == [
      "site.yml was changed after the plan was made", "gone.yml is gone",
      "host h1: groups or variables in the inventory changed", "host h2 left the inventory", "host h3 is new in the inventory",
      "variables given by -e are others than those of the plan; give apply the same -e as plan",
    ])
  }

  @Test(arguments: [
    (.changed, ("a", "b"), .changed, ("a", "b"), nil),
    (.changed, ("a", "b"), .ok, nil, nil),
    (.knownAfterApply, nil, .changed, ("a", "b"), nil),
    (.changed, ("a", "b"), .changed, ("x", "b"), "host h1: 'page' (site.yml:3) changed something else than planned"),
    (.ok, nil, .changed, nil, "host h1: 'page' (site.yml:3) was planned ok, and came out changed"),
    (.skipped, nil, .ok, nil, "host h1: 'page' (site.yml:3) was planned skipped, and came out ok"),
    (.knownAfterApply, nil, .failed, nil, "host h1: 'page' (site.yml:3) was planned known after apply, and failed: no"),
  ] as [(Plan.Forecast, (String, String)?, Plan.Forecast, (String, String)?, String?)])
  func `the guard stops at what was not planned`(
    planned: Plan.Forecast, file: (String, String)?, done: Plan.Forecast, doneFile: (String, String)?, surprise: String?
  ) {
    var watch = PlanGuard(Self.plan([("h1", planned, file)]), digest: Self.digest)
    for event in Self.events([("h1", done, doneFile)]) { _ = watch.handle(event) }
    #expect(watch.surprise == surprise)
    #expect(watch.notReached.isEmpty)
  }

  @Test(arguments: [
    (.knownAfterApply, nil), (.failed, nil), (.ok, "host h1: 'page' (site.yml:3) was planned ok, and failed: no"),
  ] as [(Plan.Forecast, String?)])
  func `a rescued failure that the plan saw or could not know is none to stop at, and what rescues it may come`(
    planned: Plan.Forecast, surprise: String?
  ) {
    var watch = PlanGuard(Self.plan([("h1", planned, nil)], isRescued: planned == .failed), digest: Self.digest)
    for event in Self.events([("h1", .failed, nil)], isRescued: true) { _ = watch.handle(event) }
    #expect(watch.surprise == surprise)
    guard surprise == nil else { return }
    var rescuer = Self.header("copy")
    (rescuer.task, rescuer.key) = (1, "rescuer")
    _ = watch.handle(.taskStarted(rescuer))
    #expect(watch.handle(.stepStarted(StepReference(task: 1, host: "h1"))) == nil)
    #expect(watch.handle(.stepStarted(StepReference(task: 1, host: "h2")))?.contains("is not in the plan") == true)
  }

  @Test func `a failure that is rescued is in the plan's file and keeps nobody from applying it`() throws {
    let plan = Self.plan([("h1", .failed, nil)], isRescued: true)
    #expect(plan.failures.isEmpty && plan.steps.allSatisfy(\.isRescued))
    #expect(try Plan(value: plan.value) == plan)
  }

  @Test func `what hosts change in one file of the host that they are delegated to is known after apply`() {
    let plan = Self.plan([("h1", .changed, ("a", "a1")), ("h2", .changed, ("a", "a2")), ("h3", .ok, nil)], delegatedTo: "h1")
    #expect(plan.steps.map(\.forecast) == [.knownAfterApply, .knownAfterApply, .ok])
    #expect(plan.steps[0].reason == "2 hosts change /etc/x on h1, in no fixed order")
    #expect(plan.steps[1].diffs.count == 1)
    #expect(Self.plan([("h1", .changed, ("a", "a1")), ("h2", .changed, ("a", "a2"))]).count(.changed) == 2)
  }

  @Test func `a step that no plan has is refused before it starts, unless an include was known after apply`() {
    var strict = PlanGuard(Self.plan([("h1", .ok, nil)]), digest: Self.digest)
    _ = strict.handle(.taskStarted(Self.header("copy")))
    #expect(strict.handle(.stepStarted(StepReference(task: 0, host: "h2")))?.contains("is not in the plan") == true)
    var open = PlanGuard(Self.plan([("h1", .knownAfterApply, nil)], module: "include_tasks"), digest: Self.digest)
    var other = Self.header("copy")
    (other.task, other.key) = (1, "included")
    _ = open.handle(.taskStarted(other))
    #expect(open.handle(.stepStarted(StepReference(task: 1, host: "h1"))) == nil)
  }
}
