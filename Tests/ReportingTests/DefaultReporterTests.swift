import Model
import Support
import Testing

@testable import Reporting

@Suite struct DefaultReporterTests {
  private func show(_ events: [RunEvent], _ change: (inout OutputSettings) -> Void = { _ in }) -> MemorySink {
    var settings = OutputSettings()
    change(&settings)
    let sink = MemorySink()
    var reporter = DefaultReporter(settings, to: sink)
    for event in events { reporter.handle(event) }
    return sink
  }

  @Test func `output to a pipe is what ansible-playbook writes`() {
    let sink = show(SampleRun.events)
    #expect(GoldenFile("default.txt").difference(from: sink.output) == nil)
    #expect(sink.errors == "[WARNING]: Could not match supplied host pattern, ignoring: nosuch\n")
  }

  @Test func `with -v results follow the status`() {
    #expect(GoldenFile("verbose.txt").difference(from: show(SampleRun.events) { $0.verbosity = 1 }.output) == nil)
  }

  @Test func `forced colours are ansible-playbook's`() {
    #expect(GoldenFile("colored.txt").difference(from: show(SampleRun.events) { $0.palette = .standard }.output) == nil)
  }

  @Test func `with -vv places and the playbook are told`() {
    #expect(GoldenFile("very-verbose.txt").difference(from: show(SampleRun.events) { $0.verbosity = 2 }.output) == nil)
  }

  @Test func `hosts that are ok or skipped can be left out, failures go to standard error`() {
    let sink = show(SampleRun.events) {
      $0.showsOkHosts = false
      $0.showsSkippedHosts = false
      $0.sendsFailuresToStandardError = true
      $0.showsTaskPathOnFailure = true
    }
    #expect(GoldenFile("filtered.txt").difference(from: sink.output) == nil)
    #expect(GoldenFile("filtered-errors.txt").difference(from: sink.errors) == nil)
  }

  // MARK: One event at a time

  private func play(_ strategy: String = "linear", check: Bool = false) -> RunEvent {
    .playStarted(
      PlayHeader(play: 0, name: "all", hosts: ["h1", "h2"], place: "s.yml:1", strategy: strategy, isCheck: check))
  }

  private func task(_ number: Int, _ name: String, module: String = "command", check: Bool = false) -> RunEvent {
    .taskStarted(
      TaskHeader(
        task: number, play: 0, kind: .task, name: name, role: "web", module: module, place: "s.yml:\(number)", key: name,
        isCheck: check))
  }

  private func finished(_ number: Int, _ host: String, _ result: StepResult, ignored: Bool = false) -> RunEvent {
    .stepFinished(StepReference(task: number, host: host), StepOutcome(result: result, isIgnored: ignored))
  }

  private func stars(_ text: String) -> String { "\n\(text) \(String(repeating: "*", count: 79 - text.count))\n" }

  @Test(arguments: ["free", "host_pinned", "ansible.builtin.free"])
  func `where results mix, a task's banner is repeated`(strategy: String) {
    let ok = StepResult(.ok)
    let sink = show([
      play(strategy), task(0, "a"), task(1, "b"), finished(1, "h1", ok), finished(0, "h2", ok), finished(1, "h2", ok),
    ])
    let a = stars("TASK [web : a]"), b = stars("TASK [web : b]")
    #expect(sink.output == "\(stars("PLAY [all]"))\(b)ok: [h1]\n\(a)ok: [h2]\n\(b)ok: [h2]\n")
  }

  @Test func `an unreachable host says so, ignored or not`() {
    let sink = show([play(), task(0, "a"), finished(0, "h1", .unreachable("no route"), ignored: true)])
    #expect(
      sink.output.hasSuffix(
        #"fatal: [h1]: UNREACHABLE! => {"changed": false, "msg": "no route", "unreachable": true}"# + "\n...ignoring\n"))
  }

  @Test func `check mode is marked where that is asked for`() {
    let header = RunHeader(id: "r", runbooks: [], inventories: [], command: [], user: "root", isCheck: true)
    let end = RunEvent.runFinished(RunSummary(ending: .completed, hosts: [:], exitStatus: 0))
    let sink = show([.runStarted(header), play(check: true), task(0, "a", check: true), end]) { $0.marksCheckMode = true }
    let banners = ["DRY RUN", "PLAY [all] [CHECK MODE]", "TASK [web : a] [CHECK MODE]", "PLAY RECAP"].map(stars).joined()
    #expect(sink.output == banners + "\n" + stars("DRY RUN"))
  }

  @Test func `warnings are said once, on standard error`() {
    let result = StepResult(.ok, ["warnings": ["odd", "two\nlines"], "deprecations": [["msg": "old"]]])
    let sink = show([play(), task(0, "a", module: "ping"), finished(0, "h1", result), finished(0, "h2", result)]) {
      $0.verbosity = 1
    }
    #expect(
      sink.errors == """
        [WARNING]: odd
        [WARNING]: two
        lines

        [WARNING]: Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg.
        [DEPRECATION WARNING]: old

        """)
    #expect(sink.output.hasSuffix("ok: [h1] => {\"changed\": false}\nok: [h2] => {\"changed\": false}\n"))
  }

