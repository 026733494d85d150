import Model

/// Turns options into settings: checks values, expands tokens, fills in OpenSSH's defaults. Pure.
struct SSHSettingsBuilder {
  let context: SSHLocalContext
  private let options: SSHOptionSet
  private var settings: ResolvedSSHSettings

  /// OpenSSH's list; `id_xmss` and `id_dsa`, which no server takes any more, are left out.
  static let defaultIdentityFiles = ["id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"]
  static let defaultAuthenticationMethods = "gssapi-with-mic,hostbased,publickey,keyboard-interactive,password"

  init(originalHost: String, options: SSHOptionSet, context: SSHLocalContext) {
    self.context = context
    self.options = options
    settings = ResolvedSSHSettings(
      originalHost: originalHost, hostName: originalHost, user: options.word("user") ?? context.user)
  }

  mutating func build() -> ResolvedSSHSettings {
    settings.unsupported = options.problems
    readHostName()
    refuseWhatWeCannot()
    readConnection()
    readHostKeys()
    readAuthentication()
    readAlgorithms()
    readPaths()
    return settings
  }

  private mutating func readHostName() {
    var name = settings.originalHost
    if let statement = options["hostname"], let word = statement.arguments.first {
      do throws(SSHTokens.Problem) {
        name = try SSHTokens.hostName(word, originalHost: settings.originalHost)
      } catch {
        refuse(statement, error.reason)
      }
    }
    // The zone of an IPv6 address is an interface's name.
    settings.hostName = name.contains(":") ? name : name.asciiLowercased()
  }

  private mutating func refuseWhatWeCannot() {
    let ignored = options.word("ignoreunknown").map { HostPatternList(commaSeparated: $0.asciiLowercased()) }
    for statement in options.options.values.joined().sorted(by: { "\($0.place)" < "\($1.place)" }) {
      let keyword = statement.keyword
      let value = SSHKeyword.takesRest.contains(keyword) ? statement.rest : statement.arguments.first ?? ""
      switch SSHKeyword.treatment(of: keyword) {
      case .honoured where statement.arguments.count > 1 && !SSHKeyword.takesMany.contains(keyword)
        && !SSHKeyword.takesRest.contains(keyword):
        refuse(statement, "it takes one value")
      case .honoured, .harmless: continue
      case .only where keyword == "proxycommand" && jumpsOfProxyCommand != nil: continue
      case .only(let values):
        if !values.contains(value.asciiLowercased()) { refuse(statement, "only the ssh binary can do that") }
      case .unknown:
        let isIgnored = ignored?.matches(keyword) ?? false
        if !isIgnored { refuse(statement, "this keyword is not known") }
      }
    }
  }

  private mutating func readConnection() {
    settings.port = value("port", default: 22, "a port from 1 to 65535") { SSHPort.number($0) }
    settings.addressFamily = value("addressfamily", default: .any, "any, inet or inet6") {
      ResolvedSSHSettings.AddressFamily(rawValue: $0.asciiLowercased())
    }
    settings.bindAddress = options.word("bindaddress")
    settings.connectionAttempts = value("connectionattempts", default: 1, "a number from 1", Self.positive)
    settings.connectTimeoutSeconds = value("connecttimeout", default: nil, "a time like 10 or 1m", Self.optionalTime)
    settings.serverAliveIntervalSeconds = value("serveraliveinterval", default: nil, "a time like 10 or 1m") {
      Self.optionalTime($0)?.flatMap { $0 > 0 ? $0 : nil }
    }
    settings.serverAliveCountMax = value("serveralivecountmax", default: 3, "a number from 1", Self.positive)
    if let statement = options["proxyjump"], statement.rest.asciiLowercased() != "none" {
      if let jumps = SSHJumpHost.list(statement.rest) {
        settings.jumps = jumps
      } else {
        refuse(statement, "it is no list of [user@]host[:port]")
      }
    } else if let jumps = jumpsOfProxyCommand {
      settings.jumps = jumps
    }
  }

  /// `ssh -W %h:%p HOST` is a jump host in older words.
  private var jumpsOfProxyCommand: [SSHJumpHost]? {
    guard options["proxyjump"].map({ $0.rest.asciiLowercased() == "none" }) ?? true,
      let command = options["proxycommand"]?.rest
    else { return nil }
    return SSHProxyCommand.jumpHost(command, tokens).map { [$0] }
  }

  private mutating func readHostKeys() {
    settings.strictHostKeyChecking = value(
      "stricthostkeychecking", default: .ask, "yes, ask, accept-new or no") { StrictHostKeyChecking(word: $0) }
    settings.hostKeyAlias = options.word("hostkeyalias")
    settings.isHashingKnownHosts = flag("hashknownhosts", default: false)
  }

