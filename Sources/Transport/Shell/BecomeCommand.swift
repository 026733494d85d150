import Model

extension Become {
  /// The command line to read, without the prompt and the command that are made anew for each shell.
  package var commandLine: String {
    let flags = flags.map { " " + shellQuoted($0) }.joined()
    let user = shellQuoted(user), executable = executable.map(shellQuoted) ?? method.rawValue
    return switch method {
    case .sudo: "\(executable) -H -S -k -u \(user)\(flags) -- /bin/sh"
    case .su: "\(executable)\(flags) \(user) -c /bin/sh"
    case .doas: "\(executable)\(flags) -u \(user) -- /bin/sh"
    }
  }
}

/// The command line that changes the user and then runs a command of ours.
struct BecomeCommand {
  let prompt = FrameToken()
  let ready = FrameToken()
  let text: String

  /// `command` is POSIX shell; it starts once the user has changed and READY has been said.
  init(_ become: Become, command: String, onTerminal: Bool) {
    let inner = shellQuoted("echo \"\u{1E}\(ready)\"; \(command)")
    let flags = become.flags.map { " " + shellQuoted($0) }.joined()
    let user = shellQuoted(become.user)
    let executable = become.executable.map(shellQuoted) ?? become.method.rawValue
    let line =
      switch become.method {
      case .sudo: "\(executable) -H -S -k -p '\(prompt)' -u \(user)\(flags) -- /bin/sh -c \(inner)"
      // su takes the user's login shell for -c: that may be anything, but it knows exec.
      case .su: "\(executable)\(flags) \(user) -c \(shellQuoted("exec /bin/sh -c \(inner)"))"
      case .doas: "\(executable)\(flags) -u \(user) -- /bin/sh -c \(inner)"
      }
    text = (onTerminal ? "stty raw -echo; " : "") + "exec \(line)"
  }
}
