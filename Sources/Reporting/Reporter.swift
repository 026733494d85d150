import Model

/// Shows a run to somebody: it takes the run's events in order and writes to the sink it was made with.
package protocol Reporter: Sendable {
  mutating func handle(_ event: RunEvent)
  /// Time has passed: for what changes without an event, such as a line that says how long a step has run.
  mutating func tick(elapsedSeconds: Double)
  /// `waiting for HOST (12 s): TASK` where steps run and the reporter follows them.
  var waitingText: String? { get }
}

extension Reporter {
  package mutating func tick(elapsedSeconds: Double) {}
  package var waitingText: String? { nil }
}

/// Several reporters side by side, such as a terminal and a JUnit file.
package struct ReporterGroup: Reporter {
  private var members: [any Reporter]

  package init(_ members: [any Reporter]) { self.members = members }

  package mutating func handle(_ event: RunEvent) {
    for index in members.indices { members[index].handle(event) }
  }

  package mutating func tick(elapsedSeconds: Double) {
    for index in members.indices { members[index].tick(elapsedSeconds: elapsedSeconds) }
  }

  package var waitingText: String? { members.lazy.compactMap(\.waitingText).first }
}

package enum OutputStream: String, Sendable, Hashable { case standardOutput, standardError }

/// Where text leaves: a process's streams, a file, or a test's memory.
package protocol OutputSink: Sendable {
  func write(_ text: String, to stream: OutputStream)
}

/// Passes text on with every known secret replaced by `***`.
package struct ScrubbingSink: OutputSink {
  private let scrubber: SecretScrubber
  private let inner: any OutputSink

  package init(_ scrubber: SecretScrubber, before inner: any OutputSink) {
    self.scrubber = scrubber
    self.inner = inner
  }

  package func write(_ text: String, to stream: OutputStream) {
    inner.write(scrubber.scrub(text), to: stream)
  }
}
