import Model

/// Moves an upload's content into a channel and hears the answer of the script that takes it.
struct UploadTransfer {
  let channel: any DuplexChannel
  let content: UploadContent
  /// What is sent before the content.
  let preamble: [UInt8]
  let host: String
  let loop: EventLoop

  nonisolated(nonsending) func run(
    _ reader: inout FrameReader, isMerged: Bool, onProgress: (@Sendable (Int) -> Void)?
  ) async throws(TransportError) {
    let wakeup = channel.wakeup
    do {
      try await withTaskCancellationHandler {
        try await move(&reader, isMerged: isMerged, onProgress: onProgress)
      } onCancel: {
        wakeup.signalFromAnywhere()
      }
    } catch let error as TransportError {
      throw error
    } catch {
      preconditionFailure("a bug: an untyped error from a channel: \(error)")
    }
  }

  private nonisolated(nonsending) func move(
    _ reader: inout FrameReader, isMerged: Bool, onProgress: (@Sendable (Int) -> Void)?
  ) async throws(TransportError) {
    var chunk = preamble
    var (chunkStart, chunkSent) = (-preamble.count, 0)
    var hasFinished = false
    var ended: Set<OutputChunk.Stream> = isMerged ? [.stderr] : []
    while true {
      if chunkSent == chunk.count, !hasFinished {
        chunkStart += chunk.count
        onProgress?(chunkStart)
        chunk = chunkStart < content.size ? await content.chunk(at: chunkStart, bytesMax: Self.chunkBytes) : []
        chunkSent = 0
        // Where the local file got shorter, the script counts too few bytes and says so.
        if chunk.isEmpty {
          channel.finishWriting()
          hasFinished = true
        }
      }
      var hasMoved = false
      if chunkSent < chunk.count {
        let count = try channel.writeBytes(chunk, from: chunkSent)
        chunkSent += count
        hasMoved = count > 0
      }
      if try receive(&reader, &ended) { hasMoved = true }
      if reader.isComplete { return }
      if Task.isCancelled {
        throw TransportError(.upload, host: host, "interrupted: nothing was changed", code: TransportError.cancelled)
      }
      if hasMoved { continue }
      if ended.count == 2 { throw TransportError(.upload, host: host, Self.endedEarly(reader)) }
      await channel.wakeup.wait()
    }
  }

  private func receive(
    _ reader: inout FrameReader, _ ended: inout Set<OutputChunk.Stream>
  ) throws(TransportError) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer(rebasing: loop.scratch[..<(64 << 10)])
    var hasMoved = false
    for stream in [OutputChunk.Stream.stdout, .stderr] where !ended.contains(stream) {
      switch try channel.read(stream, into: buffer) {
      case .bytes(let count):
        reader.receive(stream, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        hasMoved = true
      case .nothingYet: break
      case .end: ended.insert(stream)
      }
    }
    return hasMoved
  }

  private static func endedEarly(_ reader: FrameReader) -> String {
    let words = lastLines(of: reader.stderr)
    return "the receiving command went away" + (words.isEmpty ? "" : ": \(words)")
  }

  private static let chunkBytes = 512 << 10
}
