import Model
import Testing

@testable import Store

@Suite struct ManagedTests {
  private let scratch = ScratchFolder()
  private let store: StateDatabase

  init() throws { store = try StateDatabase.open(inFolder: scratch.path) }

  private func run(
    _ id: String, at time: Double, _ resources: [(String, StepResult.Status)],
    command: [String] = ["martlet", "run", "site.yml"]
  ) async throws {
    var header = header(id)
    header.command = command
    let journal = try store.beginRun(header) { time }
    var play = play
    play.runbook = "site.yml"
    try await journal.append([.runStarted(header), .playStarted(play), .taskStarted(task)])
    for (name, status) in resources {
      var outcome = StepOutcome(result: StepResult(status))
      outcome.resources = [ManagedResource(module: "apt", name: name, arguments: ["name": .string(name)], becomeUser: "root")]
      try await journal.append(.stepFinished(step("web1"), outcome))
    }
    var counts = HostSummary()
    counts.ok = 1
    try await journal.append(.runFinished(RunSummary(ending: .completed, hosts: ["web1": counts], exitStatus: 0)))
  }

  @Test func `who changed a resource last is kept while later runs only see to it`() async throws {
    try await run("20260101T000000Z-a", at: 1, [("nginx", .changed)])
    try await run("20260102T000000Z-b", at: 2, [("nginx", .ok)])
    let record = try #require(try store.managed().first)
    #expect(record.resource.name == "nginx" && record.resource.arguments == ["name": "nginx"] && record.resource.becomeUser == "root")
    #expect(record.changed == RunStamp(run: "20260101T000000Z-a", user: "root", time: 1))
    #expect(record.seen.run == "20260102T000000Z-b")
    #expect(!record.isOrphaned)
    #expect(try store.managed(on: ["other"]).isEmpty)
  }

  @Test func `what a whole run of the same runbook leaves out is orphaned, what tags left out is not`() async throws {
    try await run("20260101T000000Z-a", at: 1, [("nginx", .changed), ("less", .changed)])
    try await run("20260102T000000Z-b", at: 2, [("nginx", .ok)], command: ["martlet", "run", "site.yml", "--tags", "web"])
    #expect(try store.managed().allSatisfy { !$0.isOrphaned })
    try await run("20260103T000000Z-c", at: 3, [("nginx", .ok)])
    #expect(try store.managed().filter(\.isOrphaned).map(\.resource.name) == ["less"])
    try store.forgetManaged(try store.managed().filter(\.isOrphaned))
    #expect(try store.managed().map(\.resource.name) == ["nginx"])
  }

  @Test func `facts are kept with their time, and a fact's values with when they were first seen`() async throws {
    func gather(_ id: String, at time: Double, _ facts: Value.Dict) async throws {
      let journal = try store.beginRun(header(id)) { time }
      var task = task
      task.module = "ansible.builtin.setup"
      try await journal.append([.taskStarted(task), finished("web1", .ok, ["ansible_facts": .dict(facts)])])
    }
    try await gather("20260101T000000Z-a", at: 1, ["ansible_kernel": "6.1", "ansible_flag": true, "ansible_list": [1, "x"]])
    try await gather("20260102T000000Z-b", at: 2, ["ansible_kernel": "6.1", "ansible_flag": true, "ansible_list": [1, "x"]])
    try await gather("20260103T000000Z-c", at: 3, ["ansible_kernel": "6.2"])
    #expect(try store.history(of: "kernel", on: "web1") == [FactValue(since: 1, value: "6.1"), FactValue(since: 3, value: "6.2")])
    #expect(try store.history(of: "ansible_list", on: "web1") == [FactValue(since: 1, value: [1, "x"])])
    let known = try #require(try store.facts(of: "web1"))
    #expect(known.gatheredAt == 3 && known.facts["ansible_flag"] == true && known.facts["ansible_kernel"] == "6.2")
    #expect(try store.facts(of: "web1", notBefore: 4) == nil)
  }
}
