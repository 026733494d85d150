import Foundation

/// Asks the user at the terminal. Where the process has none, the answer is a line of standard input, as scripts pipe it in;
/// nobody sits there, so it must come before a deadline.
enum TerminalPrompt {
  struct Failure: Error {
    let message: String
  }

  /// Between the bytes of an answer that is piped in.
  private static let inputSecondsMax: Int32 = 60

  static func ask(_ prompt: String, isHidden: Bool = true) throws(Failure) -> String {
    let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard terminal >= 0, isatty(terminal) == 1 else {
      if terminal >= 0 { close(terminal) }
      return try answerFromInput(prompt)
    }
    defer { close(terminal) }
    var before = termios()
    let isChanged = isHidden && tcgetattr(terminal, &before) == 0
    if isChanged {
      var quiet = before
      quiet.c_lflag &= ~tcflag_t(ECHO)
      tcsetattr(terminal, TCSAFLUSH, &quiet)
    }
    // Only now: what answers at once would be echoed, or lost with what was typed ahead.
    write(prompt, to: terminal)
    defer {
      if isChanged {
        tcsetattr(terminal, TCSAFLUSH, &before)
        write("\n", to: terminal)
      }
    }
    guard let line = try readLine(from: terminal) else { throw Failure(message: "the input ended at '\(prompt)'") }
    return line
  }

  /// Asks whoever sits at standard input until one of the keys comes, by the first letter of a line. `q`, or the input's end, ends the
  /// command before it has done anything.
  static func key(_ question: String, of keys: String) throws -> Character {
    while true {
      StandardError.write(question)
      switch Swift.readLine()?.lowercased().first {
      case let key? where keys.contains(key): return key
      case "q", nil: throw CommandFailure(exitStatus: 1, "nothing was done")
      default: continue
      }
    }
  }

  private static func answerFromInput(_ prompt: String) throws(Failure) -> String {
    write(prompt, to: STDERR_FILENO)
    defer { write("\n", to: STDERR_FILENO) }
    let question = "there is no terminal to ask '\(prompt.trimmingCharacters(in: .whitespaces))' at"
    guard let line = try readLine(from: STDIN_FILENO, secondsMax: inputSecondsMax, question) else {
      throw Failure(message: "\(question): give a file instead, or pipe it in")
    }
    return line
  }

  /// A line without its end; nil at the end of input. Whoever sits at a terminal takes the time they take.
  private static func readLine(
    from terminal: Int32, secondsMax: Int32? = nil, _ question: String = ""
  ) throws(Failure) -> String? {
    var line: [UInt8] = [], byte: UInt8 = 0
    while true {
      if let secondsMax {
        var waited = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        let count = poll(&waited, 1, secondsMax * 1000)
        if count < 0, errno == EINTR { continue }
        if count == 0 {
          throw Failure(message: "\(question), and nothing came on standard input for \(secondsMax) s: give a file instead")
        }
      }
      let count = read(terminal, &byte, 1)
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == 10 { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }

  private static func write(_ text: String, to terminal: Int32) {
    _ = Array(text.utf8).withUnsafeBytes { Foundation.write(terminal, $0.baseAddress, $0.count) }
  }
}
