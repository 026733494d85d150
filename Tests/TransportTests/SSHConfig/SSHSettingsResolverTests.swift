import Testing

@testable import Transport

/// Settings as `ssh -G` sees them, for many configurations.
@Suite struct SSHSettingsResolverTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let title: String
    let config: String
    var host = "b"
    var arguments: [String] = []
    var testDescription: String { title }
  }

  static let cases: [Case] = [
    Case(title: "nothing", config: "", host: "Web1.Example"),
    Case(title: "first value wins", config: "Port 1\nPort 2\nUser a\nHost *\nUser b"),
    Case(title: "Host patterns", config: "Host a !b *c\nPort 1\nHost !b\nPort 2\nHost ? x*\nPort 3"),
    Case(title: "negated Host", config: "Host * !b\nPort 1\nHost b\nPort 3"),
    Case(title: "Host is case-sensitive", config: "Host web\nPort 1\nHost WEB\nPort 2", host: "WEB"),
    Case(title: "quoted Host", config: "Host \"b c\" 'b'\nPort 5"),
    Case(title: "Host has no commas", config: "Host a,b\nPort 5"),
    Case(title: "HostName", config: "HostName Real.Example\nMatch host real.example\nPort 4\nMatch host b\nPort 5"),
    Case(title: "HostName with %h", config: "HostName %h.example\nUser 100%"),
    Case(title: "words", config: "User = \"a b\"c # comment\n  Port=77  \n\tUser\tx\nHostKeyAlias 'it\\'s'\r\n"),
    Case(
      title: "escapes",
      config: "IdentityFile \"a\\\"b\"\nIdentityFile /a\\\\b\nIdentityFile '/x'y\"z\"\nUser a\\ b"),
    Case(title: "equal signs", config: "User==ab=c\nPort = 9\n\"HostKeyAlias\"=\"x y\""),
    Case(
      title: "Match host and user",
      config: "Match host b,c user root,x !originalhost z\nPort 1\nMatch user x\nPort 2"),
    Case(title: "Match sees the user set so far", config: "User x\nMatch user x\nPort 2\nMatch user root\nPort 3"),
    Case(title: "Match user is case-sensitive", config: "User x\nMatch user X\nPort 2"),
    Case(title: "Match localuser", config: "Match localuser ro*\nPort 7\nMatch localuser x\nPort 8\n"),
    Case(
      title: "Match originalhost",
      config: "HostName x\nMatch originalhost B\nPort 7\nMatch host x\nUser y", host: "B"),
    Case(title: "Match with negation and =", config: "Match !host=b\nUser b\nMatch originalhost \"b\" # c\nPort 5"),
    Case(title: "Match all", config: "Host x\nPort 1\nMatch all\nPort 2"),
    Case(
      title: "Match final",
      config: "Match final host real\nHostKeyAlias f\nHost real\nPort 9\nHost *\nHostName REAL"),
    Case(title: "Match final all", config: "Host b\nHostName x\nHost x\nPort 3\nMatch final all\nUser u"),
    Case(title: "Match canonical", config: "Match canonical all\nPort 3\nMatch !canonical host b\nUser u"),
    Case(
      title: "a second reading keeps the first",
      config: "Host b\nPort 1\nHost x\nPort 2\nMatch all\nHostName x\nMatch final all\nUser z"),
    Case(
      title: "identity files collect",
      config: "IdentityFile /a\nHost b\nIdentityFile /b\nIdentityFile /a\nIdentityFile ~/.ssh/c",
      arguments: ["-i", "/etc/passwd"]),
    Case(title: "no identity files", config: "IdentityFile none\nIdentitiesOnly yes"),
    Case(
      title: "known hosts files",
      config: "UserKnownHostsFile ~/a \"/b c\"\nGlobalKnownHostsFile /g\nHashKnownHosts yes"),
    Case(title: "no known hosts files", config: "UserKnownHostsFile none"),
    Case(
      title: "tokens",
      config: "HostName h.%h\nPort 4\nUser me\nUserKnownHostsFile /%h/%n/%p/%r/%u/%i/%k/%d/%C/%l/%L/%%", host: "Q"),
    Case(title: "tokens with an alias", config: "HostKeyAlias other\nUserKnownHostsFile /%k ${HOME}/x"),
    Case(title: "times", config: "ConnectTimeout 1h2m\nServerAliveInterval 1m30\nServerAliveCountMax 7"),
    Case(title: "no times", config: "ConnectTimeout none\nServerAliveInterval 0"),
    Case(
      title: "addresses", config: "AddressFamily inet6\nBindAddress 1.2.3.4\nConnectionAttempts 3",
      host: "fe80::1"),
    Case(
      title: "authentication",
      config: "PasswordAuthentication no\nChallengeResponseAuthentication no\nPubkeyAuthentication no"),
    Case(title: "StrictHostKeyChecking off", config: "StrictHostKeyChecking off"),
    Case(title: "StrictHostKeyChecking accept-new", config: "StrictHostKeyChecking accept-new"),
    Case(title: "StrictHostKeyChecking yes", config: "StrictHostKeyChecking yes\nHost b\nStrictHostKeyChecking no"),
    Case(title: "jump hosts", config: "ProxyJump a,u@b:33,[fe80::2]:44"),
    Case(title: "a jump host as URI", config: "ProxyJump ssh://u@h:22"),
    Case(title: "ProxyJump none comes first", config: "ProxyJump none\nProxyJump y"),
    Case(title: "ProxyCommand none comes first", config: "ProxyCommand none\nProxyJump x"),
    Case(title: "ProxyJump before ProxyCommand", config: "ProxyJump y\nProxyCommand z"),
    Case(
      title: "arguments come first", config: "User a\nPort 1\nProxyJump z\nIdentityFile /c",
      arguments: [
        "-p", "44", "-oUser=cli", "-o", "IdentityFile=/x", "-o", "IdentityFile /y", "-J", "a", "-l",
        "late", "-4C", "-oStrictHostKeyChecking=no", "-o", "ControlMaster=auto", "-o", "ControlPersist=60s",
      ]),
    Case(title: "keywords in any case", config: "hOSTnAME x\nPORT 3"),
    Case(title: "comments and blanks", config: "# c\n\n   # d\nPort 3 # e\nUser a#b\u{0C}\n"),
    Case(
      title: "keywords without effect",
      config: "ControlMaster auto\nSendEnv LANG LC_*\nCompression yes\nLogLevel DEBUG\nForwardX11 yes"),
    Case(
      title: "unknown keywords that are ignored",
      config: "IgnoreUnknown Use*,Bog*\nBogus 3\nUseKeychain yes\nPort 4"),
    Case(title: "agents", config: "IdentityAgent ~/x"),
  ]

  let folder = TestFolder()
  static let context = SSHLocalContext.current(environment: ["HOME": "/root/h"])

  @Test(arguments: cases) func `settings are those of ssh -G`(_ wanted: Case) throws {
    let path = folder.write("config", wanted.config)
    let words = wanted.arguments.map { shellQuoted($0) }.joined(separator: " ")
    let asked = ShellCommand.run(
      "env -u SSH_AUTH_SOCK HOME=/root/h ssh -G -F '\(path)' \(words) '\(wanted.host)'")
    try #require(asked.status == 0, "\(asked.output)")
    let settings = resolve(wanted, path)
    #expect(settings.unsupported == [])
    let theirs = Self.compared(asked.output.split(separator: "\n").map(String.init))
    #expect(lines(of: settings).sorted() == theirs.sorted())
  }

  private func resolve(_ wanted: Case, _ path: String) -> ResolvedSSHSettings {
    var settings = ConnectionSettings(kind: .ssh, host: wanted.host)
    settings.extraArguments = wanted.arguments + ["-F", path]
    return SSHSettingsResolver(context: Self.context).resolve(settings)
  }

  private static let keywords: Set<String> = [
    "hostname", "port", "user", "identityfile", "identitiesonly", "proxyjump", "userknownhostsfile",
    "globalknownhostsfile", "stricthostkeychecking", "connecttimeout", "serveraliveinterval", "serveralivecountmax",
    "hostkeyalias", "addressfamily", "bindaddress", "connectionattempts",
    "hashknownhosts", "passwordauthentication", "kbdinteractiveauthentication", "identityagent",
  ]

  /// What we leave out, or have as an empty list.
  private static let absent = [
    "identityfile ~/.ssh/id_xmss", "identityfile ~/.ssh/id_dsa", "identityfile none", "userknownhostsfile none",
  ]

  /// ssh's lines that we have, in our form.
  private static func compared(_ lines: [String]) -> [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2, keywords.contains(words[0]) else { return nil }
      if absent.contains(line) { return nil }
      let isPath = ["identityfile", "identityagent"].contains(words[0])
      return isPath ? line.replacing(" ~/", with: " \(context.homeFolder)/") : line
    }
  }

  private func lines(of settings: ResolvedSSHSettings) -> [String] {
    var lines = [
      "hostname \(settings.hostName)", "port \(settings.port)", "user \(settings.user)",
      "identitiesonly \(word(settings.isIdentitiesOnly))", "hashknownhosts \(word(settings.isHashingKnownHosts))",
      "addressfamily \(settings.addressFamily.rawValue)", "connectionattempts \(settings.connectionAttempts)",
      "connecttimeout \(settings.connectTimeoutSeconds.map { "\(Int($0))" } ?? "none")",
      "serveraliveinterval \(Int(settings.serverAliveIntervalSeconds ?? 0))",
      "serveralivecountmax \(settings.serverAliveCountMax)",
      "stricthostkeychecking \(Self.words[settings.strictHostKeyChecking]!)",
      "passwordauthentication \(word(settings.authenticationMethods.contains(.password)))",
    ]
    let isInteractive = settings.authenticationMethods.contains(.keyboardInteractive)
    lines.append("kbdinteractiveauthentication \(word(isInteractive))")
    lines += settings.identityFiles.map { "identityfile \($0)" }
    lines += settings.bindAddress.map { ["bindaddress \($0)"] } ?? []
    lines += settings.hostKeyAlias.map { ["hostkeyalias \($0)"] } ?? []
    lines += settings.agentSocket.map { ["identityagent \($0)"] } ?? []
    if !settings.userKnownHostsFiles.isEmpty {
      lines.append("userknownhostsfile " + settings.userKnownHostsFiles.joined(separator: " "))
    }
    lines.append("globalknownhostsfile " + settings.globalKnownHostsFiles.joined(separator: " "))
    if !settings.jumps.isEmpty { lines.append("proxyjump " + settings.jumps.map(text).joined(separator: ",")) }
    return lines
  }

  private func word(_ flag: Bool) -> String { flag ? "yes" : "no" }

  private static let words: [StrictHostKeyChecking: String] = [
    .yes: "true", .no: "false", .ask: "ask", .acceptNew: "accept-new",
  ]

  private func text(_ jump: SSHJumpHost) -> String {
    let host = jump.host.contains(":") ? "[\(jump.host)]" : jump.host
    return (jump.user.map { $0 + "@" } ?? "") + host + (jump.port.map { ":\($0)" } ?? "")
  }
}
