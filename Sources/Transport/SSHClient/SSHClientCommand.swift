/// The words that start the `ssh` binary for one host. What the user set goes along as it is; ssh reads its own files.
struct SSHClientCommand {
  let settings: ConnectionSettings
  /// The socket by which several channels share a connection.
  let controlPath: String
  let options: TransportOptions

  /// A connection of its own that goes into the background once it is logged in, so that no shell's end ends it, nor is
  /// kept from ending by it. It stays for a minute after the last channel, in case we die.
  var masterWords: [String] {
    [executable, "-f", "-N", "-T"] + control(master: "yes") + connection(onTerminal: false) + ["--", settings.host]
  }

  func words(for command: String, onTerminal: Bool) -> [String] {
    [executable, onTerminal ? "-tt" : "-T", "-e", "none"] + control(master: "no") + connection(onTerminal: onTerminal)
      + ["--", settings.host, command]
  }

  /// Ends the background connection.
  var exitWords: [String] { [executable, "-F", "none", "-o", "ControlPath=\(controlPath)", "-O", "exit", "--", settings.host] }

  /// For a program that makes its own connection and puts the host behind these words.
  var programWords: [String] { [executable] + connection(onTerminal: false) }

  private var executable: String { settings.sshExecutable ?? "ssh" }

  /// ssh keeps the first value it sees: these come before the user's own words, which often share connections themselves.
  private func control(master: String) -> [String] {
    ["-o", "ControlMaster=\(master)", "-o", "ControlPath=\(controlPath)", "-o", "ControlPersist=60"]
  }

  private func connection(onTerminal: Bool) -> [String] {
    var words = settings.extraArguments
    words += ["-o", "ServerAliveInterval=\(max(1, Int(options.keepaliveSeconds)))", "-o", "ServerAliveCountMax=4"]
    let timeout = settings.connectTimeoutSeconds ?? options.connectTimeoutSeconds
    words += ["-o", "ConnectTimeout=\(max(1, Int(timeout.rounded(.up))))"]
    words += ["-o", "ClearAllForwardings=yes", "-o", "PermitLocalCommand=no", "-o", "RequestTTY=\(onTerminal ? "force" : "no")"]
    words += authentication
    if let checking = settings.hostKeyChecking { words += ["-o", "StrictHostKeyChecking=\(Self.word(for: checking))"] }
    if let files = settings.knownHostsFiles, !files.isEmpty {
      words += ["-o", "UserKnownHostsFile=\(files.map(Self.quoted).joined(separator: " "))"]
    }
    if let port = settings.port { words += ["-p", "\(port)"] }
    if let user = settings.user { words += ["-l", user] }
    if let file = settings.privateKeyFile { words += ["-i", file] }
    if !settings.jumpHosts.isEmpty { words += ["-J", settings.jumpHosts.joined(separator: ",")] }
    return words
  }

  /// Without a password nothing may be asked; with one, only once.
  private var authentication: [String] {
    needsAnswers ? ["-o", "NumberOfPasswordPrompts=1"] : ["-o", "BatchMode=yes"]
  }

  /// Whether ssh is to ask us for a password or passphrase.
  var needsAnswers: Bool { settings.password != nil || settings.privateKeyPassphrase != nil }

  /// There is no terminal to ask on: unknown keys are refused.
  private static func word(for checking: ConnectionSettings.HostKeyChecking) -> String {
    switch checking {
    case .yes: "yes"
    case .acceptNew: "accept-new"
    case .no: "no"
    }
  }

  private static func quoted(_ path: String) -> String { path.contains(" ") ? "\"\(path)\"" : path }
}
