import Foundation
import Support
import Testing

/// The runbook that the README starts with, on hosts that have never seen it.
@Suite(.serialized)
struct ServerBaselineTests {
  private let runbook = "\(SourceTree.root)/Runbooks/server-baseline.yml"

  @Test func `check mode changes nothing, the first run does, the second finds nothing to do`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      let before = try await fingerprint(of: "h1", fleet)
      let check = try await martlet.run("run", "-i", fleet.inventory, runbook, "--check", "--diff")
      #expect(check.status == 0, "\(check.stdout)\(check.stderr)")
      #expect(try await fingerprint(of: "h1", fleet) == before)

      let first = try await martlet.run("run", "-i", fleet.inventory, runbook)
      #expect(first.status == 0, "\(first.stdout)\(first.stderr)")
      let second = try await martlet.run("run", "-i", fleet.inventory, runbook)
      #expect(second.status == 0, "\(second.stdout)\(second.stderr)")
      for host in ["h1", "h2", "h3"] {
        #expect(try #require(Recap(first.stdout)[host, "changed"]) > 0)
        #expect(Recap(second.stdout)[host, "changed"] == 0)
        #expect(Recap(second.stdout)[host, "failed"] == 0)
      }
      let login = try await fleet.onHost("h1", "sshd -T | grep -x 'maxauthtries 4'; id -nG ada; cat /etc/timezone")
      #expect(login.stdout == "maxauthtries 4\nada admins\nEurope/Lisbon\n")
      let history = try await martlet.run("history")
      #expect(history.stdout.components(separatedBy: "server-baseline.yml").count > 2, "\(history.stdout)")
    }
  }

  @Test func `one host down and one with another key leave the third its run`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      let inventory = try inventory(in: home, withWrongKeyFor: "h3", fleet)
      _ = try await fleet.script("stop", "h2")
      let ending = try await MartletProgram(home: home).run("run", "-i", inventory, runbook, "--tags", "system")
      _ = try await fleet.script("start", "h2")
      for _ in 0..<120 where try await fleet.onHost("h2", "true").status != 0 { try await Task.sleep(for: .milliseconds(500)) }
      #expect(ending.status == 4, "\(ending.stdout)\(ending.stderr)")
      let recap = Recap(ending.stdout)
      #expect(recap["h1", "failed"] == 0 && recap["h1", "unreachable"] == 0)
      #expect(recap["h2", "unreachable"] == 1 && recap["h3", "unreachable"] == 1)
    }
  }

  /// Every file with its size and time of change, but for what a running system writes by itself.
  private func fingerprint(of host: String, _ fleet: TestFleet) async throws -> String {
    let find = "find / -xdev \\( -path /run -o -path /tmp -o -path /var/log -o -path /var/tmp -o -path /var/lib/systemd \\) "
      + "-prune -o \\( -type f -o -type l \\) -printf '%p %s %T@ %m %u\\n' | sort"
    return try await fleet.onHost(host, find).stdout
  }

  /// The fleet's inventory, but known_hosts has h1's keys for another host.
  private func inventory(in home: String, withWrongKeyFor host: String, _ fleet: TestFleet) throws -> String {
    let known = try String(contentsOfFile: "\(fleet.folder)/known_hosts", encoding: .utf8).split(separator: "\n")
    let table = try String(contentsOfFile: "\(fleet.folder)/table", encoding: .utf8).split(separator: "\n")
    let addresses = Dictionary(uniqueKeysWithValues: table.map { ($0.split(separator: " ")[0], $0.split(separator: " ")[1]) })
    let (own, wrong) = (try #require(addresses["h1"]), try #require(addresses[Substring(host)]))
    let lines = known.filter { !$0.hasPrefix("\(wrong) ") }
      + known.filter { $0.hasPrefix("\(own) ") }.map { wrong + $0.dropFirst(own.count) }
    try (lines.joined(separator: "\n") + "\n").write(toFile: "\(home)/known_hosts", atomically: true, encoding: .utf8)
    let text = try String(contentsOfFile: fleet.inventory, encoding: .utf8)
      .replacingOccurrences(of: "\(fleet.folder)/known_hosts", with: "\(home)/known_hosts")
    try text.write(toFile: "\(home)/inventory", atomically: true, encoding: .utf8)
    return "\(home)/inventory"
  }
}
