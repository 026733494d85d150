import Model

/// Where a run's events go: first the journal, then the reporters. An error stops the run cleanly.
package protocol EventSink: Sendable {
  /// Returns when the events are on disk; the loop starts no step before that.
  func record(_ events: [RunEvent]) async throws
  /// Only to the journal: reporters will see them later, in the order in which their tasks are written.
  func journal(_ events: [RunEvent]) async throws
  /// Only to the reporters.
  func report(_ events: [RunEvent]) async
}
