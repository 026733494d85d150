import OrderedCollections

// What the journal tells about past runs. Times are seconds since 1970, UTC.

/// A run as `martlet history` lists it.
package struct RunRecord: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case running(processID: Int32)
    case ended(RunSummary.Ending)
    /// No end was recorded and the process is gone: killed, or the machine went down.
    case died
  }

  package var header: RunHeader
  package var state: State
  package var startedAt: Double
  package var endedAt: Double?
  package var exitStatus: Int32?
  /// The recap, once the run has ended.
  package var hosts: OrderedDictionary<String, HostSummary>
  /// Finished steps by what they came to.
  package var steps: [StepResult.Status: Int]
  /// Steps that started and never finished: under way in a running run, in doubt in any other.
  package var openSteps: Int

  package init(
    header: RunHeader, state: State, startedAt: Double, endedAt: Double?, exitStatus: Int32?,
    hosts: OrderedDictionary<String, HostSummary>, steps: [StepResult.Status: Int], openSteps: Int
  ) {
    self.header = header
    self.state = state
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.exitStatus = exitStatus
    self.hosts = hosts
    self.steps = steps
    self.openSteps = openSteps
  }
}

/// A run as `martlet show` tells it.
package struct RunDetails: Sendable {
  package var run: RunRecord
  package var plays: [PlayHeader]
  package var tasks: [TaskHeader]
  /// In the order in which they started.
  package var steps: [StepRecord]
  package var messages: [RunMessage]
  /// Handlers that hosts are owed since the run.
  package var owed: [OwedHandler] = []

  package init(
    run: RunRecord, plays: [PlayHeader], tasks: [TaskHeader], steps: [StepRecord], messages: [RunMessage]
  ) {
    self.run = run
    self.plays = plays
    self.tasks = tasks
    self.steps = steps
    self.messages = messages
  }
}

/// A step as the journal has it.
package struct StepRecord: Sendable, Equatable {
  package var step: StepReference
  package var startedAt: Double
  package var finishedAt: Double?
  /// Nil for a step that started and never finished.
  package var outcome: StepOutcome?
  /// How many items of its loop had finished.
  package var finishedItems: Int

  package init(
    step: StepReference, startedAt: Double, finishedAt: Double?, outcome: StepOutcome?, finishedItems: Int
  ) {
    self.step = step
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.outcome = outcome
    self.finishedItems = finishedItems
  }
}
