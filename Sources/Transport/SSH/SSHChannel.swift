import CLibSSH2
import Glibc
import Model

/// A channel of an SSH connection.
///
/// `@unchecked Sendable`: used on its loop's thread only.
final class SSHChannel: DuplexChannel, @unchecked Sendable {
  static let windowBytes: UInt32 = 256 << 10
  static let packetBytes: UInt32 = 32 << 10

  let wakeup: Wakeup
  let handle: OpaquePointer
  /// Nil once the connection has gone, and with it libssh2's channel.
  private var connection: SSHConnection?
  private var isClosing = false
  private var endingSeen: String?
  /// For stdout and stderr, how much the connection had received when nothing was left to read: a step would ask libssh2 in
  /// vain three times for each time that it has something.
  private var drainedAt: InlineArray<2, Int> = [-1, -1]

  init(handle: OpaquePointer, connection: SSHConnection) {
    self.handle = handle
    self.connection = connection
    wakeup = Wakeup(loop: connection.loop)
  }

  func read(_ stream: OutputChunk.Stream, into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ChannelRead {
    guard let connection, !isClosing else { return .end }
    if let failure = connection.currentFailure { throw failure }
    let number = stream == .stdout ? 0 : 1
    if drainedAt[number] == connection.wire.bytesReceived, !connection.wire.mayHaveBytes {
      return libssh2_channel_eof(handle) == 1 ? .end : .nothingYet
    }
    let count = libssh2_channel_read_ex(
      handle, Int32(number), buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
    connection.finishCall(by: self)
    // libssh2 takes in all that has come, then fills the buffer as far as that goes.
    drainedAt[number] = count < buffer.count ? connection.wire.bytesReceived : -1
    if count > 0 { return .bytes(count) }
    if count == LibSSH2.again || count == 0 {
      // libssh2_channel_read(3): 0 is no end of file; libssh2_channel_eof says.
      return libssh2_channel_eof(handle) == 1 ? .end : .nothingYet
    }
    if count == Int(LIBSSH2_ERROR_CHANNEL_CLOSED) { return .end }
    throw connection.error(.run, code: Int32(count))
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Int {
    guard let connection, !isClosing else { return bytes.count }
    if let failure = connection.currentFailure { throw failure }
    // What the network has not taken yet is limited here, since libssh2's SEND never refuses.
    guard connection.wire.outgoingCount < Self.outgoingBytesMax else { return 0 }
    // libssh2 takes 32,700 bytes of one call at most.
    let count = libssh2_channel_write_ex(
      handle, 0, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), min(bytes.count, Self.writeBytesMax))
    connection.finishCall(by: self)
    if count >= 0 { return count }
    if count == LibSSH2.again { return 0 }
    // The command has ended; reading will say so.
    if [Int(LIBSSH2_ERROR_CHANNEL_CLOSED), Int(LIBSSH2_ERROR_CHANNEL_EOF_SENT)].contains(count) { return bytes.count }
    throw connection.error(.run, code: Int32(count))
  }

  func finishWriting() {
    guard let connection, !isClosing else { return }
    // With SEND never refused, this never waits.
    _ = libssh2_channel_send_eof(handle)
    connection.finishCall(by: self)
  }

  func close() {
    guard !isClosing else { return }
    isClosing = true
    wakeup.idleHandler = { [weak self] in self?.free() }
    free()
  }

  /// libssh2 frees channels with their session.
  func connectionIsGone() {
    connection = nil
    wakeup.signal()
  }

  var ending: String? {
    if endingSeen == nil { endingSeen = findEnding() }
    return endingSeen
  }

  private func findEnding() -> String? {
    guard let connection, !isClosing else { return "its channel was closed" }
    var isClosed = false
    if libssh2_channel_eof(handle) == 1 {
      // The status may come behind the end of the output; until the channel is closed, 0 stands for none.
      isClosed = libssh2_channel_wait_closed(handle) == 0
      connection.finishCall(by: self)
    }
    var name: UnsafeMutablePointer<CChar>?
    var length = 0
    libssh2_channel_get_exit_signal(handle, &name, &length, nil, nil, nil, nil)
    if let name {
      defer { libssh2_free(sessionForFree, name) }
      return "killed by signal \(String(cString: name))"
    }
    let status = libssh2_channel_get_exit_status(handle)
    return status != 0 || isClosed ? "exited with status \(status)" : nil
  }

  private var sessionForFree: OpaquePointer? { connection?.session }

  /// Until the peer has closed its side too; every event brings another try.
  private func free() {
    guard let connection else { return }
    let code = libssh2_channel_free(handle)
    connection.finishCall(by: self)
    guard code != LIBSSH2_ERROR_EAGAIN else { return }
    wakeup.idleHandler = nil
    connection.forget(self)
    self.connection = nil
  }

  private static let writeBytesMax = 32_700
  private static let outgoingBytesMax = 1 << 20
}
