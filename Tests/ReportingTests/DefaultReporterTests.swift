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
}
