import CLinux
import Glibc
import Model

/// A child process as a channel: a local shell, or an `ssh` that leads to a remote one.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class ProcessChannel: DuplexChannel, DescriptorHandler, @unchecked Sendable {
  let wakeup: Wakeup
  private let loop: EventLoop
  private let host: String
  private let child: ChildProcess
  private(set) var ending: String?
  /// Called once, when the child has ended.
  var onEnd: ((_ status: Int32) -> Void)?
  private var openDescriptors: Set<Int32>
  private var isStdinOpen = true

  init(child: ChildProcess, host: String, loop: EventLoop) {
    self.child = child
    self.host = host
    self.loop = loop
    wakeup = Wakeup(loop: loop)
    openDescriptors = Set([child.stdin, child.stdout, child.stderr, child.pidDescriptor].filter { $0 >= 0 })
    for descriptor in openDescriptors { loop.register(descriptor, self) }
  }

  func read(_ stream: OutputChunk.Stream, into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ChannelRead {
    let descriptor = stream == .stdout ? child.stdout : child.stderr
    guard openDescriptors.contains(descriptor) else { return .end }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
      if count > 0 { return .bytes(count) }
      // A terminal whose last user has gone says EIO.
      if count == 0 || errno == EIO { return .end }
      if errno == EAGAIN { return .nothingYet }
      guard errno == EINTR else { throw failure("read") }
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Int {
    guard isStdinOpen else { return bytes.count }
    while true {
      let count = Glibc.write(child.stdin, bytes.baseAddress!, bytes.count)
      if count >= 0 { return count }
      // The reader has gone: reading will say so.
      if errno == EPIPE || errno == EIO { return bytes.count }
      if errno == EAGAIN { return 0 }
      guard errno == EINTR else { throw failure("write") }
    }
  }

  func finishWriting() {
    isStdinOpen = false
    if child.stdin != child.stdout { closeDescriptor(child.stdin) }
  }

  func close() {
    isStdinOpen = false
    for descriptor in openDescriptors where descriptor != child.pidDescriptor { closeDescriptor(descriptor) }
  }

  /// Ends the child itself, for one that leads elsewhere.
  func terminate() {
    close()
    if ending == nil { kill(child.pid, SIGTERM) }
  }

  func descriptorIsReady(_ descriptor: Int32, events: UInt32) {
    if descriptor == child.pidDescriptor { reap() }
    wakeup.signal()
  }

  /// The pid descriptor stays registered until the child has ended, so that no zombie is left.
  private func reap() {
    var status: Int32 = 0
    guard ending == nil, waitpid(child.pid, &status, WNOHANG) == child.pid else { return }
    let signal = status & 0x7F
    ending = signal != 0 ? "killed by signal \(signal)" : "exited with status \((status >> 8) & 0xFF)"
    closeDescriptor(child.pidDescriptor)
    onEnd?(signal != 0 ? 128 + signal : (status >> 8) & 0xFF)
    onEnd = nil
  }

  private func closeDescriptor(_ descriptor: Int32) {
    guard openDescriptors.remove(descriptor) != nil else { return }
    loop.unregister(descriptor)
    _ = Glibc.close(descriptor)
  }

  private func failure(_ what: String) -> TransportError {
    let failure = SystemFailure(what)
    return TransportError(.run, host: host, failure.reason, code: failure.code)
  }
}
