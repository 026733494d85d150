/// The words that start the `ssh` binary for one host. What the user set goes along as it is; ssh reads its own files.
struct SSHClientCommand {
  let settings: ConnectionSettings
  /// The socket by which several channels share a connection.
  let controlPath: String
  let options: TransportOptions

  func words(for command: String, onTerminal: Bool) -> [String] {
    var words = [settings.sshExecutable ?? "ssh", onTerminal ? "-tt" : "-T", "-e", "none"]
    words += settings.extraArguments
    words += ["-o", "ControlMaster=auto", "-o", "ControlPath=\(controlPath)", "-o", "ControlPersist=no"]
    // ssh keeps the first value it sees: the user's own words come before these.
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
    return words + ["--", settings.host, command]
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
