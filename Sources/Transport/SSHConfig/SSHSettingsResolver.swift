import Model
import Synchronization

/// Settles everything about a connection: connection settings first, then ssh arguments, then ssh_config files, then
/// OpenSSH's defaults. Files are read at their first use and kept: call it off the event loops.
package final class SSHSettingsResolver: Sendable {
  /// Hops that lead to hops; more is a loop.
  package static let jumpsMax = 8

  package let context: SSHLocalContext
  private let systemFile: String
  private let documents = Mutex<[SSHArguments.ConfigFile: [SSHConfigDocument]]>([:])

  package init(context: SSHLocalContext, systemFile: String = "/etc/ssh/ssh_config") {
    self.context = context
    self.systemFile = systemFile
  }

  package func resolve(_ settings: ConnectionSettings) -> ResolvedSSHSettings {
    let arguments = SSHArguments(settings.extraArguments)
    var options = SSHOptionSet()
    for statement in statements(of: settings) + arguments.statements { options.add(statement) }
    for problem in arguments.problems { options.add(problem) }
    var evaluation = SSHConfigEvaluation(originalHost: settings.host, context: context, options: options)
    evaluation.read(documents(arguments.configFile))
    var builder = SSHSettingsBuilder(originalHost: settings.host, options: evaluation.options, context: context)
    var resolved = builder.build()
    resolved.password = settings.password
    resolved.privateKeyPassphrase = settings.privateKeyPassphrase
    if let seconds = settings.connectTimeoutSeconds { resolved.connectTimeoutSeconds = seconds }
    resolved.configFile = arguments.configFile
    resolved.unsupported += certificates(beside: resolved.identityFiles)
    return resolved
  }

  /// ssh offers `KEY-cert.pub` beside a key by itself; a server that trusts only its authority refuses the bare key.
  private func certificates(beside keys: [String]) -> [UnsupportedSSHOption] {
    keys.map { $0 + "-cert.pub" }.filter { PrivateKeyFile.exists(path: $0) }.map { path in
      UnsupportedSSHOption(
        keyword: "certificate", reason: "only the ssh binary can offer it", place: .file(path: path, line: 0))
    }
  }

  /// The hops to a host, the first one to connect to first, each with its own settings: as with ssh, only the
  /// configuration files speak for them, not what was set for the host itself; but as with ansible-core, who asks for a
  /// password gets the host's. The first hop may have own jumps.
  package func jumpChain(to target: ResolvedSSHSettings) throws(JumpLoopError) -> [ResolvedSSHSettings] {
    var chain: [ResolvedSSHSettings] = []
    var jumps = target.jumps
    while !jumps.isEmpty {
      let hops = jumps.map { jump in
        var hop = resolve(settings(of: jump, target.configFile))
        hop.password = target.password
        return hop
      }
      let isLoop = hops[0].jumps.contains { $0.host.asciiLowercased() == hops[0].originalHost.asciiLowercased() }
      chain = hops + chain
      guard !isLoop, chain.count <= Self.jumpsMax else { throw JumpLoopError(host: hops[0].originalHost) }
      jumps = hops[0].jumps
    }
    return chain
  }

  private func settings(of jump: SSHJumpHost, _ configFile: SSHArguments.ConfigFile) -> ConnectionSettings {
    var settings = ConnectionSettings(kind: .ssh, host: jump.host)
    settings.user = jump.user
    settings.port = jump.port
    switch configFile {
    case .standard: settings.extraArguments = jump.arguments
    case .none: settings.extraArguments = ["-F", "none"] + jump.arguments
    case .path(let path): settings.extraArguments = ["-F", path] + jump.arguments
    }
    return settings
  }

  private func statements(of settings: ConnectionSettings) -> [SSHConfigStatement] {
    var statements: [SSHConfigStatement] = []
    func add(_ keyword: String, _ words: [String]?) {
      if let words, !words.isEmpty { statements.append(SSHConfigStatement(keyword, words, at: .settings)) }
    }
    add("user", settings.user.map { [$0] })
    add("port", settings.port.map { ["\($0)"] })
    add("identityfile", settings.privateKeyFile.map { [SSHTokens.tildeExpanded($0, context) ?? $0] })
    add("userknownhostsfile", settings.knownHostsFiles?.map { SSHTokens.tildeExpanded($0, context) ?? $0 })
    add("stricthostkeychecking", settings.hostKeyChecking.map { [Self.word(for: $0)] })
    if !settings.jumpHosts.isEmpty { add("proxyjump", [settings.jumpHosts.joined(separator: ",")]) }
    return statements
  }

  /// `yes` here means that unknown keys are refused, or asked about on a terminal: ssh's `ask`.
  private static func word(for checking: ConnectionSettings.HostKeyChecking) -> String {
    switch checking {
    case .yes: "ask"
    case .acceptNew: "accept-new"
    case .no: "no"
    }
  }

  private func documents(_ file: SSHArguments.ConfigFile) -> [SSHConfigDocument] {
    documents.withLock { documents in
      if let known = documents[file] { return known }
      let read = load(file)
      documents[file] = read
      return read
    }
  }

  private func load(_ file: SSHArguments.ConfigFile) -> [SSHConfigDocument] {
    let userFolder = context.homeFolder + "/.ssh"
    switch file {
    case .none: return []
    case .path(let path):
      let path = SSHTokens.tildeExpanded(path, context) ?? path
      let loader = SSHConfigLoader(context: context, folder: userFolder, isOwnerChecked: false)
      return [loader.document(path: path) ?? SSHConfigDocument(path: path, problem: "there is no such file")]
    case .standard:
      let own = SSHConfigLoader(context: context, folder: userFolder, isOwnerChecked: true)
      let system = SSHConfigLoader(context: context, folder: "/etc/ssh", isOwnerChecked: false)
      return [own.document(path: userFolder + "/config"), system.document(path: systemFile)].compactMap { $0 }
    }
  }
}

/// ProxyJump leads in a circle.
package struct JumpLoopError: Error, Sendable, Hashable {
  package let host: String
}

extension JumpLoopError: CustomStringConvertible {
  package var description: String {
    "the jump host \(host) is to be reached through itself, or through too many others; give it ProxyJump none"
  }
}
