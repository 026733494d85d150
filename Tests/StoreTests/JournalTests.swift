import GRDB
import Glibc
import Model
import Testing

@testable import Store

@Suite struct JournalTests {
  private let scratch = ScratchFolder()
  private let store: StateDatabase

  init() throws { store = try StateDatabase.open(inFolder: scratch.path) }

  @Test func `what was appended reads back`() async throws {
    let journal = try store.beginRun(header) { 100.5 }
    let diff = FileDiff(beforeHeader: "/etc/motd", afterHeader: "", body: .text(before: "a\n", after: "b\n"))
    let outcome = StepOutcome(
      result: StepResult(.changed, ["stdout": "ü\n", "rc": 0, "nested": ["a": [1.5, nil]]], diffs: [diff]),
      isIgnored: true, isLoop: true, delegatedTo: "db", notified: ["reload"], durationSeconds: 0.5, isDiffShown: false)
    try await journal.append([
      .runStarted(header), .playStarted(play), .taskStarted(task), .stepStarted(step("web1")),
      .message(RunMessage(kind: .warning, text: "careful", host: "web1")),
    ])
    try await journal.append([.stepFinished(step("web1"), outcome), .playFinished(0), finishedRun()])
    let details = try #require(try store.run(header.id))
    #expect(details.run.header == header)
    #expect(details.run.state == .ended(.completed))
    #expect(details.run.exitStatus == 2)
    #expect(details.run.hosts["web1"]?.changed == 1)
    #expect(details.run.steps == [.changed: 1])
    #expect(details.plays == [play])
    #expect(details.tasks == [task])
    #expect(details.messages == [RunMessage(kind: .warning, text: "careful", host: "web1")])
    #expect(
      details.steps == [
        StepRecord(step: step("web1"), startedAt: 100.5, finishedAt: 100.5, outcome: outcome, finishedItems: 0)
      ])
  }

  @Test func `a martlet that is killed leaves its steps in doubt`() async throws {
    let folder = scratch.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
      let store = try StateDatabase.open(inFolder: folder)
      let journal = try store.beginRun(header) { 1 }
      try await journal.append([.runStarted(header), .playStarted(play), .taskStarted(task)])
      try await journal.append([.stepStarted(step("web1")), .stepStarted(step("web2"))])
      let item = ItemOutcome(label: 1, outcome: StepOutcome(result: StepResult(.ok)))
      try await journal.append([finished("web1", .ok), .itemFinished(step("web2"), item: item)])
      kill(getpid(), SIGKILL)
    }
    let details = try #require(try store.run(header.id))
    #expect(details.run.state == .died)
    #expect(details.run.steps == [.ok: 1])
    #expect(details.run.openSteps == 1)
    let open = details.steps.filter { $0.outcome == nil }
    #expect(open.map(\.step) == [step("web2")])
    #expect(open.map(\.finishedItems) == [1])
    #expect(try store.read("check") { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
  }

  @Test func `a run of a process that lives is running`() async throws {
    let journal = try store.beginRun(header) { 1 }
    try await journal.append(.stepStarted(step("web1")))
    let record = try #require(try store.runs().first)
    #expect(record.state == .running(processID: getpid()))
    #expect(record.openSteps == 1)
  }

  @Test func `an interrupted run names what it left open`() async throws {
    let journal = try store.beginRun(header) { 1 }
    try await journal.append([.stepStarted(step("web1")), finishedRun(.interrupted)])
    let record = try #require(try store.runs().first)
    #expect(record.state == .ended(.interrupted))
    #expect(record.openSteps == 1)
  }

  @Test func `a step that was skipped before it was sent is there too`() async throws {
    let journal = try store.beginRun(header) { 7 }
    try await journal.append(finished("web1", .skipped, ["skip_reason": "Conditional result was False"]))
    let record = try #require(try store.run(header.id)?.steps.first)
    #expect(record.outcome?.result.status == .skipped)
    #expect(record.startedAt == 7 && record.finishedAt == 7)
  }

  @Test func `a handler that runs twice has two steps`() async throws {
    let journal = try store.beginRun(header) { 1 }
    for status in [StepResult.Status.ok, .changed] {
      try await journal.append([.stepStarted(step("web1")), finished("web1", status)])
    }
    #expect(try store.run(header.id)?.steps.map { $0.outcome?.result.status } == [.ok, .changed])
  }

  @Test func `no secret reaches the file`() async throws {
    store.scrubber.register("hunter2 & co")
    var header = header
    header.command = ["martlet", "run", "-e", "password=topsecret user=x", "--extra-vars={\"a\": \"topsecret\"}", "-e@vars.yml"]
    let journal = try store.beginRun(header) { 1 }
    try await journal.append([
      .stepStarted(step("web1")),
      finished("web1", .ok, ["stdout": "it is hunter2 & co", "token": .secret(Secret("topsecret"))]), finishedRun(),
    ])
    let details = try #require(try store.run(header.id))
    #expect(details.steps.first?.outcome?.result.fields == ["stdout": "it is ***", "token": "***"])
    #expect(
      details.run.header.command
        == ["martlet", "run", "-e", "password=*** user=***", "--extra-vars=***", "-e@vars.yml"])
    try await store.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    #expect(!fileContains("hunter2") && !fileContains("topsecret"))
  }

  @Test func `an interrupted run still records its end`() async throws {
    let journal = try store.beginRun(header) { 1 }
    let interrupted = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await journal.append([.stepStarted(step("web1")), finishedRun(.interrupted)])
    }
    try await interrupted.value
    try await journal.append(.message(RunMessage(kind: .warning, text: "after")))
    let details = try #require(try store.run(header.id))
    #expect(details.run.state == .ended(.interrupted))
    #expect(details.messages.map(\.text) == ["after"])
  }

  @Test(arguments: [
    (["-e", "a=1 b=2"], ["-e", "a=*** b=***"]), (["-ea=1"], ["-ea=***"]), (["--extra-vars", "@f"], ["--extra-vars", "@f"]),
    (["--extra=a=1"], ["--extra=a=***"]), (["--extra-v", "{a: 1}"], ["--extra-v", "***"]), (["-e", "[1=2]"], ["-e", "***"]),
    (["--check", "-l", "web=x", "site.yml"], ["--check", "-l", "web=x", "site.yml"]), (["-e"], ["-e"]),
  ])
  func `values on the command line are not kept`(command: [String], kept: [String]) {
    #expect(withoutExtraValues(command) == kept)
  }

  @Test func `a full disk fails the append, and what was written before stays`() async throws {
    let journal = try store.beginRun(header) { 1 }
    try await journal.append(.stepStarted(step("web1")))
    try await store.queue.writeWithoutTransaction {
      let pages = try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0
      try $0.execute(sql: "PRAGMA max_page_count = \(pages)")
    }
    let large = finished("web1", .ok, ["stdout": .string(String(repeating: "x", count: 100_000))])
    let error = await #expect(throws: StoreError.self) { try await journal.append(large) }
    #expect(error?.kind == .full)
    #expect(error?.description.contains("make room on its disk") == true)
    let later = await #expect(throws: StoreError.self) { try await journal.append(.stepStarted(step("web2"))) }
    #expect(later?.kind == .full)
    #expect(try store.runs().first?.openSteps == 1)
  }

  @Test func `appends at the same time are all committed`() async throws {
    let journal = try store.beginRun(header) { 1 }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask { try await journal.append(.stepStarted(StepReference(task: number, host: "web1"))) }
      }
      try await group.waitForAll()
    }
    #expect(try store.runs().first?.openSteps == 200)
  }

  private func fileContains(_ text: String) -> Bool {
    guard let file = fopen(store.path, "r") else { return true }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 22)
    let count = fread(&bytes, 1, bytes.count, file)
    return bytes[..<count].contains(Array(text.utf8))
  }
}
