import Model
import Synchronization

/// Gives the tasks of a run their numbers: plays that run side by side take theirs from the same row.
package final class TaskNumbering: Sendable {
  private let next: Mutex<TaskReference>

  package init(from first: TaskReference = 0) { next = Mutex(first) }

  func take() -> TaskReference {
    next.withLock { next in
      defer { next += 1 }
      return next
    }
  }
}
