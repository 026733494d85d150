import Foundation
import Model
import Support
import Transport

/// Files there and back, beside scp on the same server at the same time.
enum FileFigures {
  struct Scale {
    var megabytes: Int
    /// What the prototype's measurements gave: MB/s up and down, milliseconds for 2 KB.
    var noted: (up: String, down: String, small: String)

    static let near = Scale(megabytes: 100, noted: ("157", "140-212", "3"))
    static let far = Scale(megabytes: 20, noted: ("45", "60", "24"))
  }

  static func measure(_ server: LoopbackSSHServer, port: Int, scale: Scale) async throws {
    let sessions = try await BenchSessions(1, server, port: port)
    let session = sessions.all[0]
    let (source, path) = ("\(server.folder)/source", "\(server.folder)/bench")
    var random = SystemRandomNumberGenerator()
    let words = (0..<scale.megabytes << 17).map { _ in random.next() }
    let bytes = words.withUnsafeBytes { Array($0) }
    guard FileManager.default.createFile(atPath: source, contents: Data(bytes)) else {
      throw ChildProcess.Failure(description: "can't write \(source)")
    }
    // In turn, so that a busy moment of the machine does not count for one side only.
    var (ups, downs, scpUps, scpDowns): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    var (syncs, cpu): ([Double], Double) = ([], 0)
    for _ in 0..<3 {
      let up = try await Usage.of { try await session.upload(FileUpload(content: .localFile(path: source), path: path)) }
      scpUps.append(try await scp(server, port, source, ":\(path).scp"))
      syncs.append(try await Usage.of { try await LoopbackSSHServer.run(["/bin/sync", "\(path).scp"]) }.wallSeconds)
      var back: [UInt8] = []
      let down = try await Usage.of { back = try await session.download(path: path, become: nil, bytesMax: 200 << 20) }
      guard back == bytes else { throw ChildProcess.Failure(description: "another file came back") }
      scpDowns.append(try await scp(server, port, ":\(path)", "\(source).back"))
      ups.append(up.wallSeconds)
      downs.append(down.wallSeconds)
      cpu += up.cpuSeconds + down.cpuSeconds
    }
    // Ours is on the disk when it has ended; scp's only after a sync.
    say(line("upload", scale.megabytes, ups, zip(scpUps, syncs).map { $0 + $1 }, scale.noted.up, other: "scp and sync"))
    say(line("download", scale.megabytes, downs, scpDowns, scale.noted.down, other: "scp"))
    say("  \(decimal(cpu * 1e3 / Double(6 * scale.megabytes), 1)) ms CPU/MB (prototype: about 4)")
    let small = FileUpload(content: .bytes(Array(repeating: 0x78, count: 2000)), path: path)
    let wall = try await Usage.of { for _ in 0..<20 { try await session.upload(small) } }.wallSeconds
    say("upload 2 KB: \(decimal(wall * 50, 1)) ms each, synced to disk (prototype, not synced: \(scale.noted.small))")
    await sessions.close()
  }

  private static func line(
    _ what: String, _ megabytes: Int, _ own: [Double], _ scp: [Double], _ noted: String, other: String
  ) -> String {
    func rate(_ seconds: [Double]) -> Double { Double(megabytes) / (seconds.min() ?? 1) }
    return "\(what) \(megabytes) MB: \(decimal(rate(own), 0)) MB/s, \(other) \(decimal(rate(scp), 0)): "
      + "\(decimal(100 * rate(own) / rate(scp), 0)) % (limit 80 %; prototype \(noted) MB/s); best of \(own.count)"
  }

  /// Seconds that `scp` takes; a path that begins with a colon is on the server.
  private static func scp(_ server: LoopbackSSHServer, _ port: Int, _ from: String, _ to: String) async throws -> Double {
    func place(_ path: String) -> String { path.hasPrefix(":") ? "\(server.user)@127.0.0.1\(path)" : path }
    let options = ["UserKnownHostsFile=\(server.knownHostsFile)", "HostKeyAlias=[127.0.0.1]:\(server.port)", "IdentitiesOnly=yes"]
    // By scp's own protocol: these servers have no SFTP.
    let words = ["-O", "-q", "-F", "none", "-P", "\(port)", "-i", server.identityFile] + options.flatMap { ["-o", $0] }
    return try await Usage.of { try await LoopbackSSHServer.run(["/usr/bin/scp"] + words + [place(from), place(to)]) }.wallSeconds
  }
}
