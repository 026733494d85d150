import Glibc

/// One client's connection through the proxy: two sockets and what is on its way between them.
struct ProxyConnection {
  /// One direction.
  private struct Lane {
    let direction: TCPProxy.Direction
    let source: Int32
    let target: Int32
    var queue = DelayQueue()
    var passedByteCount = 0
    var isAtEnd = false
    var isTargetClosed = false
  }

  private let client: Int32
  private let server: Int32
  private var lanes: [Lane]
  /// Open, but nothing passes.
  private var isSilent = false
  private(set) var isClosed = false

  init(client: Int32, server: Int32) {
    self.client = client
    self.server = server
    lanes = [
      Lane(direction: .toServer, source: client, target: server),
      Lane(direction: .toClient, source: server, target: client),
    ]
  }

  /// What to wait for.
  func awaited(_ behaviour: TCPProxy.Behaviour, now: Double) -> [pollfd] {
    guard !isSilent, !behaviour.isFrozen else { return [] }
    var awaited: [pollfd] = []
    for lane in lanes {
      if !lane.isAtEnd, !lane.queue.isFull {
        awaited.append(pollfd(fd: lane.source, events: Int16(POLLIN), revents: 0))
      }
      if !lane.queue.available(now: now).isEmpty {
        awaited.append(pollfd(fd: lane.target, events: Int16(POLLOUT), revents: 0))
      }
    }
    return awaited
  }

  /// When bytes come out of a delay; nil while none are in it.
  func nextTime(_ behaviour: TCPProxy.Behaviour) -> Double? {
    isSilent || behaviour.isFrozen ? nil : lanes.compactMap(\.queue.nextTime).min()
  }

  /// Moves what can be moved.
  mutating func move(_ behaviour: TCPProxy.Behaviour, now: Double, _ buffer: inout [UInt8]) {
    for index in lanes.indices {
      if isSilent || isClosed || behaviour.isFrozen { return }
      take(index, behaviour, now: now, &buffer)
      pass(index, behaviour, now: now)
    }
    if lanes.allSatisfy(\.isTargetClosed) { end(.close) }
  }

  mutating func end(_ ending: TCPProxy.Ending) {
    guard !isClosed else { return }
    switch ending {
    case .silence:
      isSilent = true
      return
    case .close:
      close(client)
      close(server)
    case .reset:
      ProxySocket.reset(client)
      ProxySocket.reset(server)
    }
    isClosed = true
  }

  private mutating func take(
    _ index: Int, _ behaviour: TCPProxy.Behaviour, now: Double, _ buffer: inout [UInt8]
  ) {
    guard !lanes[index].isAtEnd, !lanes[index].queue.isFull else { return }
    let count = recv(lanes[index].source, &buffer, buffer.count, 0)
    if count > 0 {
      lanes[index].queue.append(
        buffer[..<count], now: now, delaySeconds: behaviour.delaySeconds, bytesPerSecond: behaviour.bytesPerSecond)
    } else if count == 0 {
      lanes[index].isAtEnd = true
    } else if errno != EAGAIN, errno != EINTR {
      end(.reset)
    }
  }

  private mutating func pass(_ index: Int, _ behaviour: TCPProxy.Behaviour, now: Double) {
    while !isClosed, !isSilent {
      let lane = lanes[index]
      var bytes = lane.queue.available(now: now)
      if bytes.isEmpty { break }
      if let most = behaviour.writeBytesMax { bytes = bytes.prefix(most) }
      let cut = behaviour.cut.flatMap { $0.direction == lane.direction ? $0 : nil }
      if let cut {
        let left = cut.afterBytes - lane.passedByteCount
        if left <= 0 { return end(cut.ending) }
        bytes = bytes.prefix(left)
      }
      let count = bytes.withUnsafeBytes { send(lane.target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0 {
        if errno != EAGAIN, errno != EINTR { end(.reset) }
        return
      }
      lanes[index].queue.remove(count)
      lanes[index].passedByteCount += count
    }
    passEnd(index)
  }

  /// Passes a side's FIN on, behind its last bytes.
  private mutating func passEnd(_ index: Int) {
    let lane = lanes[index]
    guard !isClosed, lane.isAtEnd, lane.queue.isEmpty, !lane.isTargetClosed else { return }
    shutdown(lane.target, Int32(SHUT_WR))
    lanes[index].isTargetClosed = true
  }
}
