import Foundation
import Support

/// Measures the transport against sshds on loopback and prints what the prototype and scp come to beside it.
///
///     TransportBench [sessions [COUNT…]] [slow] [files] [hold [COUNT]]
///
/// Without words: 1, 50 and 200 sessions, both also through a proxy with a 20 ms round trip, and files. `hold` keeps 1,000
/// sessions busy and looks at memory. Only this process's CPU counts; servers and proxy are processes of their own.
@main
struct TransportBench {
  static func main() async {
    raiseDescriptorLimit()
    do {
      try await run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("TransportBench: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ words: [String]) async throws {
    let server = try await LoopbackSSHServer(options: ["MaxStartups 1000", "MaxSessions 20"])
    defer { server.stop() }
    let counts = words.compactMap { Int($0) }
    let wantsAll = words.isEmpty
    if wantsAll || words.contains("sessions") {
      say(SessionFigures.heading)
      for count in words.contains("sessions") && !counts.isEmpty ? counts : [1, 50, 200] {
        say(try await SessionFigures.measure(count, server, port: server.port).line(count))
      }
    }
    if wantsAll || words.contains("files") { try await FileFigures.measure(server, port: server.port, scale: .near) }
    if wantsAll || words.contains("slow") {
      let proxy = try await SlowNetwork(to: server.port)
      defer { proxy.stop() }
      say("\nthrough a round trip of 20 ms")
      say(SessionFigures.heading)
      say(try await SessionFigures.measure(50, server, port: proxy.port).line(50))
      try await FileFigures.measure(server, port: proxy.port, scale: .far)
    }
    if words.contains("hold") { try await HeldSessions.hold(counts.first ?? 1000, server) }
  }

  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(7), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(7), &limit)
  }
}
