import Glibc
import Support

/// A server on loopback that sends back what it gets, with a thread per connection.
final class EchoServer: Sendable {
  let port: Int
  private let listener: Int32

  init() {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    port = bindToLoopback(listener)
    startThread(listener) { listener in
      while case let client = accept(listener, nil, nil), client >= 0 { startThread(client, echo) }
      close(listener)
    }
  }

  /// Wakes the thread out of its `accept`.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}

/// The other end; every wait has its time.
final class EchoClient {
  enum Ending: Equatable { case open, closed, timedOut, failed(Int32) }

  private(set) var ending = Ending.open
  private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)

  /// A proxy ends with its last reference.
  private let proxy: TCPProxy

  init(_ proxy: TCPProxy) {
    self.proxy = proxy
    var address = loopback(port: proxy.port)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if status != 0 { ending = .failed(errno) }
  }

  deinit { close(descriptor) }

  /// Sends, and receives as much, or less where the connection ends or the time is up.
  func exchange(_ bytes: [UInt8], timeoutSeconds: Double = 20) -> [UInt8] {
    // A full line must not block this side before it reads.
    var received: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 32 << 10) {
      let piece = Array(bytes[start..<min(start + 32 << 10, bytes.count)])
      send(piece)
      received += receive(piece.count, timeoutSeconds: timeoutSeconds)
    }
    return received
  }

  func send(_ bytes: [UInt8]) {
    guard ending == .open || ending == .timedOut else { return }
    if Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) < 0 { ending = .failed(errno) }
  }

  func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

  func receive(_ wanted: Int, timeoutSeconds: Double = 20) -> [UInt8] {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while received.count < wanted, ending == .open || ending == .timedOut {
      var awaited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&awaited, 1, Int32(timeoutSeconds * 1000)) == 1 else {
        ending = .timedOut
        break
      }
      let count = recv(descriptor, &buffer, min(buffer.count, wanted - received.count), 0)
      if count > 0 { received += buffer.prefix(count) } else { ending = count == 0 ? .closed : .failed(errno) }
    }
    return received
  }
}

private func echo(_ descriptor: Int32) {
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
    guard send(descriptor, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
  }
  close(descriptor)
}

private func loopback(port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(port).bigEndian
  address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
  return address
}

/// Listens on a free port.
private func bindToLoopback(_ descriptor: Int32) -> Int {
  var address = loopback(port: 0)
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      precondition(bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0, "no port: errno \(errno)")
      getsockname(descriptor, $0, &size)
    }
  }
  return Int(UInt16(bigEndian: address.sin_port))
}

private func startThread(_ descriptor: Int32, _ body: @escaping @Sendable (Int32) -> Void) {
  final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { argument in
      Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().run()
      return nil
    }, Unmanaged.passRetained(Work { body(descriptor) }).toOpaque())
  precondition(code == 0, "no thread: \(code)")
  pthread_detach(thread)
}
