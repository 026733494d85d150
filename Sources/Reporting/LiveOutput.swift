import Model

/// Output of running commands, line by line with the host's name before it.
struct LiveOutput {
  private static let lineBytesMax = 8192

  private struct Source: Hashable {
    var step: StepReference
    var stream: OutputChunk.Stream
  }

  private var unfinished: [Source: [UInt8]] = [:]

  /// The lines that this chunk completes.
  mutating func lines(_ step: StepReference, _ chunk: OutputChunk) -> [String] {
    let source = Source(step: step, stream: chunk.stream)
    var bytes = (unfinished[source] ?? []) + chunk.bytes, lines: [String] = []
    while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? (bytes.count > Self.lineBytesMax ? bytes.count : nil) {
      lines.append(line(step, Array(bytes[..<end])))
      bytes.removeFirst(min(bytes.count, end + 1))
    }
    unfinished[source] = bytes.isEmpty ? nil : bytes
    return lines
  }

  /// What is left of a step that ended in mid-line.
  mutating func end(of step: StepReference) -> [String] {
    [OutputChunk.Stream.stdout, .stderr].compactMap { stream in
      unfinished.removeValue(forKey: Source(step: step, stream: stream)).map { line(step, $0) }
    }
  }

  private func line(_ step: StepReference, _ bytes: [UInt8]) -> String {
    "\(step.host) | " + String(visible: bytes.last == UInt8(ascii: "\r") ? Array(bytes.dropLast()) : bytes)
  }
}
