import Testing

@testable import Transport

struct SSHWireTests {
  @Test(arguments: [1, 2, 7, 511, 512, 4096])
  func `bytes come in order whatever is asked for at a time, and the network is asked once for what came at once`(size: Int) {
    let sent = (0..<3000).map { UInt8(truncatingIfNeeded: $0) }
    let source = ChunkedSource([Array(sent[..<40]), Array(sent[40..<300]), Array(sent[300...])])
    let wire = SSHWire(source: source)
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: size)
    while true {
      let count = buffer.withUnsafeMutableBytes { wire.receive(into: $0) }
      guard count > 0 else { break }
      received += buffer[..<count]
    }
    #expect(received == sent)
    #expect(wire.bytesReceived == sent.count)
    #expect(!wire.mayHaveBytes)
    #expect(source.reads <= 8)
  }
}

/// Gives out what was sent, a chunk at a time as it came.
///
/// `@unchecked Sendable`: used by one test on one thread.
private final class ChunkedSource: ByteSource, @unchecked Sendable {
  var onReady: (() -> Void)?
  private(set) var reads = 0
  private var chunks: [[UInt8]]
  let isPeerClosed = false
  let descriptor: Int32 = -1

  init(_ chunks: [[UInt8]]) { self.chunks = chunks }

  var mayHaveBytes: Bool { !chunks.isEmpty }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> ByteFlow {
    guard let chunk = chunks.first else { return .nothingYet }
    reads += 1
    let given = chunk.prefix(buffer.count)
    buffer.copyBytes(from: given)
    chunks[0].removeFirst(given.count)
    if chunks[0].isEmpty { chunks.removeFirst() }
    return .bytes(given.count)
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> ByteFlow { .bytes(bytes.count) }
  func close() {}
}
