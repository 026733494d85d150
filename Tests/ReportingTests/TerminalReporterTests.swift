import Model
import Testing

@testable import Reporting

@Suite struct TerminalReporterTests {
  private let sink = MemorySink()
  private let play = PlayHeader(play: 0, name: "p", hosts: ["web1", "web2", "db2"], place: "s.yml:1")
  private let task = TaskHeader(
    task: 0, play: 0, kind: .task, name: "install nginx", role: nil, module: "ansible.builtin.apt", place: "s.yml:2",
    key: "k")

  private func reporter(columns: Int = 200, foot: TerminalFoot = TerminalFoot()) -> TerminalReporter {
    var reporter = TerminalReporter(OutputSettings(), columns: columns, to: sink, foot: foot)
    reporter.tick(elapsedSeconds: 0)
    reporter.handle(.playStarted(play))
    reporter.handle(.taskStarted(task))
    sink.clear()
    return reporter
  }

  private func step(_ host: String) -> StepReference { StepReference(task: 0, host: host) }

  private func done(_ host: String) -> RunEvent {
    .stepFinished(step(host), StepOutcome(result: StepResult(.ok)))
  }

  @Test func `one line says what runs, for how long, and who waits`() {
    var reporter = reporter()
    reporter.handle(.stepStarted(step("web1")))
    reporter.tick(elapsedSeconds: 3)
    reporter.handle(.stepStarted(step("db2")))
    reporter.tick(elapsedSeconds: 12)
    #expect(
      sink.output.hasSuffix(
        "\r\u{1B}[K2 running: web1 (12 s) apt: install nginx · db2 (9 s) apt: install nginx · 1 waits for web1, db2"))
  }

  @Test func `the line goes before other output and comes back on a tick`() {
    var reporter = reporter()
    reporter.handle(.stepStarted(step("web1")))
    reporter.handle(.stepStarted(step("web2")))
    reporter.tick(elapsedSeconds: 1)
    sink.clear()
    reporter.handle(done("web1"))
    #expect(sink.output == "\r\u{1B}[Kok: [web1]\n")
    reporter.tick(elapsedSeconds: 2)
    #expect(sink.output.hasSuffix("\r\u{1B}[K1 running: web2 (2 s) apt: install nginx · 2 wait for web2"))
  }

  @Test func `the line goes before anybody else writes, who may tell whom the run waits for`() {
    let foot = TerminalFoot()
    var reporter = reporter(foot: foot)
    reporter.handle(.stepStarted(step("web1")))
    reporter.tick(elapsedSeconds: 3)
    sink.clear()
    foot.write("\(reporter.waitingText ?? "nothing")\n", to: .standardError, of: sink)
    #expect(sink.output == "\r\u{1B}[K")
    #expect(sink.errors == "waiting for web1 (3 s): install nginx\n")
  }

  @Test func `a question stays to be read until it is answered`() {
    let foot = TerminalFoot()
    var reporter = reporter(foot: foot)
    reporter.handle(.stepStarted(step("web1")))
    reporter.handle(.stepStarted(step("web2")))
    reporter.tick(elapsedSeconds: 1)
    sink.clear()
    foot.ask("a new key\ntrust it? ", on: sink)
    reporter.tick(elapsedSeconds: 2)
    #expect(sink.output == "\r\u{1B}[K" && sink.errors == "a new key\ntrust it? ")
    sink.clear()
    reporter.handle(done("web1"))
    #expect(sink.output == "ok: [web1]\n" && sink.errors == "\r\u{1B}[Ktrust it? ")
    sink.clear()
    foot.endQuestion()
    reporter.tick(elapsedSeconds: 3)
    #expect(sink.output.hasPrefix("\r\u{1B}[K1 running: web2 (3 s)") && sink.errors.isEmpty)
  }

  @Test func `a question that nobody waits for any more goes`() {
    let foot = TerminalFoot()
    foot.ask("trust it? ", on: sink)
    foot.withdrawQuestion(on: sink)
    foot.write("the end\n", to: .standardError, of: sink)
    #expect(sink.errors == "trust it? \r\u{1B}[Kthe end\n")
  }

  @Test func `nothing running leaves no line`() {
    var reporter = reporter()
    reporter.handle(.stepStarted(step("web1")))
    reporter.tick(elapsedSeconds: 1)
    reporter.handle(done("web1"))
    sink.clear()
    reporter.tick(elapsedSeconds: 5)
    #expect(sink.output.isEmpty)
  }

  @Test func `ten redraws a second are the most`() {
    var reporter = reporter()
    reporter.handle(.stepStarted(step("web1")))
    for tick in 1...100 {
      reporter.handle(.stepOutput(step("web1"), OutputChunk(stream: .stdout, bytes: Array("\(tick)\n".utf8))))
      reporter.tick(elapsedSeconds: 10 + Double(tick) / 100)
    }
    #expect((8...11).contains(sink.output.count { $0 == "\r" }))
  }

  @Test func `the line fits the terminal and holds no control characters`() {
    var reporter = reporter(columns: 60)
    reporter.handle(.stepStarted(step("web1")))
    let chunk = OutputChunk(stream: .stdout, bytes: Array("first\nlast \u{1B}[2J line that goes on and on\n".utf8))
    reporter.handle(.stepOutput(step("web1"), chunk))
    reporter.tick(elapsedSeconds: 1)
    let line = sink.output.dropFirst("\r\u{1B}[K".count)
    #expect(line.count == 59)
    #expect(line.hasSuffix("…"))
    #expect(!line.contains("\u{1B}"))
  }

  @Test func `many running steps are counted`() {
    var reporter = reporter()
    for number in 0..<50 { reporter.handle(.stepStarted(step("h\(number)"))) }
    reporter.tick(elapsedSeconds: 1)
    #expect(sink.output.contains("50 running: h0 (1 s)"))
    #expect(sink.output.hasSuffix(" · 47 more"))
  }
}
