import Foundation
import Model
import Support
import Transport

/// Measures the transport against sshds on loopback and prints the prototype's numbers beside it. Only this process's CPU
/// counts; the servers are processes of their own.
@main
struct TransportBench {
  static func main() async throws {
    let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    raiseDescriptorLimit()
    let server = try await LoopbackSSHServer(options: ["MaxStartups 1000", "MaxSessions 20"])
    defer { server.stop() }
    print("sessions  ms CPU/connect  KB/session  us CPU/round trip  us CPU/round trip, own loop  round trips/s")
    print("prototype        1.1-1.6          78              30-40                                        ")
    for count in counts.isEmpty ? [1, 50, 200] : counts { try await measureSessions(count, server) }
    try await measureFiles(server)
  }

  private static func measureSessions(_ count: Int, _ server: LoopbackSSHServer) async throws {
    let loops = EventLoops()
    let threads = BlockingThreads()
    let connector = SSHConnector(options: TransportOptions(), threads: threads)
    let sessions = (0..<count).map { _ in
      SSHSession.make(to: target(server), connector: connector, loop: loops.next(), options: TransportOptions(), threads: threads)
    }
    try await warmUp(server, connector, loops, threads)
    let memoryBefore = residentKilobytes()
    let (connectSeconds, _) = try await cpuSeconds {
      try await each(sessions) { _ = try await $0.run(ShellRequest(script: ":")) }
    }
    let memory = residentKilobytes() - memoryBefore
    let perSession = max(20, 20_000 / count)
    var request = ShellRequest(script: "echo M")
    request.isWellBehaved = true
    let echo = request
    let (foreign, _) = try await cpuSeconds {
      try await each(sessions) { session in for _ in 0..<perSession { _ = try await session.run(echo) } }
    }
    let (own, wall) = try await cpuSeconds {
      try await each(sessions, onOwnLoop: true) { session in for _ in 0..<perSession { _ = try await session.run(echo) } }
    }
    let total = Double(count * perSession)
    print(
      row([
        "\(count)", decimal(connectSeconds * 1e3 / Double(count), 2), "\(memory / count)", decimal(foreign * 1e6 / total, 1),
        decimal(own * 1e6 / total, 1), "\(Int(total / wall))",
      ]))
    for session in sessions { await session.close() }
  }

  /// scp and the prototype were measured in MB/s at 100 MB on loopback.
  private static func measureFiles(_ server: LoopbackSSHServer) async throws {
    let loops = EventLoops()
    let threads = BlockingThreads()
    let connector = SSHConnector(options: TransportOptions(), threads: threads)
    let session = SSHSession.make(
      to: target(server), connector: connector, loop: loops.next(), options: TransportOptions(), threads: threads)
    let content = [UInt8](repeating: 0x78, count: 100 << 20)
    let path = "\(server.folder)/bench"
    let (upCPU, up) = try await cpuSeconds {
      try await session.upload(FileUpload(content: .bytes(content), path: path))
    }
    let (downCPU, down) = try await cpuSeconds {
      _ = try await session.download(path: path, become: nil, bytesMax: 200 << 20)
    }
    print("upload 100 MB: \(decimal(100 / up, 0)) MB/s, \(decimal(upCPU * 10, 1)) ms CPU/MB (prototype: 157, about 4)")
    print("download 100 MB: \(decimal(100 / down, 0)) MB/s, \(decimal(downCPU * 10, 1)) ms CPU/MB (prototype: 140-212, about 4)")
    let small = FileUpload(content: .bytes(Array(repeating: 0x78, count: 2000)), path: path)
    let (_, wall) = try await cpuSeconds { for _ in 0..<20 { try await session.upload(small) } }
    print("upload 2 KB: \(decimal(wall * 50, 1)) ms each, synced to disk (prototype, not synced: 3)")
    await session.close()
  }

  private static func warmUp(
    _ server: LoopbackSSHServer, _ connector: SSHConnector, _ loops: EventLoops, _ threads: BlockingThreads
  ) async throws {
    let session = SSHSession.make(
      to: target(server), connector: connector, loop: loops.next(), options: TransportOptions(), threads: threads)
    _ = try await session.run(ShellRequest(script: ":"))
    await session.close()
  }

  private static func target(_ server: LoopbackSSHServer) -> ResolvedSSHSettings {
    var target = ResolvedSSHSettings(originalHost: "bench", hostName: "127.0.0.1", user: server.user)
    target.port = server.port
    target.identityFiles = [server.identityFile]
    target.userKnownHostsFiles = [server.knownHostsFile]
    target.authenticationMethods = ResolvedSSHSettings.AuthenticationMethod.allCases
    return target
  }

  private static func each(
    _ sessions: [ShellSession], onOwnLoop: Bool = false, _ body: @escaping @Sendable (ShellSession) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in sessions {
        group.addTask(executorPreference: onOwnLoop ? session.loop : nil) { try await body(session) }
      }
      try await group.waitForAll()
    }
  }

  // MARK: - Measuring

  private static func cpuSeconds(_ body: () async throws -> Void) async throws -> (cpu: Double, wall: Double) {
    let (cpu, wall) = (processSeconds(), MonotonicTime.now)
    try await body()
    return (processSeconds() - cpu, MonotonicTime.now.seconds(since: wall))
  }

  private static func processSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(0), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
  }

  private static func residentKilobytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ")
    return pages.count > 1 ? (Int(pages[1]) ?? 0) * 4 : 0
  }

  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(7), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(7), &limit)
  }

  private static func row(_ cells: [String]) -> String {
    zip(cells, [8, 15, 11, 18, 28, 14]).map { cell, width in
      String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined(separator: " ")
  }

  private static func decimal(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
}
