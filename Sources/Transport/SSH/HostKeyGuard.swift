import CLibSSH2

/// Checks a host's key after the handshake, before any credential is sent.
struct HostKeyGuard {
  let knownHosts: KnownHosts
  let prompt: HostKeyPrompt
  let threads: BlockingThreads
  /// Hears of what the user should know though it stops nothing.
  let onNotice: @Sendable (String) -> Void

  /// What is on file for the target; read before the handshake, which should prefer a key type that is known.
  nonisolated(nonsending) func knownKeys(of target: ResolvedSSHSettings) async throws(TransportError) -> KnownHostKeys {
    try await threads.run { readKnownKeys(of: target) }.get()
  }

  /// The same, for a thread that may read files.
  func readKnownKeys(of target: ResolvedSSHSettings) -> Result<KnownHostKeys, TransportError> {
    do throws(KnownHostsError) {
      return .success(try knownHosts.keys(of: target.hostKeyName, files: target.knownHostsFiles))
    } catch {
      return .failure(TransportError(.hostKey, host: target.originalHost, error.description, code: error.code))
    }
  }

  /// Whether passwords may be used; throws where the key is not to be trusted.
  nonisolated(nonsending) func check(
    _ connection: SSHConnection, _ target: ResolvedSSHSettings, _ known: KnownHostKeys
  ) async throws(TransportError) -> Bool {
    let key = try shownKey(connection, target)
    // Another connection may have filed the key since.
    let current = known.verdict(on: key) == .unknown ? try await knownKeys(of: target) : known
    let decision = HostKeyDecision(
      current.verdict(on: key), on: key, of: target.hostKeyName, checking: target.strictHostKeyChecking, canAsk: prompt.canAsk)
    switch decision {
    case .accept: return true
    case .record:
      await record(key, target)
      return true
    case .ask(let question):
      guard await prompt.consents(to: question, about: key) else {
        throw TransportError(.hostKey, host: target.originalHost, "the host key of \(target.hostKeyName) was not accepted: \(key)")
      }
      await record(key, target)
      return true
    case .acceptWithoutPasswords(let warning):
      onNotice(warning)
      return false
    case .refuse(let reason): throw TransportError(.hostKey, host: target.originalHost, reason)
    }
  }

  private func shownKey(_ connection: SSHConnection, _ target: ResolvedSSHSettings) throws(TransportError) -> SSHPublicKey {
    var (length, type) = (0, Int32(0))
    guard let bytes = libssh2_session_hostkey(connection.session, &length, &type),
      let key = SSHPublicKey(blob: bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
        Array(UnsafeBufferPointer(start: $0, count: length))
      })
    else { throw TransportError(.hostKey, host: target.originalHost, "the host showed no key that can be read") }
    return key
  }

  /// As with OpenSSH, a key that can't be filed is a warning.
  private nonisolated(nonsending) func record(_ key: SSHPublicKey, _ target: ResolvedSSHSettings) async {
    guard let path = target.userKnownHostsFiles.first else { return }
    let (name, isHashed) = (target.hostKeyName, target.isHashingKnownHosts)
    let failure = await threads.run { () -> KnownHostsError? in
      do throws(KnownHostsError) {
        try knownHosts.append(key, of: name, to: path, isHashed: isHashed)
        return nil
      } catch {
        return error
      }
    }
    if let failure { onNotice("the host key of \(name) was accepted but not filed: \(failure)") }
  }
}
