import Glibc
import Synchronization

/// What a test tells the proxy's thread, and what it asks it.
final class ProxyControl: Sendable {
  struct Orders {
    var behaviour: TCPProxy.Behaviour
    /// For all connections, in order.
    var endings: [TCPProxy.Ending] = []
    var isStopping = false
  }

  private let orders: Mutex<Orders>
  private let accepted = Atomic(0)
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

  func ask(_ change: (inout Orders) -> Void) {
    orders.withLock { change(&$0) }
    // A full buffer wakes as well as one more byte.
    _ = send(wakeWriter, [1], 1, Int32(MSG_NOSIGNAL))
  }

  /// The thread's side: the orders, of which endings are given out once.
  func take() -> Orders {
    var buffer = [UInt8](repeating: 0, count: 64)
    while recv(wakeReader, &buffer, buffer.count, 0) > 0 {}
    return orders.withLock { orders in
      defer { orders.endings = [] }
      return orders
    }
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
