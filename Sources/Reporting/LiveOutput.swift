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
    let (lines, rest) = Self.cut((unfinished[source] ?? []) + chunk.bytes)
    unfinished[source] = rest.isEmpty ? nil : Array(rest)
    return lines.map { line(step, $0) }
  }

  /// Whole lines and what follows them. Each byte is looked at once: a chunk may be megabytes of short lines.
  static func cut<Bytes: RandomAccessCollection<UInt8>>(_ bytes: Bytes) -> (lines: [Bytes.SubSequence], rest: Bytes.SubSequence) {
    var lines: [Bytes.SubSequence] = [], rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(rest[..<end])
      rest = rest[rest.index(after: end)...]
    }
    guard rest.count > lineBytesMax else { return (lines, rest) }
    return (lines + [rest], bytes[bytes.endIndex...])
  }

  /// What is left of a step that ended in mid-line.
  mutating func end(of step: StepReference) -> [String] {
    [OutputChunk.Stream.stdout, .stderr].compactMap { stream in
      unfinished.removeValue(forKey: Source(step: step, stream: stream)).map { line(step, $0[...]) }
    }
  }

  private func line(_ step: StepReference, _ bytes: ArraySlice<UInt8>) -> String {
    "\(step.host) | " + String(visible: Array(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes))
  }
}
