import Model
import Testing

@testable import Store

@Suite struct HistoryTests {
  private let scratch = ScratchFolder()
  private let store: StateDatabase

  init() throws {
    store = try StateDatabase.open(inFolder: scratch.path)
    for id in ["20260101T1-aa", "20260101T2-bb", "20260202T1-cc"] { _ = try store.beginRun(header(id)) { 1 } }
  }

  @Test func `the newest run comes first, and the limit holds`() throws {
    #expect(try store.runs(limit: 2).map(\.header.id) == ["20260202T1-cc", "20260101T2-bb"])
  }

  @Test(arguments: [
    ("last", ["20260202T1-cc"]), ("20260202", ["20260202T1-cc"]), ("20260101T1-aa", ["20260101T1-aa"]),
    ("20260101", ["20260101T1-aa", "20260101T2-bb"]), ("2027", []), ("%", []), ("2026010_T1", []),
  ])
  func `a run is found by the beginning of its identifier`(text: String, expected: [String]) throws {
    #expect(try store.runIDs(matching: text) == expected)
  }

  @Test func `a run that is not there is nil`() throws {
    #expect(try store.run("nope") == nil)
  }
}
