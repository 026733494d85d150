import Glibc
import Synchronization

/// What a test tells the proxy's thread, and what it asks it.
final class ProxyControl: Sendable {
  struct Orders {
    var behaviour: TCPProxy.Behaviour
    /// For all connections, in order.
    var endings: [TCPProxy.Ending] = []
    var isStopping = false
    /// Counts the orders given.
    var number = 0
  }

  private let orders: Mutex<Orders>
  private let accepted = Atomic(0)
  private let seenNumber = Atomic(0)
  /// Readable when there are new orders.
  let wakeReader: Int32
  private let wakeWriter: Int32

  init(_ behaviour: TCPProxy.Behaviour) throws {
    orders = Mutex(Orders(behaviour: behaviour))
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | ProxySocket.flags, 0, &ends) == 0 else {
      throw ProxySocket.Failure(what: "socketpair", code: errno)
    }
    (wakeReader, wakeWriter) = (ends[0], ends[1])
  }

  deinit {
    close(wakeReader)
    close(wakeWriter)
  }

  var behaviour: TCPProxy.Behaviour { orders.withLock { $0.behaviour } }
  var acceptedCount: Int { accepted.load(ordering: .relaxed) }

  /// Gives orders and wakes the thread. A full buffer wakes as well as one more byte.
  @discardableResult
  func order(_ change: (inout Orders) -> Void) -> Int {
    let number = orders.withLock { orders in
      change(&orders)
      orders.number += 1
      return orders.number
    }
    _ = send(wakeWriter, [1], 1, Int32(MSG_NOSIGNAL))
    return number
  }

  /// Gives orders and returns when they hold: no byte passes by older ones afterwards.
  func orderAndWait(_ change: (inout Orders) -> Void) {
    let number = order(change)
    let triesMax = 100_000
    for _ in 0..<triesMax where seenNumber.load(ordering: .acquiring) < number { usleep(50) }
    precondition(seenNumber.load(ordering: .acquiring) >= number, "this is a bug: the proxy's thread is stuck")
  }

  /// The thread's side: the orders, of which endings are given out once.
  func take() -> Orders {
    var buffer = [UInt8](repeating: 0, count: 64)
    while recv(wakeReader, &buffer, buffer.count, 0) > 0 {}
    let taken = orders.withLock { orders in
      defer { orders.endings = [] }
      return orders
    }
    seenNumber.store(taken.number, ordering: .releasing)
    return taken
  }

  func countAccepted() { accepted.add(1, ordering: .relaxed) }

  /// A thread, since tests must not take one of the few that tasks run on.
  static func startThread(_ body: @escaping @Sendable () -> Void) throws {
    final class Body: Sendable {
      let run: @Sendable () -> Void
      init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    let context = Unmanaged.passRetained(Body(body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw ProxySocket.Failure(what: "pthread_create", code: code)
    }
    pthread_detach(thread)
  }
}
