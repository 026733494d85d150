import Model
import Parsing

/// How to reach a host and as whom to act there, from its variables, the command line, keywords and settings.
///
/// Precedence is Ansible's: variables beat keywords, keywords beat settings and the command line.
package struct ConnectionVariables: Sendable, Equatable {
  package enum Kind: Sendable, Equatable { case ssh, sshBinary, local }

  package var kind: Kind
  /// Name or address to connect to.
  package var host: String
  package var port: Int?
  package var user: String?
  package var password: Secret?
  package var privateKeyFile: String?
  package var privateKeyPassphrase: Secret?
  package var checksHostKeys = true
  package var connectTimeoutSeconds: Int?
  /// Words of `ssh_args`, `ssh_common_args` and `ssh_extra_args`, in this order.
  package var arguments: [String] = []
  package var sshExecutable: String?
  /// Further attempts to connect after a failed one.
  package var retries = 0
  /// `ansible_shell_executable`: the shell that scripts of a user's own are written for.
  package var shellExecutable: String?
  package var become: Become?

  /// As whom steps run, where not as the login user.
  package struct Become: Sendable, Equatable {
    package enum Method: String, Sendable, CaseIterable { case sudo, su, doas }

    package var method: Method
    package var user: String
    package var password: Secret?
    package var flags: [String]
    package var executable: String?

    package init(
      method: Method, user: String, password: Secret? = nil, flags: [String], executable: String? = nil
    ) {
      self.method = method
      self.user = user
      self.password = password
      self.flags = flags
      self.executable = executable
    }
  }

  /// Keywords of play, block and task that bear on connections, rendered; nil is "not given".
  package struct Keywords: Sendable {
    package var connection: String?
    package var remoteUser: String?
    package var port: Int?
    package var become: Bool?
    package var becomeMethod: String?
    package var becomeUser: String?
    package var becomeFlags: String?
    package var becomeExecutable: String?

    package init() {}
  }

  /// What the command line gives: `-u`, `-c`, `--private-key`, `-k`, `-K`, `-b` and so on; nil is "not given".
  package struct CommandLine: Sendable {
    package var connection: String?
    package var remoteUser: String?
    package var privateKeyFile: String?
    package var password: Secret?
    package var timeoutSeconds: Int?
    package var sshCommonArguments: String?
    package var sshExtraArguments: String?
    package var become: Bool?
    package var becomeMethod: String?
    package var becomeUser: String?
    package var becomePassword: Secret?

    package init() {}
  }

  package struct Problem: Error, Sendable, Equatable {
    package var message: String
  }
}

extension ConnectionVariables {
  /// Resolves one host's connection. `variable` gives rendered variables of the host (of the delegate, where a task is
  /// delegated).
  package init(
    host name: String, variable: @escaping (String) throws -> Value?, keywords: Keywords = Keywords(),
    commandLine: CommandLine = CommandLine(), settings: Settings = Settings()
  ) throws {
    let lookup = Lookup(variable: variable, host: name)
    kind = try Self.kind(
      try lookup.text("ansible_connection") ?? keywords.connection ?? commandLine.connection ?? settings.transport, of: name)
    host = try lookup.text("ansible_host", "ansible_ssh_host") ?? name
    port = try lookup.integer("ansible_port", "ansible_ssh_port") ?? keywords.port ?? settings.remotePort
    user = try lookup.text("ansible_user", "ansible_ssh_user")
      ?? keywords.remoteUser ?? commandLine.remoteUser ?? settings.remoteUser
    password = try lookup.secret("ansible_password", "ansible_ssh_pass", "ansible_ssh_password") ?? commandLine.password
    privateKeyFile = try lookup.text("ansible_private_key_file", "ansible_ssh_private_key_file").map(expandingHome)
      ?? commandLine.privateKeyFile ?? settings.privateKeyFile
    privateKeyPassphrase = try lookup.secret("ansible_private_key_passphrase", "ansible_ssh_private_key_passphrase")
    checksHostKeys = try lookup.flag("ansible_ssh_host_key_checking", "ansible_host_key_checking")
      ?? settings.checksHostKeys
    connectTimeoutSeconds = try lookup.integer("ansible_ssh_timeout", "ansible_timeout")
      ?? commandLine.timeoutSeconds ?? settings.timeoutSeconds
    retries = try lookup.integer("ansible_ssh_retries") ?? settings.sshRetries
    sshExecutable = try lookup.text("ansible_ssh_executable") ?? settings.sshExecutable
    shellExecutable = try lookup.text("ansible_shell_executable") ?? settings.shellExecutable
    for text in [
      try lookup.text("ansible_ssh_args") ?? settings.sshArguments,
      try lookup.text("ansible_ssh_common_args") ?? commandLine.sshCommonArguments ?? settings.sshCommonArguments,
      try lookup.text("ansible_ssh_extra_args") ?? commandLine.sshExtraArguments ?? settings.sshExtraArguments,
    ] {
      arguments += try lookup.words(text ?? "", "ssh arguments")
    }
    become = try Become(lookup, keywords, commandLine, settings)
  }

