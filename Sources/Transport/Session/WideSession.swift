import Model
import Synchronization

/// A session to one host that opens further connections where more steps of the host run side by side than one connection
/// may have channels (sshd's MaxSessions is 10).
package final class WideSession: HostSession {
  private struct Lanes {
    var sessions: [ShellSession]
    /// Requests under way, for each session.
    var counts: [Int]
    var opening: Task<Void, Never>?
  }

  /// More than this are never needed: `RunState` starts fewer steps of one host.
  private static let lanesMax = 4
  private let requestsMax: Int
  private let first: ShellSession
  private let lanes: Mutex<Lanes>
  private let make: @Sendable () async throws(TransportError) -> ShellSession

  init(
    _ first: ShellSession, requestsMax: Int, make: @escaping @Sendable () async throws(TransportError) -> ShellSession
  ) {
    self.first = first
    self.requestsMax = max(1, requestsMax)
    self.make = make
    lanes = Mutex(Lanes(sessions: [first], counts: [0]))
  }

  package func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    let lane = await takeLane()
    defer { lanes.withLock { $0.counts[lane.index] -= 1 } }
    return try await lane.session.run(request)
  }

  package func upload(_ upload: FileUpload) async throws(TransportError) { try await first.upload(upload) }

  package func download(path: String, become: Become?, bytesMax: Int) async throws(TransportError) -> [UInt8] {
    try await first.download(path: path, become: become, bytesMax: bytesMax)
  }

  package func close() async {
    for session in lanes.withLock({ $0.sessions }) { await session.close() }
  }

  private func takeLane() async -> (index: Int, session: ShellSession) {
    if let opening = lanes.withLock({ opening(&$0) }) { await opening.value }
    return lanes.withLock { lanes in
      let index = lanes.counts.firstIndex { $0 < requestsMax } ?? lanes.counts.indices.min { lanes.counts[$0] < lanes.counts[$1] } ?? 0
      lanes.counts[index] += 1
      return (index, lanes.sessions[index])
    }
  }

  /// Where all are full, a further connection on its way, shared by all who wait for it.
  private func opening(_ lanes: inout sending Lanes) -> Task<Void, Never>? {
    guard lanes.counts.allSatisfy({ $0 >= requestsMax }), lanes.sessions.count < Self.lanesMax else { return nil }
    if let opening = lanes.opening { return opening }
    let opening = Task {
      // Where no further connection can be had, the ones there are serve on.
      let made = try? await make()
      self.lanes.withLock { lanes in
        lanes.opening = nil
        guard let made else { return }
        lanes.sessions.append(made)
        lanes.counts.append(0)
      }
    }
    lanes.opening = opening
    return opening
  }
}
