import Model
import Testing

@testable import Reporting

@Suite struct WaitingReporterTests {
  private let sink = MemorySink()

  private func reporter() -> WaitingReporter {
    var reporter = WaitingReporter(to: sink)
    reporter.handle(.playStarted(PlayHeader(play: 0, name: "p", hosts: ["web1", "web2"], place: "s.yml:1")))
    reporter.handle(
      .taskStarted(
        TaskHeader(
          task: 0, play: 0, kind: .task, name: "long \u{1B}[31mone", role: nil, module: "ansible.builtin.apt", place: "s.yml:2",
          key: "k")))
    for host in ["web1", "web2"] { reporter.handle(.stepStarted(step(host))) }
    return reporter
  }

  private func step(_ host: String) -> StepReference { StepReference(task: 0, host: host) }

  @Test func `a run that moves says nothing`() {
    var reporter = reporter()
    for second in 1...25 { reporter.tick(elapsedSeconds: Double(second)) }
    reporter.handle(.stepFinished(step("web1"), StepOutcome(result: StepResult(.ok))))
    for second in 26...54 { reporter.tick(elapsedSeconds: Double(second)) }
    reporter.handle(.stepFinished(step("web2"), StepOutcome(result: StepResult(.ok))))
    reporter.tick(elapsedSeconds: 900)
    #expect(sink.output.isEmpty && sink.errors.isEmpty)
  }

  @Test func `a silent run says whom it waits for, more and more rarely`() {
    var reporter = reporter()
    for second in 1...1000 { reporter.tick(elapsedSeconds: Double(second)) }
    let lines = sink.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("martlet: waiting for web1 (30 s): long ") == true)
    #expect(lines.first?.contains("web2 (30 s): long ") == true)
    #expect(lines.map { $0.split(separator: "(").dropFirst().first?.prefix { $0 != " " } } == ["30", "90", "210", "450", "930"])
    #expect(!sink.errors.contains("\u{1B}"))
    #expect(sink.output.isEmpty)
  }

  @Test func `who interrupts is told whom the run waits for`() {
    var group = ReporterGroup([DefaultReporter(OutputSettings(), to: sink), reporter()])
    group.tick(elapsedSeconds: 12)
    #expect(group.waitingText?.hasPrefix("waiting for web1 (12 s): long ") == true)
    for host in ["web1", "web2"] { group.handle(.stepFinished(step(host), StepOutcome(result: StepResult(.ok)))) }
    #expect(group.waitingText == nil)
  }
}
