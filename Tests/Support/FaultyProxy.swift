import Glibc
import Synchronization

/// A TCP proxy on loopback that can freeze, drop and refuse: the network's failures on request.
package final class FaultyProxy: Sendable {
  private struct State {
    var isFrozen = false
    var mustDrop = false
    var refusals: Int
    var isStopped = false
  }

  package let port: Int
  private let target: Int
  private let listener: Int32
  private let state: Mutex<State>

  /// The first `refusals` connections are closed as soon as they are there.
  package init(to target: Int, refusals: Int = 0) throws {
    self.target = target
    state = Mutex(State(refusals: refusals))
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(port: 0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    guard isBound else { throw LoopbackSSHServerError(message: "no port for a proxy") }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      {
        Unmanaged<FaultyProxy>.fromOpaque($0!).takeRetainedValue().work()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
  }

  /// Nothing passes any more, in either direction, and no one is told.
  package func freeze() { state.withLock { $0.isFrozen = true } }

  /// All connections are reset.
  package func drop() { state.withLock { $0.mustDrop = true } }

  package func stop() { state.withLock { $0.isStopped = true } }

  private func work() {
    var pairs: [(Int32, Int32)] = []
    defer {
      close(listener)
      pairs.forEach { Self.reset($0) }
    }
    while true {
      let now = state.withLock { state -> State in
        defer { state.mustDrop = false }
        return state
      }
      if now.isStopped { return }
      if now.mustDrop {
        pairs.forEach { Self.reset($0) }
        pairs = []
      }
      let watched = now.isFrozen ? [] : [listener] + pairs.flatMap { [$0.0, $0.1] }
      var polled = watched.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&polled, nfds_t(polled.count), 10)
      for entry in polled where entry.revents != 0 {
        if entry.fd == listener { accept(into: &pairs) } else { forward(from: entry.fd, &pairs) }
      }
    }
  }

  private func accept(into pairs: inout [(Int32, Int32)]) {
    let client = Glibc.accept(listener, nil, nil)
    guard client >= 0 else { return }
    let isRefused = state.withLock { state in
      defer { state.refusals = max(0, state.refusals - 1) }
      return state.refusals > 0
    }
    let server = isRefused ? -1 : connectToTarget()
    if server < 0 { close(client) } else { pairs.append((client, server)) }
  }

  private func forward(from descriptor: Int32, _ pairs: inout [(Int32, Int32)]) {
    guard let index = pairs.firstIndex(where: { $0.0 == descriptor || $0.1 == descriptor }) else { return }
    let other = pairs[index].0 == descriptor ? pairs[index].1 : pairs[index].0
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0, send(other, buffer, count, Int32(MSG_NOSIGNAL)) == count { return }
    close(pairs[index].0)
    close(pairs[index].1)
    pairs.remove(at: index)
  }

  private func connectToTarget() -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = Self.loopback(port: target)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code == 0 { return descriptor }
    close(descriptor)
    return -1
  }

  private static func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func reset(_ pair: (Int32, Int32)) {
    for descriptor in [pair.0, pair.1] {
      var option = Glibc.linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<Glibc.linger>.size))
      close(descriptor)
    }
  }
}
