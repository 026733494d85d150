import Actions
import Model
import Planning

/// What a step's task tells the loop while it runs and when it ends.
enum StepMessage: Sendable {
  /// Nothing happened on a host; the loop looks again whether it should stop.
  case wake
  case output(StepReference, OutputChunk)
  case item(StepReference, ItemOutcome)
  case message(RunMessage)
  case retrying(StepReference, ItemOutcome, remaining: Int)
  case ended(RunState.StepStart, StepReport)
}

/// A step's end: what reporters see, what the run must do, and what other steps will see of it.
struct StepReport: Sendable {
  var outcome: StepOutcome
  var effects: [StepEffect]
  /// The name and value of `register`.
  var registered: (name: String, value: Value)?
  var end: RunState.StepEnd
  /// The host was lost while it worked: nobody knows whether the step ran.
  var isInDoubt = false
  /// The journal did not take the step's start: nothing went to the host, and nothing is told.
  var isUnsent = false
  /// While a plan is made: what later steps of the host can't know.
  var forecast: StepForecast?
}
