import Glibc

/// The proxy's thread: waits for sockets, for delayed bytes that come due, and for orders.
struct ProxyLoop {
  let listener: Int32
  let server: (address: String, port: Int)
  let control: ProxyControl
  private var connections: [ProxyConnection] = []
  private var buffer = [UInt8](repeating: 0, count: 256 << 10)

  init(listener: Int32, server: (address: String, port: Int), control: ProxyControl) {
    self.listener = listener
    self.server = server
    self.control = control
  }

  mutating func run() {
    while true {
      let orders = control.take()
      for ending in orders.endings {
        for index in connections.indices { connections[index].end(ending) }
      }
      if orders.isStopping { break }
      accept(orders.behaviour)
      let now = Self.now()
      for index in connections.indices { connections[index].move(orders.behaviour, now: now, &buffer) }
      connections.removeAll(where: \.isClosed)
      wait(orders.behaviour)
    }
    for index in connections.indices { connections[index].end(.reset) }
    close(listener)
  }

  private mutating func accept(_ behaviour: TCPProxy.Behaviour) {
    while let client = ProxySocket.accept(listener) {
      control.countAccepted()
      guard !behaviour.isRefusing,
        let socket = try? ProxySocket.connecting(address: server.address, port: server.port)
      else {
        close(client)
        continue
      }
      connections.append(ProxyConnection(client: client, server: socket))
    }
  }

  private func wait(_ behaviour: TCPProxy.Behaviour) {
    let now = Self.now()
    var awaited = [
      pollfd(fd: control.wakeReader, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
    ]
    for connection in connections { awaited += connection.awaited(behaviour, now: now) }
    // Bytes that are due already wait for their target's socket; only what comes due later sets the alarm.
    let next = connections.compactMap { $0.nextTime(behaviour) }.filter { $0 > now }.min()
    var time = timespec()
    guard let next else {
      poll(&awaited, nfds_t(awaited.count), -1)
      return
    }
    let nanoseconds = Int((next - now) * 1e9)
    time.tv_sec = nanoseconds / 1_000_000_000
    time.tv_nsec = nanoseconds % 1_000_000_000
    _ = Self.ppoll(&awaited, nfds_t(awaited.count), &time, nil)
  }

  private typealias PreciseWait = @convention(c) (
    UnsafeMutablePointer<pollfd>?, nfds_t, UnsafePointer<timespec>?, UnsafeRawPointer?
  ) -> Int32

  /// poll(2) counts milliseconds, which a delay of 10 ms would show; Swift's Glibc module leaves ppoll(2) out.
  private static let ppoll: PreciseWait = {
    guard let symbol = dlsym(nil, "ppoll") else { fatalError("this C library has no ppoll") }
    return unsafeBitCast(symbol, to: PreciseWait.self)
  }()

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
