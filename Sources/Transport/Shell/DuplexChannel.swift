import Model

/// What a read found.
enum ChannelRead: Equatable {
  case bytes(Int)
  case nothingYet
  case end
}

/// A command running somewhere, with its stdin, stdout and stderr: a local child, a channel of an SSH connection, an `ssh`
/// process. Nothing here waits; `wakeup` is signalled when a read or write that gave nothing is worth another try.
///
/// Used on its loop's thread only.
protocol DuplexChannel: AnyObject, Sendable {
  var wakeup: Wakeup { get }
  func read(_ stream: OutputChunk.Stream, into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> ChannelRead
  /// Takes what there is room for and returns how much that was.
  func write(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Int
  /// The command's stdin ends here.
  func finishWriting()
  /// Lets go of both ends; the command isn't waited for.
  func close()
  /// How the command ended ("exited with status 1", "killed by signal 9"), once that is known.
  var ending: String? { get }
}

extension DuplexChannel {
  /// `write` for an array whose first bytes have been taken before.
  func writeBytes(_ bytes: [UInt8], from start: Int) throws(TransportError) -> Int {
    var result: Result<Int, TransportError> = .success(0)
    bytes.withUnsafeBytes { buffer in
      do throws(TransportError) {
        result = .success(try write(UnsafeRawBufferPointer(rebasing: buffer[start...])))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}

/// Opens channels to one host over whatever it is that connects to it.
///
/// Used on its loop's thread only.
protocol Carrier: AnyObject, Sendable {
  /// Starts a command by the login user's shell. A terminal merges the command's streams.
  nonisolated(nonsending) func openChannel(_ command: String, onTerminal: Bool) async throws(TransportError)
    -> any DuplexChannel
  /// Whether it is known that no channel can work any more.
  var isDead: Bool { get }
  /// Commands may be waited for from now until the matching `endWatch`: a silent peer is looked after meanwhile.
  func beginWatch()
  func endWatch()
  /// Why a shell's end was the connection's end, where only its last words tell; nil if it was the shell's own.
  func lossReason(endedWith ending: String, stderr: [UInt8]) -> String?
  func close()
}

extension Carrier {
  func lossReason(endedWith ending: String, stderr: [UInt8]) -> String? { nil }
}
