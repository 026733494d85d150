/// A key to offer to a server.
package enum SSHIdentity: Sendable, Hashable {
  /// The agent signs.
  case agent(SSHAgentIdentity)
  /// A key file; without a public key it must be decrypted before it can be offered.
  case file(path: String, publicKey: SSHPublicKey?)

  package var publicKey: SSHPublicKey? {
    switch self {
    case .agent(let identity): identity.publicKey
    case .file(_, let publicKey): publicKey
    }
  }

  /// OpenSSH's order: keys of the agent that configured files name, in the files' order; the agent's other keys, unless
  /// IdentitiesOnly; then the other files.
  package static func ordered(
    agent: [SSHAgentIdentity], files: [(path: String, publicKey: SSHPublicKey?)], isAgentLimitedToFiles: Bool
  ) -> [SSHIdentity] {
    var remaining = agent
    var preferred: [SSHIdentity] = []
    var others: [SSHIdentity] = []
    for file in files {
      if let index = remaining.firstIndex(where: { $0.publicKey == file.publicKey }) {
        preferred.append(.agent(remaining.remove(at: index)))
      } else if !others.contains(where: { $0 == .file(path: file.path, publicKey: file.publicKey) }) {
        others.append(.file(path: file.path, publicKey: file.publicKey))
      }
    }
    let rest = isAgentLimitedToFiles ? [] : remaining.map { SSHIdentity.agent($0) }
    return preferred + rest + others
  }

  /// The order for configured files as they are on disk; those that don't exist are left out. Reads files, unless the cache
  /// has.
  package static func ordered(
    agent: [SSHAgentIdentity], paths: [String], isAgentLimitedToFiles: Bool, in cache: PrivateKeyCache = PrivateKeyCache()
  ) -> [SSHIdentity] {
    let files = paths.compactMap { path -> (path: String, publicKey: SSHPublicKey?)? in
      let publicKey = cache.publicKey(path: path)
      return publicKey != nil || PrivateKeyFile.exists(path: path) ? (path, publicKey) : nil
    }
    return ordered(agent: agent, files: files, isAgentLimitedToFiles: isAgentLimitedToFiles)
  }
}
