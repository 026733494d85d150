import CLinux
import Glibc

/// A connected TCP socket as a byte source.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class SocketSource: ByteSource, DescriptorHandler, @unchecked Sendable {
  let descriptor: Int32
  var onReady: (() -> Void)?
  private(set) var isPeerClosed = false
  private let loop: EventLoop
  private var isOpen = true
  /// A short read says that the socket is drained; the next event says that it is not.
  private var isReadable = true

  var mayHaveBytes: Bool { isReadable || isPeerClosed || !isOpen }

  /// Takes over a connected, non-blocking socket.
  init(descriptor: Int32, loop: EventLoop) {
    self.descriptor = descriptor
    self.loop = loop
    loop.register(descriptor, self)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> ByteFlow {
    guard isOpen else { return .end }
    guard mayHaveBytes else { return .nothingYet }
    while true {
      let count = recv(descriptor, buffer.baseAddress!, buffer.count, 0)
      if count > 0 {
        isReadable = count == buffer.count
        return .bytes(count)
      }
      if count == 0 {
        isPeerClosed = true
        return .end
      }
      if errno == EAGAIN {
        isReadable = false
        return .nothingYet
      }
      guard errno == EINTR else { return .failed(code: errno) }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> ByteFlow {
    guard isOpen else { return .end }
    while true {
      let count = send(descriptor, bytes.baseAddress!, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      if errno == EAGAIN { return .nothingYet }
      guard errno == EINTR else { return .failed(code: errno) }
    }
  }

  func descriptorIsReady(_ descriptor: Int32, events: UInt32) {
    isReadable = true
    if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { isPeerClosed = true }
    onReady?()
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    onReady = nil
    loop.unregister(descriptor)
    _ = Glibc.close(descriptor)
  }
}
