import Model

/// How to reach a host, from connection variables, flags and settings. `~/.ssh/config` fills what is nil.
package struct ConnectionSettings: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// libssh2 first; the `ssh` binary where that can't negotiate or honour the settings.
    case ssh
    case sshBinary
    case local
  }

  package enum HostKeyChecking: String, Sendable, Hashable {
    /// Unknown keys are refused, or asked about on a terminal.
    case yes
    case acceptNew = "accept-new"
    case no
  }

  package var kind: Kind
  /// Name or address to connect to; also what ssh_config's `Host` is matched with.
  package var host: String
  package var port: Int?
  package var user: String?
  package var password: Secret?
  package var privateKeyFile: String?
  package var privateKeyPassphrase: Secret?
  package var hostKeyChecking: HostKeyChecking?
  package var knownHostsFiles: [String]?
  package var jumpHosts: [String] = []
  package var connectTimeoutSeconds: Double?
  /// Words of `ansible_ssh_common_args` and `_extra_args`, split; those that we can't honour ourselves choose the binary.
  package var extraArguments: [String] = []
  package var sshExecutable: String?

  package init(kind: Kind, host: String) {
    self.kind = kind
    self.host = host
  }
}
