import Foundation

/// A throw-away sshd on loopback for the current user, with keys of its own; it ends with its object.
package final class LoopbackSSHServer: Sendable {
  package let port: Int
  package let folder: String
  /// A key that logs in.
  package let identityFile: String
  package let knownHostsFile: String
  package let user: String
  private let process: ChildProcess

  /// Whether this machine has what it takes.
  package static var isAvailable: Bool { access("/usr/sbin/sshd", X_OK) == 0 }

  /// `options` are lines of sshd_config that come before ours, so they win.
  package init(options: [String] = [], hostKeyTypes: [String] = ["ed25519"]) async throws {
    folder = "/tmp/martlet-sshd-\(UInt64.random(in: 0...UInt64.max))"
    user = NSUserName()
    identityFile = "\(folder)/id_ed25519"
    knownHostsFile = "\(folder)/known_hosts"
    port = try Self.freePort()
    let defaults = [
      "Port \(port)", "ListenAddress 127.0.0.1", "PidFile none", "AuthorizedKeysFile \(folder)/authorized_keys",
      "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
      "PermitRootLogin yes", "MaxStartups 100:30:200", "LogLevel ERROR", "PrintMotd no",
      // The user's login scripts may take longer than all that is tested or measured.
      "SetEnv HOME=\(folder)",
    ]
    let hostKeys = hostKeyTypes.map { [folder] in "HostKey \(folder)/host_\($0)" }
    let configuration = (options + hostKeys + defaults).map { $0 + "\n" }.joined()
    try await Self.run(["/bin/sh", "-c", Self.preparation, folder, "\(port)", configuration] + hostKeyTypes)
    // It ends with us, however we end: by watching that we are still there.
    let script = """
      /usr/sbin/sshd -D -e -f "$0/sshd_config" 2>"$0/log" &
      while kill -0 "$1" && kill -0 $!; do sleep 0.3; done 2>/dev/null
      kill $!
      rm -rf "$0"
      """
    process = try ChildProcess("/bin/sh", ["-c", script, folder, "\(getpid())"], deadlineSeconds: 600)
    try await waitUntilItListens()
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// No new connections; those that are open stay.
  package func stop() { process.signal(SIGTERM) }

  package var isListening: Bool { Self.canConnect(port) }

  /// Runs a program to its end; anything but status 0 is an error.
  package static func run(_ words: [String]) async throws {
    let ending = try await ChildProcess.run(words[0], Array(words.dropFirst()))
    guard ending.status == 0 else { throw LoopbackSSHServerError(message: "\(words[0]) failed: \(ending.stderr)") }
  }

  /// Folder, keys, known_hosts and configuration; arguments: port, configuration, types of host keys.
  private static let preparation = """
    set -e
    umask 077
    mkdir -p "$0" /run/sshd
    printf %s "$2" >"$0/sshd_config"
    ssh-keygen -q -t ed25519 -N '' -f "$0/id_ed25519"
    cp "$0/id_ed25519.pub" "$0/authorized_keys"
    port=$1
    shift 2
    for type; do
      ssh-keygen -q -t "$type" -N '' -f "$0/host_$type"
      read -r name key rest <"$0/host_$type.pub"
      echo "[127.0.0.1]:$port $name $key" >>"$0/known_hosts"
    done
    """

  private func waitUntilItListens() async throws {
    for _ in 0..<300 {
      if Self.canConnect(port) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    let log = (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? ""
    throw LoopbackSSHServerError(message: "sshd did not start: \(log)")
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
