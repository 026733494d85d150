/// A handler that was notified on a host and has not run since: its run failed, was interrupted, or died first.
package struct OwedHandler: Sendable, Equatable {
  package var host: String
  /// The file of its play, and the play's name: a name means a handler only within a play.
  package var file: String
  package var play: String
  /// As it was notified: a handler's name, or what handlers listen to.
  package var name: String
  /// The task that notified it, as banners show it.
  package var task: String
  package var run: String
  package var since: Double

  package init(host: String, file: String, play: String, name: String, task: String, run: String = "", since: Double = 0) {
    self.host = host
    self.file = file
    self.play = play
    self.name = name
    self.task = task
    self.run = run
    self.since = since
  }
}

/// What a step's end means for what hosts are owed.
package struct HandlerDebts: Sendable, Equatable {
  /// Notified by the step, and to run.
  package var made: [OwedHandler] = []
  /// Done by the step, which was a handler's.
  package var settled: [OwedHandler] = []

  package init() {}

  package var isEmpty: Bool { made.isEmpty && settled.isEmpty }
}
