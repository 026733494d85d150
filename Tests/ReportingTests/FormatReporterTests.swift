import Model
import Support
import Testing

@testable import Reporting

/// The reporters for programs, each on the sample run.
@Suite struct FormatReporterTests {
  private func show(_ reporter: some Reporter) {
    var reporter = reporter
    for event in SampleRun.events { reporter.handle(event) }
  }

  @Test func `JSON lines hold every event, each on its line`() throws {
    let sink = MemorySink()
    show(JSONLinesReporter(to: sink))
    #expect(GoldenFile("events.jsonl").difference(from: sink.output) == nil)
    let lines = sink.output.split(separator: "\n")
    #expect(lines.count == SampleRun.events.count)
    #expect(sink.output.utf8.allSatisfy { $0 < 0x80 })
    for line in lines { #expect(try Value(json: String(line))["event"]?.string != nil) }
  }

  @Test func `JUnit has a suite per play and a case per step`() {
    let sink = MemorySink()
    show(JUnitReporter(to: sink))
    #expect(GoldenFile("junit.xml").difference(from: sink.output) == nil)
  }

  @Test func `oneline has a line per result`() {
    let sink = MemorySink()
    show(OnelineReporter(OutputSettings(), to: sink))
    #expect(GoldenFile("oneline.txt").difference(from: sink.output) == nil)
  }

  @Test func `hidden results appear nowhere`() {
    for reporter: (MemorySink) -> any Reporter in [
      { JSONLinesReporter(to: $0) }, { JUnitReporter(to: $0) }, { OnelineReporter(OutputSettings(), to: $0) },
    ] {
      let sink = MemorySink()
      show(reporter(sink))
      #expect(!sink.output.contains("\"hidden\"") && !sink.output.contains(">hidden<"))
      #expect(!sink.output.contains("failed: hidden"))
    }
  }
}