  private static func kind(_ name: String, of host: String) throws(Problem) -> Kind {
    let short = ["ansible.builtin.", "ansible.legacy.", "community.general.", "ansible.netcommon."]
      .first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
    switch short {
    case "ssh", "smart", "paramiko", "paramiko_ssh": return .ssh
    case "ssh_binary", "openssh": return .sshBinary
    case "local": return .local
    default:
      throw Problem(
        message: "host \(host): there is no connection '\(name)'; it is ssh, ssh_binary or local"
          + (nearestName(to: short, among: ["ssh", "local", "smart"]).map { " (did you mean '\($0)'?)" } ?? ""))
    }
  }
}

extension ConnectionVariables.Become {
  fileprivate init?(
    _ lookup: Lookup, _ keywords: ConnectionVariables.Keywords, _ commandLine: ConnectionVariables.CommandLine,
    _ settings: Settings
  ) throws {
    guard try lookup.flag("ansible_become") ?? keywords.become ?? commandLine.become ?? settings.become else { return nil }
    let name = try lookup.text("ansible_become_method")
      ?? keywords.becomeMethod ?? commandLine.becomeMethod ?? settings.becomeMethod
    method = try Self.method(name, of: lookup.host)
    let own = method.rawValue
    user = try lookup.text("ansible_become_user", "ansible_\(own)_user")
      ?? keywords.becomeUser ?? commandLine.becomeUser ?? settings.becomeUser
    password = try lookup.secret("ansible_become_password", "ansible_become_pass", "ansible_\(own)_pass")
      ?? commandLine.becomePassword ?? settings.becomePassword(for: own)
    executable = try lookup.text("ansible_become_exe", "ansible_\(own)_exe")
      ?? keywords.becomeExecutable ?? settings.becomeExecutable
    let flags = try lookup.text("ansible_become_flags", "ansible_\(own)_flags")
      ?? keywords.becomeFlags ?? settings.becomeFlags
    self.flags = try lookup.words(flags ?? "", "become flags")
  }

  private static func method(_ name: String, of host: String) throws -> Method {
    let prefixes = ["ansible.builtin.", "ansible.legacy.", "community.general."]
    let short = prefixes.first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
    if let method = Method(rawValue: short) { return method }
    throw ConnectionVariables.Problem(
      message: "host \(host): there is no become method '\(name)'; it is sudo, su or doas")
  }
}

/// Typed access to a host's variables; the last name that is set wins, as with Ansible's lists of names.
private struct Lookup {
  let variable: (String) throws -> Value?
  let host: String

  private func value(_ names: [String]) throws -> (name: String, value: Value)? {
    for name in names.reversed() {
      guard let value = try variable(name) else { continue }
      switch value.revealed {
      case .null, .omit: continue
      default: return (name, value)
      }
    }
    return nil
  }

  func text(_ names: String...) throws -> String? {
    try value(names).map { try text(of: $0.value, named: $0.name) }
  }

  func secret(_ names: String...) throws -> Secret? {
    try value(names).map { Secret(.string(try text(of: $0.value, named: $0.name))) }
  }

  private func text(of value: Value, named name: String) throws -> String {
    switch value.revealed {
    case .string(let text): return text
    case .int(let number): return String(number)
    case .bigInt(let number): return String(number)
    case .float(let number): return PythonText.repr(number)
    case .bool(let flag): return flag ? "True" : "False"
    default: throw ConnectionVariables.Problem(message: "host \(host): variable \(name) must be a text")
    }
  }

  func integer(_ names: String...) throws -> Int? {
    guard let (name, value) = try value(names) else { return nil }
    if let number = value.int ?? value.string.flatMap({ Int($0) }) { return number }
    throw ConnectionVariables.Problem(message: "host \(host): variable \(name) must be a whole number, not \(value.isSecret ? "***" : "'\(value.pythonText)'")")
  }

  func flag(_ names: String...) throws -> Bool? {
    guard let (name, value) = try value(names) else { return nil }
    switch value.revealed {
    case .bool(let flag): return flag
    case .int(0): return false
    case .int(1): return true
    case .string(let text): if let flag = Settings.flag(text) { return flag }
    default: break
    }
    throw ConnectionVariables.Problem(message: "host \(host): variable \(name) must be yes or no")
  }

  func words(_ text: String, _ what: String) throws -> [String] {
    do {
      return try ShellWords.split(text)
    } catch {
      throw ConnectionVariables.Problem(message: "host \(host): \(what) '\(text)' can't be split into words")
    }
  }
}
