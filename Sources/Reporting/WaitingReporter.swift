import Model

/// Says on standard error whom a run waits for, once nothing has come to an end for a while: for logs, where no line is
/// redrawn. The longer the silence, the rarer it speaks.
package struct WaitingReporter: Reporter {
  private static let silenceSecondsMin = 30.0
  private static let silenceSecondsMax = 600.0

  private let sink: any OutputSink
  private var status = StatusLine()
  private var elapsedSeconds = 0.0
  private var silenceSeconds = silenceSecondsMin
  private var dueSeconds = silenceSecondsMin

  package init(to sink: any OutputSink) { self.sink = sink }

  package mutating func handle(_ event: RunEvent) {
    status.handle(event)
    switch event {
    case .playStarted, .stepFinished, .itemFinished, .stepRetrying:
      silenceSeconds = Self.silenceSecondsMin
      dueSeconds = elapsedSeconds + silenceSeconds
    case .runStarted, .playSkipped, .taskStarted, .stepStarted, .stepOutput, .message, .playFinished, .runFinished: break
    }
  }

  package mutating func tick(elapsedSeconds: Double) {
    self.elapsedSeconds = elapsedSeconds
    status.tick(elapsedSeconds)
    guard elapsedSeconds >= dueSeconds, let text = waitingText else { return }
    silenceSeconds = min(2 * silenceSeconds, Self.silenceSecondsMax)
    dueSeconds = elapsedSeconds + silenceSeconds
    sink.write("martlet: \(text)\n", to: .standardError)
  }

  package var waitingText: String? { status.waitingText }
}
