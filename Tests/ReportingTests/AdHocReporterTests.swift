import Model
import Testing

@testable import Reporting

@Suite struct AdHocReporterTests {
  private func output(_ module: String, _ outcome: StepOutcome, _ change: (inout OutputSettings) -> Void = { _ in }) -> MemorySink {
    var settings = OutputSettings()
    change(&settings)
    let sink = MemorySink()
    var reporter = AdHocReporter(settings, to: sink)
    reporter.handle(.taskStarted(TaskHeader(
      task: 0, play: 0, kind: .task, name: "", role: nil, module: module, place: "<exec>:1", key: "k")))
    reporter.handle(.stepFinished(StepReference(task: 0, host: "web1"), outcome))
    return sink
  }

  @Test func `a module's result is JSON on lines of its own`() {
    let sink = output("ping", StepOutcome(result: StepResult(.ok, ["ping": "pong"])))
    #expect(sink.output == "web1 | SUCCESS => {\n    \"changed\": false,\n    \"ping\": \"pong\"\n}\n")
  }

  @Test func `a command's output stands as it is`() {
    let result = StepResult(.changed, ["rc": 0, "stdout": "out\nmore", "stderr": "", "cmd": "x", "msg": ""])
    #expect(output("ansible.builtin.command", StepOutcome(result: result)).output == "web1 | CHANGED | rc=0 >>\nout\nmore\n")
  }

  @Test func `a failed command shows its status, both streams and the message`() {
    let result = StepResult(.failed, ["rc": 3, "stdout": "out", "stderr": "err", "msg": "non-zero return code"])
    let sink = output("shell", StepOutcome(result: result, failure: .error("Task failed: Module failed: non-zero return code", at: nil)))
    #expect(sink.output == """
      [ERROR]: Task failed: Module failed: non-zero return code
      Origin: <adhoc 'shell' task>

      web1 | FAILED | rc=3 >>
      outerrnon-zero return code

      """)
  }

  @Test func `failures, unreachable hosts and skipped steps have words of their own`() {
    let failed = output("copy", StepOutcome(result: .failed("no"))).output
    #expect(failed == "web1 | FAILED! => {\n    \"changed\": false,\n    \"msg\": \"no\"\n}\n")
    #expect(output("command", StepOutcome(result: .unreachable("gone"))).output.hasPrefix("web1 | UNREACHABLE! => {\n"))
    #expect(output("command", StepOutcome(result: StepResult(.skipped))).output == "web1 | SKIPPED\n")
  }

  @Test func `a hidden result shows nothing of itself, not of a command either`() {
    let result = StepResult(.changed, ["rc": 0, "stdout": "hidden"]).censored
    #expect(!output("command", StepOutcome(result: result, isCensored: true)).output.contains("hidden\n"))
    let leaky = StepResult(.changed, ["rc": 0, "stdout": "sesame"])
    #expect(!output("command", StepOutcome(result: leaky, isCensored: true)).output.contains("sesame"))
  }

  @Test func `control characters of a command do not reach the terminal`() {
    let result = StepResult(.changed, ["rc": 0, "stdout": "a\u{1B}[2Jb", "stderr": ""])
    #expect(output("command", StepOutcome(result: result)).output.contains("a\\x1b[2Jb"))
  }
}
