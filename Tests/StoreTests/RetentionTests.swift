import GRDB
import Model
import Testing

@testable import Store

@Suite struct RetentionTests {
  private let scratch = ScratchFolder()
  private let store: StateDatabase
  private static let day = 86400.0

  init() throws { store = try StateDatabase.open(inFolder: scratch.path) }

  private func run(_ id: String, day: Double, steps: Int = 1, retention: Retention) async throws {
    let journal = try store.beginRun(header(id), retention: retention) { day * Self.day }
    let started = (0..<steps).map { RunEvent.stepStarted(StepReference(task: $0, host: "web1")) }
    try await journal.append([.playStarted(play), .taskStarted(task)] + started + [finishedRun()])
  }

  private func rows(_ table: String) throws -> Int {
    try store.read("count") { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }

  @Test func `the last runs are kept, the one about to begin counted`() async throws {
    for number in 1...5 { try await run("r\(number)", day: 1, retention: Retention(runsMax: 3, daysMax: nil)) }
    #expect(try store.runs().map(\.header.id) == ["r5", "r4", "r3"])
    #expect(try rows("steps") == 3)
    #expect(try rows("plays") == 3)
    #expect(try rows("tasks") == 3)
  }

  @Test func `runs of the last days are kept`() async throws {
    let retention = Retention(runsMax: nil, daysMax: 10)
    for day in [1.0, 5, 12] { try await run("day\(day)", day: day, retention: retention) }
    #expect(try store.runs().map(\.header.id) == ["day12.0", "day5.0"])
  }

  @Test func `without limits all is kept`() async throws {
    for number in 1...3 { try await run("r\(number)", day: Double(number) * 1000, retention: Retention(runsMax: nil, daysMax: nil)) }
    #expect(try store.runs().count == 3)
  }

  @Test func `a run that lives is kept`() async throws {
    _ = try store.beginRun(header("alive")) { 1 }
    for number in 1...3 { try await run("r\(number)", day: 1, retention: Retention(runsMax: 1, daysMax: nil)) }
    #expect(try store.runs().map(\.header.id) == ["r3", "alive"])
  }

  @Test func `a large run goes piece by piece and is not shown meanwhile`() async throws {
    let all = Retention(runsMax: nil, daysMax: nil), one = Retention(runsMax: 1, daysMax: nil)
    try await run("large", day: 1, steps: 45_000, retention: all)
    var left: [Int] = []
    for number in 1...3 {
      try await run("r\(number)", day: 1, steps: 0, retention: one)
      #expect(try store.runs().map(\.header.id) == ["r\(number)"])
      #expect(try store.runIDs(matching: "large").isEmpty)
      left.append(try rows("steps"))
    }
    #expect(left == [25_000, 5_000, 0])
  }
}
