import Glibc

/// A connection to a Unix socket that blocks, but not longer than its time: for threads that may wait.
struct BlockingSocket: ~Copyable {
  private let descriptor: Int32
  private let deadline: ContinuousClock.Instant

  init(unixPath: String, timeoutSeconds: Double) throws(BlockingSocketError) {
    deadline = .now + .seconds(timeoutSeconds)
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw .system(errno) }
    try connect(unixPath)
  }

  deinit { close(descriptor) }

  func send(_ content: [UInt8]) throws(BlockingSocketError) {
    var rest = content[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count >= 0 { rest = rest.dropFirst(count) } else { try retry(after: errno, POLLOUT) }
    }
  }

  func receive(count wanted: Int) throws(BlockingSocketError) -> [UInt8] {
    var content: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: wanted)
    while content.count < wanted {
      let count = recv(descriptor, &buffer, wanted - content.count, 0)
      if count == 0 { throw .closed }
      if count > 0 { content.append(contentsOf: buffer.prefix(count)) } else { try retry(after: errno, POLLIN) }
    }
    return content
  }

  private func connect(_ path: String) throws(BlockingSocketError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    guard bytes.count < capacity else { throw .system(ENAMETOOLONG) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    while true {
      let status = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      if status == 0 { return }
      // EAGAIN: the listener's queue is full; there is nothing to poll for.
      guard errno == EAGAIN || errno == EINTR else { throw .system(errno) }
      guard ContinuousClock.now < deadline else { throw .timedOut }
      usleep(5000)
    }
  }

  /// Waits until the socket is ready again, or throws.
  private func retry(after code: Int32, _ event: Int32) throws(BlockingSocketError) {
    guard code == EAGAIN || code == EINTR else { throw .system(code) }
    let left = (deadline - .now) / .milliseconds(1)
    guard left > 0 else { throw .timedOut }
    var awaited = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    _ = poll(&awaited, 1, Int32(min(left.rounded(.up), 60_000)))
  }
}

/// How a blocking connection ends early.
enum BlockingSocketError: Error, Hashable {
  case timedOut
  /// The other side is gone, or talks something else.
  case closed
  case system(Int32)
}
