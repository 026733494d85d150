import Synchronization

/// The loops of a process; sessions are spread over them in turn.
package final class EventLoops: Sendable {
  private let loops: [EventLoop]
  private let turn = Atomic<Int>(0)

  package init(count: Int = 2) { loops = (0..<max(1, count)).map { _ in EventLoop() } }

  package func next() -> EventLoop {
    loops[turn.wrappingAdd(1, ordering: .relaxed).oldValue % loops.count]
  }
}
