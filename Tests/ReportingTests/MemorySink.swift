import Synchronization

@testable import Reporting

/// Keeps what is written, for tests to look at.
final class MemorySink: OutputSink {
  private let texts = Mutex<[OutputStream: String]>([:])

  func write(_ text: String, to stream: OutputStream) {
    texts.withLock { $0[stream, default: ""] += text }
  }

  var output: String { texts.withLock { $0[.standardOutput] ?? "" } }
  var errors: String { texts.withLock { $0[.standardError] ?? "" } }

  func clear() { texts.withLock { $0.removeAll() } }
}
