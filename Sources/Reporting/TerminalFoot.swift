import Model
import Synchronization

/// The last line of a terminal, which several write to: the line that says what runs, questions, and all text above them.
package final class TerminalFoot: Sendable {
  private struct State {
    var status = ""
    /// What the user is to answer; empty where nothing is asked.
    var question = ""
  }

  private let state = Mutex(State())

  package init() {}

  /// Text above the foot: the status goes until it is drawn again, a question comes again below.
  package func write(_ text: String, to stream: OutputStream, of sink: any OutputSink) {
    state.withLock { state in
      Self.erase(&state, on: sink)
      sink.write(text, to: stream)
      if !state.question.isEmpty { sink.write(state.question, to: .standardError) }
    }
  }

  /// Shows the status, except over a question.
  func draw(_ status: String, on sink: any OutputSink) {
    state.withLock { state in
      guard state.question.isEmpty, status != state.status else { return }
      sink.write(eraseLine + status, to: .standardOutput)
      state.status = status
    }
  }

  /// Asks; from then on the line belongs to the answer that is typed.
  package func ask(_ question: String, on sink: any OutputSink) {
    state.withLock { state in
      Self.erase(&state, on: sink)
      sink.write(question, to: .standardError)
      state.question = question.split(separator: "\n").last.map(String.init) ?? ""
    }
  }

  /// It is answered.
  package func endQuestion() { state.withLock { $0.question = "" } }

  /// Nobody waits for the answer any more.
  package func withdrawQuestion(on sink: any OutputSink) {
    state.withLock { state in
      Self.erase(&state, on: sink)
      state.question = ""
    }
  }

  private static func erase(_ state: inout State, on sink: any OutputSink) {
    if !state.status.isEmpty { sink.write(eraseLine, to: .standardOutput) }
    if !state.question.isEmpty { sink.write(eraseLine, to: .standardError) }
    state.status = ""
  }
}

/// Back to the line's start, and nothing after it.
private let eraseLine = "\r\u{1B}[K"
