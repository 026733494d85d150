import Model
import Synchronization

/// Passes on what a module's commands print while it runs, and nothing of the records that end its answer.
final class PlainOutput: Sendable {
  fileprivate struct State {
    /// The last bytes so far, as long as they may be the beginning of the mark.
    var held: [UInt8] = []
    var hasEnded = false
  }

  private let mark: [UInt8]
  private let state = Mutex(State())

  init(mark: [UInt8]) { self.mark = mark }

  /// What of a chunk is to be shown; nil if nothing is.
  func shown(of chunk: OutputChunk) -> OutputChunk? {
    guard chunk.stream == .stdout else { return chunk }
    let bytes = state.withLock { $0.take(chunk.bytes, mark) }
    return bytes.isEmpty ? nil : OutputChunk(stream: .stdout, bytes: bytes)
  }
}

extension PlainOutput.State {
  fileprivate mutating func take(_ bytes: [UInt8], _ mark: [UInt8]) -> [UInt8] {
    guard !hasEnded else { return [] }
    let joined = held + bytes
    held = []
    var start = 0
    while let found = joined[start...].firstIndex(of: mark[0]) {
      let candidate = joined[found...].prefix(mark.count)
      if candidate.elementsEqual(mark.prefix(candidate.count)) {
        if candidate.count == mark.count { hasEnded = true } else { held = Array(candidate) }
        return Array(joined[..<found])
      }
      start = found + 1
    }
    return joined
  }
}
