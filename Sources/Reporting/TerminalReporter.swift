import Model

/// The default output for a terminal: the same text, and under it one line that says what runs, redrawn in place.
///
/// Time comes from outside, by `tick`; the line is redrawn on ticks only, and not more often than ten times a second.
package struct TerminalReporter: Reporter {
  private static let secondsBetweenDraws = 0.1

  private let sink: StatusSink
  /// The terminal's width; change it when the terminal's changes.
  package var columns: Int
  private var inner: DefaultReporter
  private var status = StatusLine()
  private var lastDrawSeconds = -Double.infinity

  package init(_ settings: OutputSettings, columns: Int, to sink: any OutputSink, foot: TerminalFoot = TerminalFoot()) {
    self.sink = StatusSink(inner: sink, foot: foot)
    self.columns = columns
    inner = DefaultReporter(settings, to: self.sink)
  }

  package mutating func handle(_ event: RunEvent) {
    status.handle(event)
    inner.handle(event)
    if status.isEmpty { sink.draw("") }
  }

  package mutating func tick(elapsedSeconds: Double) {
    status.tick(elapsedSeconds)
    guard elapsedSeconds - lastDrawSeconds >= Self.secondsBetweenDraws else { return }
    lastDrawSeconds = elapsedSeconds
    sink.draw(status.text(columns: max(1, columns - 1)))
  }

  package var waitingText: String? { status.waitingText }
}

/// Writes above the status line.
private struct StatusSink: OutputSink {
  let inner: any OutputSink
  let foot: TerminalFoot

  func write(_ text: String, to stream: OutputStream) { foot.write(text, to: stream, of: inner) }

  func draw(_ status: String) { foot.draw(status, on: inner) }
}
