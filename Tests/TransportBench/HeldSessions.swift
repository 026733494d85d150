import Support
import Transport

/// Many sessions in one run that stay open and work: memory must stay flat, and no step may fail.
enum HeldSessions {
  private static let rounds = 10
  private static let stepsPerRound = 20

  static func hold(_ count: Int, _ server: LoopbackSSHServer) async throws {
    let sessions = try await BenchSessions(count, server, port: server.port)
    let before = Usage.residentKilobytes()
    let connect = try await Usage.of { try await sessions.each { _ = try await $0.run(ShellRequest(script: ":")) } }
    let opened = Usage.residentKilobytes()
    say(
      "\(count) sessions: open after \(decimal(connect.wallSeconds, 0)) s, \(decimal(connect.cpuSeconds * 1e3 / Double(count), 2)) "
        + "ms CPU and \((opened - before) / count) KB each")
    for round in 1...rounds {
      try await sessions.each { session in
        for step in 0..<stepsPerRound {
          let response = try await session.run(ShellRequest(script: "echo \(step); echo \(step) >&2"))
          guard response.ending == .exited(0), response.stdout == Array("\(step)\n".utf8), response.stderr == response.stdout else {
            throw ChildProcess.Failure(description: "a step came to \(response)")
          }
        }
      }
      say("  after \(round * stepsPerRound * count) steps: \(Usage.residentKilobytes() / 1024) MB resident")
    }
    let grown = Usage.residentKilobytes() - opened
    say("  grown by \(grown) KB since all were open; no step failed")
    await sessions.close()
  }
}
