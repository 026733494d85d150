import Support
import Transport

/// What sessions cost: to open (with their first command), to keep, and per round trip.
struct SessionFigures {
  let connectMilliseconds: Double
  let kilobytes: Int
  /// Asked by a task of the cooperative pool, and by one on the session's own loop.
  let roundTripMicroseconds: (pool: Double, loop: Double)
  let roundTripsPerSecond: Double

  /// The limits that the project keeps, and what the prototype took.
  static var heading: String {
    [
      row(["sessions", "ms CPU/connect", "KB/session", "us CPU/round trip", "the same on its loop", "round trips/s"], widths),
      row(["prototype", "1.1-1.6", "78", "", "30-40", ""], widths),
      row(["limit", "1.6", "100", "50", "", ""], widths),
    ].joined(separator: "\n")
  }

  private static let widths = [9, 15, 11, 18, 21, 14]

  func line(_ count: Int) -> String {
    row([
      "\(count)", decimal(connectMilliseconds, 2), "\(kilobytes)", decimal(roundTripMicroseconds.pool, 1),
      decimal(roundTripMicroseconds.loop, 1), "\(Int(roundTripsPerSecond))",
    ], Self.widths)
  }

  static func measure(_ count: Int, _ server: LoopbackSSHServer, port: Int) async throws -> SessionFigures {
    let sessions = try await BenchSessions(count, server, port: port)
    let memoryBefore = Usage.residentKilobytes()
    let connect = try await Usage.of { try await sessions.each { _ = try await $0.run(ShellRequest(script: ":")) } }
    let kilobytes = (Usage.residentKilobytes() - memoryBefore) / count
    let perSession = max(20, (port == server.port ? 20_000 : 5_000) / count)
    var request = ShellRequest(script: "echo M")
    request.isWellBehaved = true
    let echo = request
    func roundTrips(onOwnLoop: Bool) async throws -> Usage {
      try await Usage.of {
        try await sessions.each(onOwnLoop: onOwnLoop) { session in
          for _ in 0..<perSession { _ = try await session.run(echo) }
        }
      }
    }
    let (pool, loop) = (try await roundTrips(onOwnLoop: false), try await roundTrips(onOwnLoop: true))
    await sessions.close()
    let total = Double(count * perSession)
    return SessionFigures(
      connectMilliseconds: connect.cpuSeconds * 1e3 / Double(count), kilobytes: kilobytes,
      roundTripMicroseconds: (pool.cpuSeconds * 1e6 / total, loop.cpuSeconds * 1e6 / total),
      roundTripsPerSecond: total / loop.wallSeconds)
  }
}
