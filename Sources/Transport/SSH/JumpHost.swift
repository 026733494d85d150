/// A host that others are reached through: one connection that all of them share, made when first needed and again when lost.
/// Everything behind it lives on its loop.
actor JumpHost {
  nonisolated let loop: EventLoop
  private let target: ResolvedSSHSettings
  private let previous: JumpHost?
  private let connector: SSHConnector
  private var current: SSHConnection?
  private var connecting: Task<Result<SSHConnection, TransportError>, Never>?

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// `previous` is the jump host before this one; it must be on the same loop.
  init(target: ResolvedSSHSettings, through previous: JumpHost?, connector: SSHConnector, loop: EventLoop) {
    self.target = target
    self.previous = previous
    self.connector = connector
    self.loop = loop
  }

  func connection() async throws(TransportError) -> SSHConnection {
    if let current, !current.isDead { return current }
    current?.close()
    current = nil
    let attempt = connecting ?? Task(executorPreference: loop) { [connector, target, previous, loop] in
      do throws(TransportError) {
        let jump = try await previous?.connection()
        return .success(try await connector.connect(to: target, through: jump, loop: loop))
      } catch {
        let reason = "the jump host \(target.originalHost) can't be used: \(error.reason)"
        return .failure(TransportError(error.operation, host: target.originalHost, reason, code: error.code))
      }
    }
    connecting = attempt
    let result = await attempt.value
    if connecting == attempt {
      connecting = nil
      current = try? result.get()
    }
    return try result.get()
  }

  func close() {
    current?.close()
    current = nil
  }
}
