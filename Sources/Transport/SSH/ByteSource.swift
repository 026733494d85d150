/// What a non-blocking read or write of a byte source came to.
enum ByteFlow: Equatable {
  case bytes(Int)
  case nothingYet
  case end
  case failed(code: Int32)
}

/// Where an SSH connection's bytes come from and go to: a socket, or a channel through a jump host.
///
/// Used on its loop's thread only.
protocol ByteSource: AnyObject, Sendable {
  /// Called on the loop's thread when a read or write that gave nothing is worth another try.
  var onReady: (() -> Void)? { get set }
  /// False where a read is known to give nothing until `onReady` is called.
  var mayHaveBytes: Bool { get }
  func read(into buffer: UnsafeMutableRawBufferPointer) -> ByteFlow
  func write(_ bytes: UnsafeRawBufferPointer) -> ByteFlow
  /// The other side has ended the stream, whether or not all of it has been read.
  var isPeerClosed: Bool { get }
  /// A non-blocking descriptor for libssh2 to look at; it never reads or writes it.
  var descriptor: Int32 { get }
  func close()
}
