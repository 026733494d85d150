import Model

/// The sessions of a run: one per connection, made when first asked for, shared by all who ask, kept to the end.
package actor SessionPool {
  private let options: TransportOptions
  private let loops: EventLoops
  private let threads = BlockingThreads()
  private let connector: SSHConnector
  private let resolver: SSHSettingsResolver
  private let onNotice: @Sendable (String) -> Void
  private var opening: [ConnectionSettings: Task<Result<WideSession, TransportError>, Never>] = [:]
  private var opened: [ConnectionSettings: WideSession] = [:]
  private var jumpHosts: [[ResolvedSSHSettings]: JumpHost] = [:]
  private var isClosed = false

  /// `onNotice` hears of what a user should know though it stops nothing: the `ssh` binary was chosen, a key was not filed,
  /// a host is waited for that another run holds, or can't hold a lease.
  package init(
    options: TransportOptions = TransportOptions(), loops: EventLoops = EventLoops(), context: SSHLocalContext,
    prompt: HostKeyPrompt = HostKeyPrompt(), onNotice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    var options = options
    options.onLeaseNotice = onNotice
    self.options = options
    self.loops = loops
    self.onNotice = onNotice
    connector = SSHConnector(options: options, threads: threads, prompt: prompt, onNotice: onNotice)
    resolver = SSHSettingsResolver(context: context)
  }

  /// The session for these settings, connected. A failed connection is forgotten: the next call tries again.
  package func session(for settings: ConnectionSettings) async throws(TransportError) -> any HostSession {
    if isClosed { throw TransportError(.connect, host: settings.host, "the run is over") }
    if let session = opened[settings] { return session }
    let attempt = opening[settings] ?? Task { await self.open(settings) }
    opening[settings] = attempt
    guard let result = await attempt.valueUnlessCancelled() else { throw .interrupted(.connect, settings.host) }
    return try result.get()
  }

  /// Ends one session; who asks for it again gets a new one.
  package func close(_ settings: ConnectionSettings) async {
    if let session = opened.removeValue(forKey: settings) { await session.close() }
  }

  /// Ends all sessions; what still runs is killed. Those that are only on their way end by themselves.
  package func closeAll() async {
    isClosed = true
    let sessions = opened.values
    opened = [:]
    await withTaskGroup { group in
      for session in sessions { group.addTask { await session.close() } }
    }
    for jump in jumpHosts.values { await jump.close() }
    jumpHosts = [:]
  }

  private func open(_ settings: ConnectionSettings) async -> Result<WideSession, TransportError> {
    defer { opening[settings] = nil }
    do throws(TransportError) {
      let first = try await connected(settings)
      guard !isClosed else {
        await first.close()
        return .failure(TransportError(.connect, host: settings.host, "the run is over"))
      }
      let session = WideSession(first, requestsMax: options.shellsPerSessionMax) { () async throws(TransportError) in
        try await self.connected(settings)
      }
      opened[settings] = session
      return .success(session)
    } catch {
      return .failure(error)
    }
  }

  private func connected(_ settings: ConnectionSettings) async throws(TransportError) -> ShellSession {
    let session = try await makeSession(settings)
    try await session.open()
    return session
  }

  private func makeSession(_ settings: ConnectionSettings) async throws(TransportError) -> ShellSession {
    switch settings.kind {
    case .local:
      // Every run may use the controller, for whichever hosts.
      var options = options
      options.lease = nil
      return LocalSession.make(host: settings.host, loop: loops.next(), options: options, threads: threads)
    case .sshBinary: return SSHClientSession.make(settings, loop: loops.next(), options: options, threads: threads)
    case .ssh:
      let (target, chain) = try await resolve(settings)
      let unsupported = (chain + [target]).flatMap(\.unsupported)
      guard unsupported.isEmpty else {
        onNotice("\(settings.host): using the ssh binary, for \(unsupported.map(\.description).joined(separator: "; "))")
        return SSHClientSession.make(settings, loop: loops.next(), options: options, threads: threads)
      }
      let jump = jumpHost(chain)
      return SSHSession.make(
        to: target, through: jump, settings: settings, connector: connector, loop: jump?.loop ?? loops.next(),
        options: options, threads: threads, onNotice: onNotice)
    }
  }

  /// Reads ssh_config at its first use, off the loops.
  private func resolve(
    _ settings: ConnectionSettings
  ) async throws(TransportError) -> (target: ResolvedSSHSettings, chain: [ResolvedSSHSettings]) {
    let answer = await threads.run { [resolver] in
      let target = resolver.resolve(settings)
      return Result { () throws(JumpLoopError) in (target, try resolver.jumpChain(to: target)) }
    }
    do throws(JumpLoopError) {
      return try answer.get()
    } catch {
      throw TransportError(.resolve, host: settings.host, error.description)
    }
  }

  private func jumpHost(_ chain: [ResolvedSSHSettings]) -> JumpHost? {
    guard let last = chain.last else { return nil }
    if let known = jumpHosts[chain] { return known }
    let previous = jumpHost(Array(chain.dropLast()))
    let made = JumpHost(target: last, through: previous, connector: connector, loop: previous?.loop ?? loops.next())
    jumpHosts[chain] = made
    return made
  }
}
