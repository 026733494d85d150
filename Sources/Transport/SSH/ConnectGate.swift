import Synchronization

/// Lets a limited number of connections be set up at a time, to one address and in all, in the order of asking.
final class ConnectGate: Sendable {
  private struct Waiter {
    let key: String
    let continuation: UnsafeContinuation<Void, Never>
  }

  private struct State {
    var total = 0
    var byKey: [String: Int] = [:]
    var waiters: [Waiter] = []
  }

  private let state = Mutex(State())
  private let totalMax: Int
  private let perKeyMax: Int

  init(totalMax: Int, perKeyMax: Int) {
    self.totalMax = max(1, totalMax)
    self.perKeyMax = max(1, perKeyMax)
  }

  nonisolated(nonsending) func enter(_ key: String) async {
    await withUnsafeContinuation { continuation in
      let mayEnter = state.withLock { state in
        let mayEnter = hasRoom(state, key)
        if mayEnter { count(&state, key) } else { state.waiters.append(Waiter(key: key, continuation: continuation)) }
        return mayEnter
      }
      if mayEnter { continuation.resume() }
    }
  }

  func leave(_ key: String) {
    let admitted = state.withLock { state -> Waiter? in
      state.total -= 1
      let rest = (state.byKey[key] ?? 1) - 1
      state.byKey[key] = rest > 0 ? rest : nil
      // Before, nobody who waits had room; now one has.
      guard let index = state.waiters.firstIndex(where: { hasRoom(state, $0.key) }) else { return nil }
      let waiter = state.waiters.remove(at: index)
      count(&state, waiter.key)
      return waiter
    }
    admitted?.continuation.resume()
  }

  private func hasRoom(_ state: State, _ key: String) -> Bool {
    state.total < totalMax && (state.byKey[key] ?? 0) < perKeyMax
  }

  private func count(_ state: inout State, _ key: String) {
    state.total += 1
    state.byKey[key, default: 0] += 1
  }
}
