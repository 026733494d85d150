/// How a program of the controller that makes its own connection, as rsync does, reaches a host: by the `ssh` binary with what the user
/// set. Nothing is asked for on the way.
package struct ProgramConnection: Sendable, Equatable {
  /// The `ssh` binary and its options; the host comes behind them.
  package let words: [String]
  package let host: String
  package let user: String?
  /// What stands before a command on the host to run it as the step's user; nil where that can't go without a dialogue.
  package let becomeWords: [String]?
  /// Martlet itself may log in by a password, which no other program is given.
  package let hasPassword: Bool

  /// Nil where the host is the controller.
  package init?(_ settings: ConnectionSettings, become: Become?, options: TransportOptions = TransportOptions()) {
    guard settings.kind != .local else { return nil }
    var settings = settings
    (host, user, hasPassword) = (settings.host, settings.user, settings.password != nil)
    (settings.user, settings.password, settings.privateKeyPassphrase) = (nil, nil, nil)
    words = SSHClientCommand(settings: settings, controlPath: "none", options: options).programWords
    switch become?.method {
    case nil: becomeWords = []
    case .sudo, .doas: becomeWords = become.map { [$0.executable ?? $0.method.rawValue, "-n", "-u", $0.user] }
    case .su: becomeWords = nil
    }
  }
}
