import Synchronization

extension Task where Failure == Never {
  /// The task's value, or nil as soon as whoever waits here is cancelled; the task itself goes on. `executor` is where it runs.
  nonisolated(nonsending) func valueUnlessCancelled(on executor: (any TaskExecutor)? = nil) async -> Success? {
    let first = FirstAnswer<Success>()
    let watcher = Task<Void, Never>(executorPreference: executor) { first.give(await value) }
    defer { watcher.cancel() }
    return await withTaskCancellationHandler {
      await withUnsafeContinuation { first.send(to: $0) }
    } onCancel: {
      first.give(nil)
    }
  }
}

/// One waiter and the first answer of several.
private final class FirstAnswer<Value: Sendable>: Sendable {
  private enum State {
    case open
    case waiting(UnsafeContinuation<Value?, Never>)
    case answered(Value?)
    case done
  }

  private let state = Mutex(State.open)

  func give(_ value: Value?) {
    let waiter = state.withLock { state -> UnsafeContinuation<Value?, Never>? in
      switch state {
      case .open: state = .answered(value)
      case .waiting(let waiter):
        state = .done
        return waiter
      case .answered, .done: break
      }
      return nil
    }
    waiter?.resume(returning: value)
  }

  func send(to waiter: UnsafeContinuation<Value?, Never>) {
    let answer = state.withLock { state -> Value?? in
      if case .answered(let value) = state {
        state = .done
        return .some(value)
      }
      state = .waiting(waiter)
      return nil
    }
    if let answer { waiter.resume(returning: answer) }
  }
}
