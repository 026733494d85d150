import Model

/// Where a run's events go: first the journal, then the reporters. An error stops the run cleanly.
package protocol EventSink: Sendable {
  /// Returns when what is to be journaled is on disk; the loop starts no step before that.
  func take(_ told: [Told]) async throws
}

/// An event on its way to the journal and the reporters.
package enum Told: Sendable {
  case record(RunEvent)
  /// Only to the journal: reporters will see it later, in the order in which tasks are written.
  case journal(RunEvent)
  /// Only to the reporters.
  case report(RunEvent)

  package var journaled: RunEvent? {
    switch self {
    case .record(let event), .journal(let event): event
    case .report: nil
    }
  }

  package var reported: RunEvent? {
    switch self {
    case .record(let event), .report(let event): event
    case .journal: nil
    }
  }
}
