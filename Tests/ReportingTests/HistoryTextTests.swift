import Model
import Testing

@testable import Reporting

@Suite struct HistoryTextTests {
  private func record(
    _ id: String, _ state: RunRecord.State, took: Double?, open: Int = 0, check: Bool = false
  ) -> RunRecord {
    let header = RunHeader(
      id: id, runbooks: ["site.yml"], inventories: ["hosts"], command: ["martlet", "run", "site.yml"], user: "root",
      isCheck: check)
    return RunRecord(
      header: header, state: state, startedAt: 1_769_903_940, endedAt: took.map { 1_769_903_940 + $0 },
      exitStatus: state == .ended(.completed) ? 2 : nil, hosts: [:], steps: [.ok: 12, .changed: 3, .failed: 1],
      openSteps: open)
  }

  @Test func `runs stand in a table`() {
    let text = HistoryText([
      record("r4", .running(processID: 77), took: nil, open: 2), record("r3", .died, took: nil, open: 1),
      record("r2", .ended(.interrupted), took: 7290), record("r1", .ended(.completed), took: 65.4, check: true),
    ]).text
    #expect(
      text == """
        RUN  STARTED                    TOOK  ENDING            OK  CHANGED  FAILED  UNREACHABLE  SKIPPED  RUNBOOKS
        r4   2026-01-31 23:59:00Z             running (77)      12        3       1            0        0  site.yml
        r3   2026-01-31 23:59:00Z             died, 1 in doubt  12        3       1            0        0  site.yml
        r2   2026-01-31 23:59:00Z  2 h 1 min  interrupted       12        3       1            0        0  site.yml
        r1   2026-01-31 23:59:00Z  1 min 5 s  exit 2            12        3       1            0        0  site.yml (check)

        """)
  }

  @Test func `no runs are said to be none`() {
    #expect(HistoryText([]).text == "no runs recorded yet\n")
  }

  @Test(arguments: [
    (0.0, "1970-01-01 00:00:00Z"), (951_782_399.9, "2000-02-28 23:59:59Z"), (951_782_400, "2000-02-29 00:00:00Z"),
    (-1, "1969-12-31 23:59:59Z"), (4_107_542_399, "2100-02-28 23:59:59Z"), (4_107_542_400, "2100-03-01 00:00:00Z"),
  ])
  func `times are UTC by the calendar`(seconds: Double, expected: String) {
    #expect(timeText(seconds) == expected)
  }

  @Test(arguments: [(0.04, "0.0 s"), (9.96, "10.0 s"), (59.4, "59 s"), (60, "1 min 0 s"), (7290, "2 h 1 min")])
  func `spans read as people say them`(seconds: Double, expected: String) {
    #expect(durationText(seconds) == expected)
  }

  @Test func `a run that died names the steps in doubt`() {
    let task = TaskHeader(
      task: 3, play: 0, kind: .task, name: "append a line", role: "base", module: "shell", place: "site.yml:4", key: "k")
    let diff = FileDiff(beforeHeader: "/etc/x", afterHeader: "/etc/x", body: .text(before: "a\n", after: "b\n"))
    let changed = StepOutcome(result: StepResult(.changed, ["msg": "noise"], diffs: [diff]), durationSeconds: 0.5)
    let failed = StepOutcome(result: .failed("no such\u{1B}[1m file\nmore"), isIgnored: true, durationSeconds: 1.25)
    func step(_ host: String, _ outcome: StepOutcome?) -> StepRecord {
      StepRecord(
        step: StepReference(task: 3, host: host), startedAt: 1_769_903_940, finishedAt: outcome.map { _ in 0 },
        outcome: outcome, finishedItems: outcome == nil ? 2 : 0)
    }
    let details = RunDetails(
      run: record("r1", .died, took: nil, open: 1),
      plays: [PlayHeader(play: 0, name: "web", hosts: ["web1", "web2", "web3"], place: "site.yml:1")], tasks: [task],
      steps: [step("web1", changed), step("web2", failed), step("web3", nil)],
      messages: [RunMessage(kind: .warning, text: "careful", host: "web1"), RunMessage(kind: .meta, text: "noop")])
    #expect(
      RunText(details).text == """
        run r1: died, 1 in doubt
          started 2026-01-31 23:59:00Z by root
          command: martlet run site.yml
          runbooks: site.yml
          inventory: hosts

        PLAY web  (site.yml:1, 3 hosts)
          TASK base : append a line  (site.yml:4)
            changed     web1  0.5 s
              --- before: /etc/x
              +++ after: /etc/x
              @@ -1 +1 @@
              -a
              +b
            failed      web2  1.3 s  (ignored)  no such\\x1b[1m file
            in doubt    web3  since 2026-01-31 23:59:00Z, 2 items finished

        warning: web1: careful

        in doubt: started, and no result recorded; each may or may not have happened:
          web3: base : append a line  (site.yml:4)

        """)
  }
}
