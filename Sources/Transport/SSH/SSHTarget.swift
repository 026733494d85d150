import Model

/// One SSH server with all that is needed to log in there; what variables and ssh_config say has been put together.
package struct SSHTarget: Sendable, Hashable {
  /// As the inventory and messages call it.
  package var name: String
  package var address: String
  package var port: Int
  package var user: String
  package var password: Secret?
  package var passphrase: Secret?
  package var identityFiles: [String]
  /// Of the agent's keys only those that `identityFiles` name.
  package var isLimitedToIdentityFiles = false
  package var agentSocket: String?
  package var knownHostsFiles: [String]
  package var hostKeyAlias: String?
  package var hostKeyChecking = StrictHostKeyChecking.ask
  package var hashesKnownHosts = false
  package var connectTimeoutSeconds: Double?
  /// The way there, nearest first.
  package var jumps: [SSHTarget] = []

  package init(
    name: String, address: String, port: Int = 22, user: String, identityFiles: [String] = [], knownHostsFiles: [String] = []
  ) {
    self.name = name
    self.address = address
    self.port = port
    self.user = user
    self.identityFiles = identityFiles
    self.knownHostsFiles = knownHostsFiles
  }

  var hostKeyName: HostKeyName { HostKeyName(host: address, port: port, alias: hostKeyAlias) }
}
