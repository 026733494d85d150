import Model

/// A channel through a jump host as the byte source of the connection behind it.
///
/// `@unchecked Sendable`: used on its loop's thread only; both connections share the loop.
final class SSHTunnelSource: ByteSource, @unchecked Sendable {
  var onReady: (() -> Void)?
  private(set) var isPeerClosed = false
  let descriptor: Int32
  /// The channel knows whether it has.
  var mayHaveBytes: Bool { true }
  private let channel: any DuplexChannel
  private var isOpen = true
  /// Keeps the jump host's connection as long as something goes through it.
  private let carrier: SSHConnection

  init(channel: any DuplexChannel, carrier: SSHConnection) {
    self.channel = channel
    self.carrier = carrier
    descriptor = carrier.descriptor
    channel.wakeup.idleHandler = { [weak self] in self?.onReady?() }
    // A jump host that falls silent is to be noticed as long as something is behind it.
    carrier.beginWatch()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> ByteFlow {
    do throws(TransportError) {
      switch try channel.read(.stdout, into: buffer) {
      case .bytes(let count): return .bytes(count)
      case .nothingYet: return .nothingYet
      case .end:
        isPeerClosed = true
        return .end
      }
    } catch {
      isPeerClosed = true
      return .failed(code: error.code ?? -1)
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> ByteFlow {
    do throws(TransportError) {
      let count = try channel.write(bytes)
      return count > 0 ? .bytes(count) : .nothingYet
    } catch {
      isPeerClosed = true
      return .failed(code: error.code ?? -1)
    }
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    onReady = nil
    carrier.endWatch()
    channel.wakeup.idleHandler = nil
    channel.close()
  }
}
