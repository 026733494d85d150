/// An ssh-agent behind its socket. Every call has its own connection, so that calls from many threads never wait for
/// each other here. Calls block until the agent answers or the time is up: make them off the event loops.
package struct SSHAgent: Sendable {
  package let socketPath: String
  /// Also how long a user has to confirm a key that was added with `ssh-add -c`.
  package let timeoutSeconds: Double

  package init(socketPath: String, timeoutSeconds: Double = 20) {
    self.socketPath = socketPath
    self.timeoutSeconds = timeoutSeconds
  }

  package func identities() throws(CredentialError) -> [SSHAgentIdentity] {
    let answer = try ask(SSHAgentMessage.listRequest())
    do throws(SSHAgentAnswerError) {
      return try SSHAgentMessage.identities(from: answer)
    } catch {
      throw failure(error, refusal: "it lists no keys; is it locked?")
    }
  }

  /// `algorithm` matters for RSA only. OpenSSH's agent may ignore it; the signature says what it is.
  package func sign(
    _ content: [UInt8], with key: SSHPublicKey, _ algorithm: SSHSignatureAlgorithm? = nil
  ) throws(CredentialError) -> SSHSignature {
    let answer = try ask(SSHAgentMessage.signRequest(key: key, content: content, algorithm: algorithm))
    do throws(SSHAgentAnswerError) {
      return try SSHAgentMessage.signature(from: answer)
    } catch {
      throw failure(error, refusal: "it did not sign with \(key); was the key removed, limited or not confirmed?")
    }
  }

  private func failure(_ error: SSHAgentAnswerError, refusal: String) -> CredentialError {
    switch error {
    case .refused: CredentialError(.agentRefused(detail: refusal), path: socketPath)
    case .unreadable(let detail): CredentialError(.agentRefused(detail: detail), path: socketPath)
    }
  }

  private func ask(_ request: [UInt8]) throws(CredentialError) -> [UInt8] {
    do throws(BlockingSocketError) {
      let socket = try BlockingSocket(unixPath: socketPath, timeoutSeconds: timeoutSeconds)
      try socket.send(request)
      let header = try socket.receive(count: SSHAgentMessage.headerByteCount)
      guard let count = SSHAgentMessage.bodyByteCount(header: header) else { throw .closed }
      return try socket.receive(count: count)
    } catch {
      throw failure(error)
    }
  }

  private func failure(_ error: BlockingSocketError) -> CredentialError {
    switch error {
    case .timedOut: CredentialError(.agentTimedOut(seconds: timeoutSeconds), path: socketPath)
    case .closed: CredentialError(.agentUnreachable(detail: "it closed the connection"), path: socketPath)
    case .system(let code): CredentialError(.agentUnreachable(detail: systemMessage(code)), path: socketPath)
    }
  }
}
