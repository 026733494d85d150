import Model
import Templating

/// What is known of a variable before a plan is applied.
package enum Prediction: Sendable, Equatable {
  /// Nothing: its step does not run in check mode, or waits for something itself. The text says why.
  case unknown(String)
  /// The registered result of a step that would change something: that it would is known, and what check mode could tell.
  case change(String)

  package func variable(_ value: Value?) -> Variable {
    switch self {
    case .unknown(let reason): .unknown(reason)
    case .change(let reason): .mapping(PredictedResult(known: value?.dict ?? [:], reason: reason))
    }
  }
}

/// A result as check mode predicts it. What it does not hold may still be in the real one, so it counts as unknown, not as
/// undefined; and the whole of it can't be printed or looped over.
struct PredictedResult: LazyMapping {
  let known: Value.Dict
  let reason: String

  /// What says that something else happened than a change: a predicted change surely has none of these.
  private static let absent: Set<String> = ["skipped", "unreachable", "finished", "started"]

  var keys: [String] { known.keys.compactMap(\.string) + ["(what is known after apply)"] }

  func variable(forKey key: String) -> Variable? {
    if let value = known[.string(key)] { return .value(value) }
    return Self.absent.contains(key) ? nil : .unknown(reason)
  }
}

/// What an earlier step of a plan would change on a host.
package struct PendingChange: Sendable, Equatable {
  package var task: TaskReference
  /// The step's title and place.
  package var step: String
  /// What it is about: a path, a package, a service.
  package var subjects: Set<String>

  package init(task: TaskReference, step: String, subjects: Set<String>) {
    self.task = task
    self.step = step
    self.subjects = subjects
  }
}
