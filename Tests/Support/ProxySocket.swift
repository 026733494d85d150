import Glibc

/// The socket calls of the proxy.
enum ProxySocket {
  struct Failure: Error, CustomStringConvertible {
    let what: String
    let code: Int32
    var description: String { "the proxy's \(what) failed: \(String(cString: strerror(code)))" }
  }

  static let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)

  static func listening(address: String, port: Int) throws -> Int32 {
    let descriptor = try make()
    var isReused: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
    let isListening = try withAddress(address, port) { pointer, size in
      bind(descriptor, pointer, size) == 0 && listen(descriptor, 1024) == 0
    }
    guard isListening else {
      defer { close(descriptor) }
      throw Failure(what: "listening on \(address):\(port)", code: errno)
    }
    return descriptor
  }

  /// A connection on its way; the first read or write tells whether it came about.
  static func connecting(address: String, port: Int) throws -> Int32 {
    let descriptor = try make()
    sendAtOnce(descriptor)
    let status = try withAddress(address, port) { pointer, size in connect(descriptor, pointer, size) }
    guard status == 0 || errno == EINPROGRESS else {
      defer { close(descriptor) }
      throw Failure(what: "connecting to \(address):\(port)", code: errno)
    }
    return descriptor
  }

  static func accept(_ listener: Int32) -> Int32? {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    sendAtOnce(descriptor)
    return descriptor
  }

  /// RST instead of FIN.
  static func reset(_ descriptor: Int32) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    close(descriptor)
  }

  static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func make() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | flags, 0)
    guard descriptor >= 0 else { throw Failure(what: "socket", code: errno) }
    return descriptor
  }

  /// Without Nagle's algorithm, which would put delays of its own in between.
  private static func sendAtOnce(_ descriptor: Int32) {
    var isOn: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func withAddress<Value>(
    _ text: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
  ) throws -> Value {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    guard inet_pton(AF_INET, text, &address.sin_addr) == 1 else {
      throw Failure(what: "address \(text), which must be IPv4,", code: EINVAL)
    }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