  private mutating func readAuthentication() {
    settings.isIdentitiesOnly = flag("identitiesonly", default: false)
    let isOn: [ResolvedSSHSettings.AuthenticationMethod: Bool] = [
      .publicKey: value("pubkeyauthentication", default: true, "yes, no, unbound or host-bound") {
        ["unbound", "host-bound"].contains($0.asciiLowercased()) ? true : Self.boolean($0)
      },
      .keyboardInteractive: flag("kbdinteractiveauthentication", default: true),
      .password: flag("passwordauthentication", default: true),
    ]
    let names = (options.word("preferredauthentications") ?? Self.defaultAuthenticationMethods).split(separator: ",")
    let preferred = names.compactMap { ResolvedSSHSettings.AuthenticationMethod(rawValue: String($0)) }
    settings.authenticationMethods = preferred.filter { isOn[$0] ?? false }
    settings.isGSSAPIWanted = flag("gssapiauthentication", default: false) && names.contains("gssapi-with-mic")
  }

  private mutating func readAlgorithms() {
    settings.ciphers = options.word("ciphers").map { SSHAlgorithmList($0) }
    settings.macs = options.word("macs").map { SSHAlgorithmList($0) }
    settings.keyExchanges = options.word("kexalgorithms").map { SSHAlgorithmList($0) }
    settings.hostKeyAlgorithms = options.word("hostkeyalgorithms").map { SSHAlgorithmList($0) }
    settings.publicKeyAlgorithms = options.word("pubkeyacceptedalgorithms").map { SSHAlgorithmList($0) }
  }

  private mutating func readPaths() {
    let folder = context.homeFolder + "/.ssh"
    settings.userKnownHostsFiles =
      paths("userknownhostsfile") ?? [folder + "/known_hosts", folder + "/known_hosts2"]
    settings.globalKnownHostsFiles =
      paths("globalknownhostsfile") ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]
    settings.identityFiles = paths("identityfile") ?? Self.defaultIdentityFiles.map { folder + "/" + $0 }
    settings.agentSocket = agentSocket()
  }

  private mutating func agentSocket() -> String? {
    let standard = "SSH_AUTH_SOCK"
    let word = options.word("identityagent") ?? standard
    if word == "none" { return nil }
    if word == standard { return context.environment[standard] }
    if word.hasPrefix("$"), !word.hasPrefix("${") { return context.environment[String(word.dropFirst())] }
    return paths("identityagent")?.first
  }

  /// Nil where nothing is set; `none` is an empty list.
  private mutating func paths(_ keyword: String) -> [String]? {
    let statements = options.all(keyword)
    guard !statements.isEmpty else { return nil }
    var paths: [String] = []
    for statement in statements {
      for word in statement.arguments where word.asciiLowercased() != "none" {
        do throws(SSHTokens.Problem) {
          let path = statement.place == .settings ? word : try tokens.expandedPath(word)
          if !paths.contains(path) { paths.append(path) }
        } catch {
          refuse(statement, error.reason)
        }
      }
    }
    return paths
  }

  private var tokens: SSHTokens {
    SSHTokens(
      context: context, originalHost: settings.originalHost, host: settings.hostName, port: settings.port,
      user: settings.user, hostKeyAlias: settings.hostKeyAlias, jumps: options["proxyjump"]?.rest ?? "")
  }

  private mutating func flag(_ keyword: String, default standard: Bool) -> Bool {
    value(keyword, default: standard, "yes or no", Self.boolean)
  }

  private mutating func value<Value>(
    _ keyword: String, default standard: Value, _ expected: String, _ read: (String) -> Value?
  ) -> Value {
    guard let statement = options[keyword], let word = statement.arguments.first else { return standard }
    if let value = read(word) { return value }
    refuse(statement, "\(word) is not \(expected)")
    return standard
  }

  private mutating func refuse(_ statement: SSHConfigStatement, _ reason: String) {
    let keyword = statement.writtenKeyword
    settings.unsupported.append(UnsupportedSSHOption(keyword: keyword, reason: reason, place: statement.place))
  }

  private static func boolean(_ word: String) -> Bool? {
    switch word.asciiLowercased() {
    case "yes", "true": true
    case "no", "false": false
    default: nil
    }
  }

  private static func positive(_ word: String) -> Int? { Int(word).flatMap { $0 > 0 ? $0 : nil } }

  private static func optionalTime(_ word: String) -> Double?? {
    word.asciiLowercased() == "none" ? .some(nil) : SSHTimeSpan.seconds(word).map { .some($0) }
  }
}
