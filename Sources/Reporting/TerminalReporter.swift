import Model
import Synchronization

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

  package init(_ settings: OutputSettings, columns: Int, to sink: any OutputSink) {
    self.sink = StatusSink(sink)
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
}

/// Takes the status line away before anything else is written.
private final class StatusSink: OutputSink {
  private let inner: any OutputSink
  private let drawn = Mutex("")

  init(_ inner: any OutputSink) { self.inner = inner }

  func write(_ text: String, to stream: OutputStream) {
    drawn.withLock { drawn in
      if !drawn.isEmpty { inner.write(eraseLine, to: .standardOutput) }
      drawn = ""
      inner.write(text, to: stream)
    }
  }

  func draw(_ text: String) {
    drawn.withLock { drawn in
      guard text != drawn else { return }
      inner.write(eraseLine + text, to: .standardOutput)
      drawn = text
    }
  }
}

/// Back to the line's start, and nothing after it.
private let eraseLine = "\r\u{1B}[K"
