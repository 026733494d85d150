import Glibc
import Model
import Synchronization

/// Writes to file descriptors, whole texts at a time. A reader that went away (`martlet run | head`) ends the writing, not
/// the run; any other trouble is kept in `failure`, so that the command line can say it.
package final class DescriptorSink: OutputSink {
  private struct State {
    var isClosed: [OutputStream: Bool] = [:]
    var failure: String?
  }

  private let descriptors: [OutputStream: Int32]
  private let state = Mutex(State())

  package init(standardOutput: Int32 = 1, standardError: Int32 = 2) {
    descriptors = [.standardOutput: standardOutput, .standardError: standardError]
  }

  /// Why text was lost: the operating system's words for the first failed write that was not a broken pipe.
  package var failure: String? { state.withLock { $0.failure } }

  package func write(_ text: String, to stream: OutputStream) {
    guard let descriptor = descriptors[stream] else { return }
    state.withLock { state in
      guard state.isClosed[stream] != true else { return }
      guard let code = writeAll(text, to: descriptor) else { return }
      state.isClosed[stream] = true
      if code != EPIPE && state.failure == nil {
        state.failure = "can't write to \(stream == .standardOutput ? "standard output" : "standard error"): "
          + String(cString: strerror(code))
      }
    }
  }

  /// Nil, or the error code.
  private func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { utf8 in
      var sent = 0
      while sent < utf8.count {
        let count = Glibc.write(descriptor, utf8.baseAddress! + sent, utf8.count - sent)
        if count >= 0 {
          sent += count
        } else if errno == EAGAIN {
          var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waited, 1, -1)
        } else if errno != EINTR {
          return errno
        }
      }
      return nil
    }
  }
}
