import Foundation
import Support

/// Throwaway hosts for end-to-end tests: those that `make test` booted, or, where a test is run on its own, hosts that
/// boot with the first test that wants them and go when the tests end.
struct TestFleet: Sendable {
  enum Kind: String {
    /// Hosts of their own: everything can be tried on them.
    case nspawn
    /// sshd on 127.0.0.1: the hosts are this machine, so nothing may be changed on them but a scratch folder.
    case loopback
  }

  let kind: Kind
  /// The fleet's folder: `inventory`, `id_ed25519`, `known_hosts`, `ssh_config`.
  let folder: String
  /// What `opspw` logs in with and types for sudo.
  let password: String

  var inventory: String { "\(folder)/inventory" }

  /// Names of its hosts, h1 first.
  var hosts: [String] {
    get throws {
      try String(contentsOfFile: "\(folder)/table", encoding: .utf8).split(separator: "\n").compactMap { line in
        line.split(separator: " ").first.map(String.init)
      }
    }
  }

  func address(of host: String) throws -> String {
    let lines = try String(contentsOfFile: "\(folder)/table", encoding: .utf8).split(separator: "\n").map { $0.split(separator: " ") }
    guard let line = lines.first(where: { $0[0] == host }) else { throw ChildProcess.Failure(description: "there is no host \(host)") }
    return String(line[1])
  }

  static func running() async throws -> TestFleet { try await booting.value }

  private static let script = "\(SourceTree.root)/Tests/Fleet/fleet"

  private static let booting = Task {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["MARTLET_FLEET_STATE"] { return try TestFleet(folder: folder) }
    let own = ["MARTLET_FLEET_NAME": "swift-test-\(getpid())"]
    let up = try await ChildProcess.run(script, ["up", "3"], environment: own, deadlineSeconds: 600)
    guard up.status == 0 else { throw ChildProcess.Failure(description: "fleet up: \(up.stderr)") }
    setenv("MARTLET_FLEET_NAME", own["MARTLET_FLEET_NAME"]!, 1)
    atexit { TestFleet.takeDown() }
    let folder = try await ChildProcess.run(script, ["path"], environment: own).stdout
    return try TestFleet(folder: folder.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  /// `fleet.env` holds lines `NAME=value`, the value perhaps in double quotes.
  private init(folder: String) throws {
    let text = try String(contentsOfFile: "\(folder)/fleet.env", encoding: .utf8)
    var values: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { values[parts[0]] = parts[1].trimmingCharacters(in: ["\""]) }
    }
    guard let kind = values["MARTLET_FLEET_KIND"].flatMap(Kind.init), let password = values["MARTLET_FLEET_PASSWORD"] else {
      throw ChildProcess.Failure(description: "\(folder)/fleet.env lacks MARTLET_FLEET_KIND or _PASSWORD: \(text)")
    }
    (self.kind, self.folder, self.password) = (kind, folder, password)
  }

  /// At the process's very end nothing asynchronous runs any more: a plain spawn and a wait, which `down` itself bounds.
  private static func takeDown() {
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(script), strdup("down"), nil]
    var pid: pid_t = 0
    guard posix_spawn(&pid, script, nil, nil, &words, environ) == 0 else { return }
    waitpid(pid, nil, 0)
  }

  /// Runs the fleet's script: `exec h1 …`, `cut h2`, `boots h1` and the like.
  func script(_ arguments: String..., deadlineSeconds: Double = 120) async throws -> ChildProcess.Ending {
    try await ChildProcess.run(Self.script, arguments, environment: ["MARTLET_FLEET_NAME": name], deadlineSeconds: deadlineSeconds)
  }

  /// Runs shell text as root on a host, by the OpenSSH client: what a test looks at behind martlet's back.
  func onHost(_ host: String, _ text: String, deadlineSeconds: Double = 120) async throws -> ChildProcess.Ending {
    try await script("exec", host, text, deadlineSeconds: deadlineSeconds)
  }

  private var name: String { folder.split(separator: "/").last.map(String.init) ?? "" }
}
