import Model

/// All that a connection to one host needs to know, nothing left to look up.
package struct ResolvedSSHSettings: Sendable, Hashable {
  package enum AddressFamily: String, Sendable, Hashable {
    case any, inet, inet6
  }

  package enum AuthenticationMethod: String, Sendable, Hashable, CaseIterable {
    case publicKey = "publickey"
    case keyboardInteractive = "keyboard-interactive"
    case password
  }

  /// The name that the user gave.
  package var originalHost: String
  /// The name or address to connect to, in lower case.
  package var hostName: String
  package var port = 22
  package var user: String
  package var addressFamily = AddressFamily.any
  package var bindAddress: String?
  package var connectionAttempts = 1
  package var connectTimeoutSeconds: Double?
  /// Nil where nothing was set: the transport's own keepalive holds.
  package var serverAliveIntervalSeconds: Double?
  package var serverAliveCountMax = 3

  /// Absolute, in the order to try; the default ones may not exist.
  package var identityFiles: [String] = []
  /// Only keys that `identityFiles` names, also of the agent's.
  package var isIdentitiesOnly = false
  package var agentSocket: String?
  package var password: Secret?
  package var privateKeyPassphrase: Secret?
  /// In the order to try; those that are switched off are missing.
  package var authenticationMethods: [AuthenticationMethod] = []
  /// Kerberos was switched on: where nothing else logs in, the ssh binary may.
  package var isGSSAPIWanted = false

  package var strictHostKeyChecking = StrictHostKeyChecking.ask
  package var hostKeyAlias: String?
  package var userKnownHostsFiles: [String] = []
  package var globalKnownHostsFiles: [String] = []
  package var isHashingKnownHosts = false

  /// Nil: ours.
  package var ciphers: SSHAlgorithmList?
  package var macs: SSHAlgorithmList?
  package var keyExchanges: SSHAlgorithmList?
  package var hostKeyAlgorithms: SSHAlgorithmList?
  package var publicKeyAlgorithms: SSHAlgorithmList?

  /// Which configuration speaks for the jump hosts, too.
  package var configFile = SSHArguments.ConfigFile.standard
  /// The hosts to go through, the first one to connect to first; `SSHSettingsResolver.jumpChain` resolves them.
  package var jumps: [SSHJumpHost] = []
  /// What we can't honour ourselves; the ssh binary must take this host unless it is empty.
  package var unsupported: [UnsupportedSSHOption] = []

  package init(originalHost: String, hostName: String, user: String) {
    self.originalHost = originalHost
    self.hostName = hostName
    self.user = user
  }

  /// What this host's keys are filed under.
  package var hostKeyName: HostKeyName { HostKeyName(host: hostName, port: port, alias: hostKeyAlias) }

  /// All files to look for host keys in; new ones go to the first of `userKnownHostsFiles`.
  package var knownHostsFiles: [String] { userKnownHostsFiles + globalKnownHostsFiles }
}
