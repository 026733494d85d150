import Foundation

/// A throw-away sshd on loopback for the current user, with keys of its own; it ends with its object.
package final class LoopbackSSHServer: Sendable {
  package let port: Int
  package let folder: String
  /// A key that logs in.
  package let identityFile: String
  package let knownHostsFile: String
  package let user: String
  private let process: Process
  /// Its end, however this process ends, is the server's end.
  private let lifeline: Pipe

  /// Whether this machine has what it takes.
  package static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd") }

  /// `options` are lines of sshd_config that come before ours, so they win.
  package init(options: [String] = [], hostKeyTypes: [String] = ["ed25519"], loginShell: String? = nil) throws {
    folder = NSTemporaryDirectory() + "/martlet-sshd-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    user = NSUserName()
    identityFile = "\(folder)/id_ed25519"
    knownHostsFile = "\(folder)/known_hosts"
    try Self.run(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", identityFile])
    try FileManager.default.copyItem(atPath: identityFile + ".pub", toPath: "\(folder)/authorized_keys")
    for type in hostKeyTypes {
      try Self.run(["/usr/bin/ssh-keygen", "-q", "-t", type, "-N", "", "-f", "\(folder)/host_\(type)"])
    }
    port = try Self.freePort()
    var known = ""
    for type in hostKeyTypes {
      let key = try String(contentsOfFile: "\(folder)/host_\(type).pub", encoding: .utf8).split(separator: " ")
      known += "[127.0.0.1]:\(port) \(key[0]) \(key[1])\n"
    }
    try known.write(toFile: knownHostsFile, atomically: true, encoding: .utf8)
    let defaults = [
      "Port \(port)", "ListenAddress 127.0.0.1", "PidFile none", "AuthorizedKeysFile \(folder)/authorized_keys",
      "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
      "PermitRootLogin yes", "MaxStartups 100:30:200", "LogLevel ERROR", "PrintMotd no",
      "Subsystem sftp internal-sftp",
    ]
    let hostKeys = hostKeyTypes.map { [folder] type in "HostKey \(folder)/host_\(type)" }
    let lines = options + hostKeys + defaults
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: "\(folder)/sshd_config", atomically: true, encoding: .utf8)
    try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
    (process, lifeline) = try Self.start(folder: folder)
    try waitUntilItListens()
  }

  deinit { stop() }

  /// No new connections; those that are open stay.
  package func stop() {
    guard process.isRunning else { return }
    try? lifeline.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private static func start(folder: String) throws -> (Process, Pipe) {
    let process = Process()
    let lifeline = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let script = """
      /usr/sbin/sshd -D -e -f "$0/sshd_config" 2>"$0/log" </dev/null & read -r _; kill $!; wait; rm -rf "$0"
      """
    process.arguments = ["-c", script, folder]
    process.standardInput = lifeline
    // Whoever waits for the end of our output must not wait for the server's.
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, lifeline)
  }

  private func waitUntilItListens() throws {
    for _ in 0..<200 {
      if Self.canConnect(port) { return }
      guard process.isRunning else { break }
      usleep(10_000)
    }
    let log = (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? ""
    throw LoopbackSSHServerError(message: "sshd did not start: \(log)")
  }

  private static func run(_ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw LoopbackSSHServerError(message: "\(words) failed") }
  }

  private static func freePort() throws -> Int {
    try withSocket { descriptor, address in
      guard bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 else { return nil }
      var bound = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let code = withUnsafeMutablePointer(to: &bound) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
      }
      return code == 0 ? Int(UInt16(bigEndian: bound.sin_port)) : nil
    } ?? { throw LoopbackSSHServerError(message: "no free port on loopback") }()
  }

  private static func canConnect(_ port: Int) -> Bool {
    (try? withSocket(port: port) { descriptor, address in
      connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 ? true : nil
    }) == true
  }

  private static func withSocket<Value>(
    port: Int = 0, _ body: (Int32, UnsafePointer<sockaddr>) -> Value?
  ) throws -> Value? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw LoopbackSSHServerError(message: "no socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0) }
    }
  }
}

/// Why no server came up.
package struct LoopbackSSHServerError: Error, CustomStringConvertible {
  package let message: String
  package var description: String { message }
}
