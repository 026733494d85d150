/// What the journal still knows of a run that did not end well: enough to go on where it stopped.
package struct RunMemory: Sendable {
  package var header: RunHeader
  /// What the command line put there when the run began: its words, its folder, the files that it read.
  package var settings: Value
  /// Plays and tasks that the run had numbered.
  package var nextTask: TaskReference
  /// In the order in which they started; superseded ones left out.
  package var steps: [RememberedStep]

  package init(header: RunHeader, settings: Value, nextTask: TaskReference, steps: [RememberedStep]) {
    self.header = header
    self.settings = settings
    self.nextTask = nextTask
    self.steps = steps
  }
}

package struct RememberedStep: Sendable {
  package var place: Int
  package var task: TaskHeader
  package var host: String
  package var startedAt: Double
  package var finishedAt: Double?
  package var finishedItems: Int
  /// What the step came to, for the steps after it; nil where it did not finish, or where asking again is the way to know.
  package var memory: Value?

  package init(
    place: Int, task: TaskHeader, host: String, startedAt: Double, finishedAt: Double?, finishedItems: Int, memory: Value?
  ) {
    self.place = place
    self.task = task
    self.host = host
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.finishedItems = finishedItems
    self.memory = memory
  }
}
