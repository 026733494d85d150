import Model

/// Why another user's shell did not come.
enum BecomeFailure: Error, Equatable {
  case wrongPassword
  case passwordMissing
  case notAllowed(words: String)
  case wantsTerminal(words: String)
  case unknownUser(words: String)
  case notInstalled(words: String)
  case noAnswer(seconds: Double, words: String)
  /// Something is asked after the password, as where a code is wanted too.
  case secondQuestion
  case other(words: String)

  /// Reads it from what the method printed before it ended.
  init(words: String, passwordSent: Bool) {
    let text = words.lowercased()
    func says(_ phrases: [String]) -> Bool { phrases.contains { text.contains($0) } }
    if says(["must have a tty", "terminal is required", "no tty present", "tty is required", "run from a terminal"]) {
      self = .wantsTerminal(words: words)
    } else if says(["password is required"]) && !passwordSent {
      self = .passwordMissing
    } else if says(["not in the sudoers", "not allowed to", "may not run", "not permitted", "permission denied"]) {
      self = .notAllowed(words: words)
    } else if says(["incorrect password", "try again", "authentication fail", "incorrect password attempt"]) {
      self = .wrongPassword
    } else if says(["unknown user", "does not exist", "no passwd entry"]) {
      self = .unknownUser(words: words)
    } else if says(["not found", "no such file"]) {
      self = .notInstalled(words: words)
    } else {
      self = .other(words: words)
    }
  }

  /// Whether it may be that the login user runs no commands at all, as with nologin or a ForceCommand.
  var mayBeTheLogin: Bool {
    switch self {
    case .notInstalled, .other: true
    case .wrongPassword, .passwordMissing, .notAllowed, .wantsTerminal, .unknownUser, .noAnswer, .secondQuestion: false
    }
  }

  func error(host: String, become: Become) -> TransportError {
    TransportError(.become, host: host, reason(become))
  }

  private func reason(_ become: Become) -> String {
    let method = become.executable ?? become.method.rawValue
    let user = become.user
    return switch self {
    case .wrongPassword: "\(method) refused the become password for \(user)"
    case .passwordMissing:
      "\(method) asks for a password to become \(user); give a become password (-K, --become-password-file, ansible_become_password)"
    case .secondQuestion: "\(method) asks for more than a password to become \(user), which can't be given"
    case .notAllowed(let words): "the login user may not become \(user) by \(method): \(words)"
    case .wantsTerminal(let words): "\(method) insists on a terminal: \(words)"
    case .unknownUser(let words): "there is no user \(user) on the host: \(words)"
    case .notInstalled(let words): "\(method) is not installed on the host: \(words)"
    case .noAnswer(let seconds, let words):
      "no shell of \(user) from \(method) in \(shortSeconds(seconds)) s"
        + (words.isEmpty ? ", nor a word: does it, or a login script, wait for something?" : "; it said: \(words)")
    case .other(let words): "\(method) gave no shell of \(user)" + (words.isEmpty ? "" : ": \(words)")
    }
  }
}
