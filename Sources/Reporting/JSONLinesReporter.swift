import Model

/// One JSON object per event and line, for programs: `event` names it, the other keys are `RunEvent.value`'s. Keys are
/// added over time, never renamed. ASCII only, so that nothing a host says can upset what reads it.
package struct JSONLinesReporter: Reporter {
  private static let encoding = JSONEncoding(itemSeparator: ",", keySeparator: ":")
  private let sink: any OutputSink

  package init(to sink: any OutputSink) { self.sink = sink }

  package mutating func handle(_ event: RunEvent) {
    sink.write(Self.encoding.text(of: event.value) + "\n", to: .standardOutput)
  }
}
