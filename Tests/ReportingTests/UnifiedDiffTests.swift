import Model
import Support
import Testing

@testable import Reporting

@Suite struct UnifiedDiffTests {
  @Test func `diffs are Python's, line for line`() throws {
    let cases = try #require(GoldenFile("diffs.jsonl").text).split(separator: "\n")
    #expect(cases.count == 69)
    for line in cases {
      let sample = try Value(json: String(line))
      let before = try #require(sample["before"]?.string), after = try #require(sample["after"]?.string)
      let diff = UnifiedDiff(before: before, after: after, beforeHeader: "before", afterHeader: "after: x")
      #expect(diff.lines.map(\.text).joined() == sample["diff"]?.string, "\(before.debugDescription) \(after.debugDescription)")
    }
  }

  @Test func `texts too large to compare are said to be`() {
    let large = String(repeating: "x", count: UnifiedDiff.bytesMax + 1)
    let diff = UnifiedDiff(before: "", after: large, beforeHeader: "before", afterHeader: "after")
    #expect(diff.lines.isEmpty)
    #expect(diff.note == "diff skipped: more than 4 MiB of text on one side")
  }

  @Test func `texts too alike within themselves are said to be`() {
    let lines = (0..<100).map { "line \($0 % 10)\n" }
    let diff = UnifiedDiff(lines.joined(), lines.reversed().joined(), "before", "after", stepsMax: 100)
    #expect(diff.lines.isEmpty)
    #expect(diff.note == "diff skipped: 100 lines against 100 with too much repetition to compare")
  }

  @Test(arguments: [
    (FileDiff.Body.note("diff skipped: source file appears to be binary"), "diff skipped: source file appears to be binary\n"),
    (.prepared("will install: nginx\n"), "will install: nginx\n"),
    (.text(before: "same\n", after: "same\n"), ""),
    (.text(before: "a\u{1B}[31m\r\n", after: ""), "--- before: /x\n+++ after\n@@ -1 +0,0 @@\n-a\\x1b[31m\n\n"),
  ])
  func `a file diff prints as ansible-playbook's, controls escaped`(body: FileDiff.Body, expected: String) {
    let diff = FileDiff(beforeHeader: "/x", afterHeader: "", body: body)
    #expect(DiffText(diff: diff).text(.none) == expected)
  }
}
