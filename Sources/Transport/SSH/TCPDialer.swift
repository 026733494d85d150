import CLinux
import Glibc

/// Connects a socket: resolves off the loop, tries a host's addresses a moment apart, the first that answers wins.
struct TCPDialer {
  let loop: EventLoop
  let threads: BlockingThreads

  /// A connected, non-blocking socket that belongs to the caller.
  nonisolated(nonsending) func connect(
    to target: ResolvedSSHSettings, until deadline: MonotonicTime
  ) async throws(TransportError) -> Int32 {
    let (host, address, port) = (target.originalHost, target.hostName, target.port)
    let addresses = try await resolve(host, address, port, deadline).filter { $0.isOf(target.addressFamily) }
    guard !addresses.isEmpty else {
      throw TransportError(.resolve, host: host, "the name \(address) has no \(target.addressFamily.rawValue) address")
    }
    let wakeup = Wakeup(loop: loop)
    var attempts: [ConnectAttempt] = []
    defer { attempts.forEach { $0.abandon() } }
    var waiting = addresses[...]
    var nextStart = MonotonicTime.now
    var lastFailure: SystemFailure?
    while true {
      if let connected = attempts.first(where: { $0.isConnected }) { return connected.take() }
      attempts.removeAll { attempt in
        guard let failure = attempt.failure else { return false }
        lastFailure = failure
        attempt.abandon()
        nextStart = .now
        return true
      }
      let now = MonotonicTime.now
      if deadline <= now {
        throw TransportError(
          .connect, host: host, "\(address) port \(port) does not answer: is the host down, or a firewall in between?", code: ETIMEDOUT)
      }
      if nextStart <= now, let address = waiting.popFirst() {
        switch ConnectAttempt.start(address, loop: loop, wakeup: wakeup) {
        case .success(let attempt): attempts.append(attempt)
        case .failure(let failure): lastFailure = failure
        }
        nextStart = now.after(seconds: Self.staggerSeconds)
        continue
      }
      if attempts.isEmpty && waiting.isEmpty {
        let failure = lastFailure ?? SystemFailure("connect", code: EHOSTUNREACH)
        throw TransportError(.connect, host: host, "\(address) port \(port): \(failure.reason)", code: failure.code)
      }
      await wakeup.wait(until: waiting.isEmpty ? deadline : min(deadline, nextStart))
    }
  }

  private nonisolated(nonsending) func resolve(
    _ host: String, _ address: String, _ port: Int, _ deadline: MonotonicTime
  ) async throws(TransportError) -> [SocketAddress] {
    if case .success(let addresses) = SocketAddress.resolve(address, port: port, isNumeric: true) { return addresses }
    let answer = await threads.run(on: loop, until: deadline) {
      SocketAddress.resolve(address, port: port, isNumeric: false)
    }
    switch answer {
    case .success(let addresses) where !addresses.isEmpty: return addresses
    case .success: throw TransportError(.resolve, host: host, "the name \(address) has no address")
    case .failure(let failure):
      throw TransportError(.resolve, host: host, "the name \(address) can't be resolved: \(failure.reason)", code: failure.code)
    case nil: throw TransportError(.resolve, host: host, "the name \(address) was not resolved in time", code: ETIMEDOUT)
    }
  }

  private static let staggerSeconds = 0.25
}

/// One address being tried.
///
/// `@unchecked Sendable`: used on its loop's thread only.
private final class ConnectAttempt: DescriptorHandler, @unchecked Sendable {
  private let descriptor: Int32
  private let loop: EventLoop
  private let wakeup: Wakeup
  private var isOurs = true
  private(set) var isConnected = false
  private(set) var failure: SystemFailure?

  private init(descriptor: Int32, loop: EventLoop, wakeup: Wakeup) {
    self.descriptor = descriptor
    self.loop = loop
    self.wakeup = wakeup
  }

  static func start(_ address: SocketAddress, loop: EventLoop, wakeup: Wakeup) -> Result<ConnectAttempt, SystemFailure> {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else { return .failure(SystemFailure("socket")) }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let code = address.bytes.withUnsafeBytes { bytes in
      Glibc.connect(descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress!, socklen_t(bytes.count))
    }
    guard code == 0 || errno == EINPROGRESS else {
      let failure = SystemFailure("connect")
      close(descriptor)
      return .failure(failure)
    }
    let attempt = ConnectAttempt(descriptor: descriptor, loop: loop, wakeup: wakeup)
    loop.register(descriptor, attempt)
    return .success(attempt)
  }

  func descriptorIsReady(_ descriptor: Int32, events: UInt32) {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    if code != 0 {
      failure = SystemFailure("connect", code: code)
    } else if events & EPOLLOUT.rawValue != 0 {
      isConnected = true
    }
    wakeup.signal()
  }

  /// Gives the socket away.
  func take() -> Int32 {
    isOurs = false
    loop.unregister(descriptor)
    return descriptor
  }

  func abandon() {
    guard isOurs else { return }
    isOurs = false
    loop.unregister(descriptor)
    close(descriptor)
  }
}
