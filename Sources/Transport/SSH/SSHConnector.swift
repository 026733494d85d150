import CLibSSH2
import Glibc

/// Sets up SSH connections: the socket or the way through jump hosts, the handshake, the host key, the login. Paced, retried
/// where a server is too busy, with a deadline on each part.
package final class SSHConnector: Sendable {
  private let options: TransportOptions
  private let threads: BlockingThreads
  private let gate: ConnectGate
  private let hostKeys: HostKeyGuard
  private let privateKeys = PrivateKeyCache()

  package init(
    options: TransportOptions, threads: BlockingThreads, knownHosts: KnownHosts = KnownHosts(),
    prompt: HostKeyPrompt = HostKeyPrompt(), onNotice: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.options = options
    self.threads = threads
    gate = ConnectGate(totalMax: options.connectsMax, perKeyMax: options.connectsPerAddressMax)
    hostKeys = HostKeyGuard(knownHosts: knownHosts, prompt: prompt, threads: threads, onNotice: onNotice)
  }

  /// A connection that is logged in; `jump` is the connection that it goes through.
  nonisolated(nonsending) func connect(
    to target: ResolvedSSHSettings, through jump: SSHConnection?, loop: EventLoop
  ) async throws(TransportError) -> SSHConnection {
    let (known, keys) = try await whatIsOnFile(target)
    let hostKeyTypes = try preferredHostKeyTypes(known, target)
    let key = "\(target.hostName):\(target.port)"
    await gate.enter(key)
    defer { gate.leave(key) }
    var attempt = 1
    while true {
      do throws(TransportError) {
        let connection = try await openConnection(target, jump, loop, hostKeyTypes)
        do throws(TransportError) {
          let mayUsePasswords = try await hostKeys.check(connection, target, known)
          try await logIn(connection, target, keys, mayUsePasswords)
          return connection
        } catch {
          connection.close()
          throw error
        }
      } catch {
        guard error.code == TransportError.droppedEarly else { throw error }
        guard attempt < options.connectAttemptsMax else {
          throw TransportError(error.operation, host: error.host, "\(error.reason) (tried \(attempt) times)", code: error.code)
        }
        await backOff(attempt, loop)
        attempt += 1
      }
    }
  }

  private nonisolated(nonsending) func openConnection(
    _ target: ResolvedSSHSettings, _ jump: SSHConnection?, _ loop: EventLoop, _ hostKeyTypes: [String]
  ) async throws(TransportError) -> SSHConnection {
    let deadline = MonotonicTime.now.after(seconds: target.connectTimeoutSeconds ?? options.connectTimeoutSeconds)
    let source: any ByteSource
    if let jump {
      source = try await openTunnel(to: target, through: jump)
    } else {
      let dialer = TCPDialer(loop: loop, threads: threads)
      let descriptor = try await dialer.connect(to: target, until: deadline)
      source = SocketSource(descriptor: descriptor, loop: loop)
    }
    let connection: SSHConnection
    do throws(TransportError) {
      connection = try SSHConnection(source: source, host: target.originalHost, loop: loop, options: options)
    } catch {
      source.close()
      throw error
    }
    do throws(TransportError) {
      try await shakeHands(connection, target, hostKeyTypes)
      return connection
    } catch {
      connection.close()
      throw error
    }
  }

  private nonisolated(nonsending) func openTunnel(
    to target: ResolvedSSHSettings, through jump: SSHConnection
  ) async throws(TransportError) -> SSHTunnelSource {
    do throws(TransportError) {
      return SSHTunnelSource(channel: try await jump.openTunnel(host: target.hostName, port: target.port), carrier: jump)
    } catch {
      throw TransportError(
        .connect, host: target.originalHost,
        "the jump host \(jump.host) opens no way to \(target.hostName) port \(target.port): \(error.reason)")
    }
  }

  private nonisolated(nonsending) func shakeHands(
    _ connection: SSHConnection, _ target: ResolvedSSHSettings, _ hostKeyTypes: [String]
  ) async throws(TransportError) {
    let session = connection.session
    let ciphers = target.ciphers?.choosing(from: LibSSH2.ciphers) ?? LibSSH2.ciphers
    let macs = target.macs?.choosing(from: LibSSH2.macs) ?? LibSSH2.macs
    let exchanges = target.keyExchanges?.choosing(from: LibSSH2.keyExchanges) ?? LibSSH2.keyExchanges
    for (method, names) in [
      (LIBSSH2_METHOD_KEX, exchanges), (LIBSSH2_METHOD_HOSTKEY, hostKeyTypes),
      (LIBSSH2_METHOD_CRYPT_CS, ciphers), (LIBSSH2_METHOD_CRYPT_SC, ciphers), (LIBSSH2_METHOD_MAC_CS, macs),
      (LIBSSH2_METHOD_MAC_SC, macs),
    ] {
      guard !names.isEmpty else { throw Self.nothingLeft(target) }
      libssh2_session_method_pref(session, method, names.joined(separator: ","))
    }
    let deadline = MonotonicTime.now.after(seconds: options.handshakeTimeoutSeconds)
    let descriptor = connection.descriptor
    do throws(TransportError) {
      _ = try await connection.drive(.handshake, until: deadline) { Int(libssh2_session_handshake(session, descriptor)) }
    } catch {
      let code = error.code ?? 0
      if LibSSH2.isNegotiationFailure(code) {
        throw TransportError(
          .handshake, host: error.host, "no common SSH algorithms: \(error.reason)", code: TransportError.notNegotiable)
      }
      let greeting = Self.greeting(session)
      if LibSSH2.isDisconnect(code), !greeting.hasPrefix("SSH-") {
        let what =
          greeting.isEmpty
          ? "before it said anything; too many connections at once (MaxStartups)?"
          : "and did not say that it speaks SSH, but: \(greeting)"
        let isBusy = greeting.isEmpty || greeting.contains("MaxStartups") || greeting.contains("Not allowed at this time")
        throw TransportError(
          .handshake, host: error.host, "\(error.reason) \(what)", code: isBusy ? TransportError.droppedEarly : code)
      }
      if code == LIBSSH2_ERROR_TIMEOUT {
        let what = connection.wire.hasReceived ? "finish the handshake" : "say that it speaks SSH"
        throw TransportError(
          .handshake, host: error.host,
          "\(target.hostName) port \(target.port) took the connection, but did not \(what) in "
            + "\(shortSeconds(options.handshakeTimeoutSeconds)) s: does the host hang?",
          code: code)
      }
      throw error
    }
  }

  /// What came first. A busy sshd may say that it is before it closes; that is no greeting.
  private static func greeting(_ session: OpaquePointer) -> String {
    libssh2_session_banner_get(session).map { lastLines(of: Array(String(cString: $0).utf8)) } ?? ""
  }

  /// Types that are on file first. Where only types are on file that libssh2 can't check, it must not try.
  private func preferredHostKeyTypes(
    _ known: KnownHostKeys, _ target: ResolvedSSHSettings
  ) throws(TransportError) -> [String] {
    let onFile = known.keyTypes
    let usable = LibSSH2.hostKeyTypes.filter(onFile.contains)
    if usable.isEmpty, !onFile.isEmpty || known.hasCertificateAuthority, target.strictHostKeyChecking != .no {
      throw TransportError(
        .handshake, host: target.originalHost, "known_hosts has only host keys that libssh2 can't check",
        code: TransportError.notNegotiable)
    }
    let preferred = usable + LibSSH2.hostKeyTypes.filter { !usable.contains($0) }
    guard let wanted = target.hostKeyAlgorithms else { return preferred }
    let chosen = wanted.choosing(from: preferred)
    guard !chosen.isEmpty else { throw Self.nothingLeft(target) }
    return chosen
  }

  private static func nothingLeft(_ target: ResolvedSSHSettings) -> TransportError {
    TransportError(
      .handshake, host: target.originalHost, "ssh_config leaves no algorithm that libssh2 knows",
      code: TransportError.notNegotiable)
  }

  private nonisolated(nonsending) func logIn(
    _ connection: SSHConnection, _ target: ResolvedSSHSettings, _ keys: LoginKeys, _ mayUsePasswords: Bool
  ) async throws(TransportError) {
    let authenticator = SSHAuthenticator(
      connection: connection, target: target, keys: keys.usable, mayUsePasswords: mayUsePasswords, threads: threads,
      deadline: MonotonicTime.now.after(seconds: options.authenticationTimeoutSeconds), keyTroubles: keys.troubles)
    do throws(TransportError) {
      try await authenticator.logIn()
    } catch where error.code == LIBSSH2_ERROR_TIMEOUT {
      throw TransportError(
        .authenticate, host: target.originalHost,
        "the login was not answered in \(shortSeconds(options.authenticationTimeoutSeconds)) s", code: error.code)
    }
  }

  /// The host's keys and ours, by one visit to a thread that may read files.
  private nonisolated(nonsending) func whatIsOnFile(
    _ target: ResolvedSSHSettings
  ) async throws(TransportError) -> (KnownHostKeys, LoginKeys) {
    let (known, keys) = await threads.run { [hostKeys, privateKeys] in
      (hostKeys.readKnownKeys(of: target), LoginKeys(of: target, privateKeys))
    }
    return (try known.get(), keys)
  }

  /// 0.2 s, doubled each time, with up to half as much again by chance, so that hosts don't come back all at once.
  private nonisolated(nonsending) func backOff(_ attempt: Int, _ loop: EventLoop) async {
    let seconds = min(0.2 * Double(1 << min(attempt - 1, 5)), 3) * Double.random(in: 1...1.5)
    let deadline = MonotonicTime.now.after(seconds: seconds)
    let wakeup = Wakeup(loop: loop)
    while MonotonicTime.now < deadline { await wakeup.wait(until: deadline) }
  }
}

extension TransportError {
  /// The code of an error that says: this libssh2 can't talk to that server; the `ssh` binary may.
  static let notNegotiable: Int32 = -10_001
  /// The code of an error that says: the server closed the connection before its first word.
  static let droppedEarly: Int32 = -10_002
}