  @Test func `with -vvv results take lines of their own and tell their arguments`() {
    let result = StepResult(.ok, ["invocation": ["module_args": ["a": 1]]])
    let terse = show([play(), task(0, "a"), finished(0, "h1", result)]) { $0.verbosity = 2 }
    #expect(terse.output.hasSuffix("ok: [h1] => {\"changed\": false}\n"))
    let full = show([play(), task(0, "a"), finished(0, "h1", result)]) { $0.verbosity = 3 }
    #expect(
      full.output.hasSuffix(
        """
        ok: [h1] => {
            "changed": false,
            "invocation": {
                "module_args": {
                    "a": 1
                }
            }
        }

        """))
  }

  @Test(arguments: [("setup", 5), ("ansible.builtin.gather_facts", 1)])
  func `gathered facts are not dumped`(module: String, verbosity: Int) {
    let result = StepResult(.ok, ["ansible_facts": ["os_family": "Debian"]])
    let sink = show([play(), task(0, "facts", module: module), finished(0, "h1", result)]) { $0.verbosity = verbosity }
    #expect(sink.output.hasSuffix("ok: [h1]\n"))
  }

  @Test(arguments: [
    (RunMessage(kind: .meta, text: "noop"), 1, ""), (RunMessage(kind: .meta, text: "noop"), 2, "META: noop\n"),
    (RunMessage(kind: .debug, text: "x", host: "h1"), 3, "<h1> x\n"), (RunMessage(kind: .rescued, text: "x"), 3, ""),
    (.included("/a.yml", hosts: ["h1", "h2"], item: "1"), 0, "included: /a.yml for h1, h2 => (item=1)\n"),
    (.noHostsLeft, 0, "\nNO MORE HOSTS LEFT \(String(repeating: "*", count: 61))\n"),
  ])
  func `messages show from their verbosity on`(message: RunMessage, verbosity: Int, expected: String) {
    #expect(show([.message(message)]) { $0.verbosity = verbosity }.output == expected)
  }

  @Test func `results can be YAML`() {
    let sink = show([play(), task(0, "a", module: "debug"), finished(0, "h1", StepResult(.ok, ["msg": "x"]))]) {
      $0.resultFormat = .yaml { value in "msg: \(value["msg"]?.string ?? "")\n" }
    }
    #expect(sink.output.hasSuffix("ok: [h1] => \n    msg: x\n"))
  }

  @Test func `live output has the host before each line`() {
    let step = StepReference(task: 0, host: "h1")
    func output(_ text: String) -> RunEvent {
      .stepOutput(step, OutputChunk(stream: .stdout, bytes: Array(text.utf8)))
    }
    let events = [
      play(), task(0, "a"), output("one\ntw"), output("o\r\n\u{1B}[2Jthr"), finished(0, "h1", StepResult(.changed)),
    ]
    #expect(show(events) { $0.showsLiveOutput = true }.output.hasSuffix("\nh1 | one\nh1 | two\nh1 | \\x1b[2Jthr\nchanged: [h1]\n"))
    #expect(show(events).output.hasSuffix("*\nchanged: [h1]\n"))
  }

  @Test func `known secrets don't leave`() {
    let scrubber = SecretScrubber(), sink = MemorySink()
    scrubber.register("hunter2")
    var reporter = DefaultReporter(OutputSettings(), to: ScrubbingSink(scrubber, before: sink))
    for event in [play(), task(0, "use hunter2"), finished(0, "h1", .failed("wrong: hunter2"))] { reporter.handle(event) }
    #expect(!sink.output.contains("hunter2"))
    #expect(sink.output.contains("\"msg\": \"wrong: ***\""))
  }

  @Test func `custom stats follow the recap`() {
    let stats = RunSummary(
      ending: .completed, hosts: [:], exitStatus: 0, customStats: ["h1": ["a": 1], "_run": ["b": [2, 3]]])
    let sink = show([.runFinished(stats)]) { $0.showsCustomStats = true }
    #expect(
      sink.output == stars("PLAY RECAP") + "\n" + stars("CUSTOM STATS:") + "\th1: { \"a\": 1}\n"
        + "\n\tRUN: { \"b\": [  2,  3 ]}\n\n")
  }
}
