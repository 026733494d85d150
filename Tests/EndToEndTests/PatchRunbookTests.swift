import Foundation
import Support
import Testing

/// Runbooks/patch.yml on every host of the fleet: 3 in `make test`, 6 in `make drill-patch`.
@Suite(.serialized)
struct PatchRunbookTests {
  private let runbook = "\(SourceTree.root)/Runbooks/patch.yml"

  @Test func `an ill host stops the run after its batch; after the repair the run goes through`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    let hosts = try fleet.hosts
    let batch = (hosts.count + 1) / 2
    let (first, rest) = (hosts[..<batch], hosts[batch...])
    for host in hosts {
      let old = "apt-get -q install -y --allow-downgrades martlet-demo=1.0 martlet-service=1.0 >/dev/null 2>&1 && rm -rf /etc/drained"
      #expect(try await fleet.onHost(host, old).status == 0)
    }
    // With the new version of the package this host is ill; it also is the one that must reboot.
    _ = try await fleet.onHost("h2", "touch /etc/martlet-ill /run/reboot-required")
    let boot = try await bootID(of: "h2", fleet)

    try await ScratchFolder.with { home in
      let settings = try settings(in: home, batch: batch)
      let stopped = try await MartletProgram(home: home).run(
        "run", "-i", fleet.inventory, runbook, "-e", "@\(settings)", deadlineSeconds: 300)
      #expect(stopped.status == 2, "\(stopped.stdout)\(stopped.stderr)")
      let report = (stopped.stdout + stopped.stderr).split(separator: "\n").first { $0.contains("The run stops here: h2") } ?? ""
      #expect(report.contains("Patched: \(first.filter { $0 != "h2" }.joined(separator: ", ")). Failed: h2."), "\(stopped.stdout)")
      #expect(report.contains("Untouched: \(rest.joined(separator: ", "))"), "\(report)")
      for host in first { #expect(try await version(of: host, fleet) == "martlet-demo 1.1\n") }
      for host in rest { #expect(try await version(of: host, fleet) == "martlet-demo 1.0\n") }
      #expect(try await bootID(of: "h2", fleet) != boot)
      #expect(try await fleet.onHost("h2", "test -e /etc/drained").status == 0, "the ill host is not in service")
      #expect(try await fleet.onHost("h1", "test -e /etc/drained").status != 0)

      _ = try await fleet.onHost("h2", "rm /etc/martlet-ill")
      let through = try await MartletProgram(home: home).run(
        "run", "-i", fleet.inventory, runbook, "-e", "@\(settings)", deadlineSeconds: 300)
      #expect(through.status == 0, "\(through.stdout)\(through.stderr)")
      for host in hosts { #expect(try await version(of: host, fleet) == "martlet-demo 1.1\n") }
      try checkEvidence(in: "\(home)/evidence", hosts, first)
    }
  }

  private func settings(in home: String, batch: Int) throws -> String {
    try "- command: touch /etc/drained\n".write(toFile: "\(home)/drain.yml", atomically: true, encoding: .utf8)
    try "- command: rm -f /etc/drained\n".write(toFile: "\(home)/undrain.yml", atomically: true, encoding: .utf8)
    let text = """
      patch_batches: [\(batch)]
      patch_services: [martlet-service, ssh]
      patch_health_commands: ["test ! -e /etc/martlet-ill || martlet-demo | grep -w 1.0"]
      patch_health_retries: 2
      patch_health_delay: 1
      patch_drain: \(home)/drain.yml
      patch_undrain: \(home)/undrain.yml
      patch_evidence: \(home)/evidence

      """
    try text.write(toFile: "\(home)/settings.yml", atomically: true, encoding: .utf8)
    return "\(home)/settings.yml"
  }

  /// One file per host and run: two for the first batch, one for hosts that only the second run reached.
  private func checkEvidence(in folder: String, _ hosts: [String], _ first: ArraySlice<String>) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(files.count == hosts.count + first.count, "\(files)")
    let failed = try #require(files.first { $0.hasPrefix("h2.") })
    let text = try String(contentsOfFile: "\(folder)/\(failed)", encoding: .utf8)
    #expect(text.contains(#""outcome": "failed""#) && text.contains(#""rebooted": true"#) && text.contains("martlet-demo"), "\(text)")
  }

  private func version(of host: String, _ fleet: TestFleet) async throws -> String {
    try await fleet.onHost(host, "martlet-demo").stdout
  }

  private func bootID(of host: String, _ fleet: TestFleet) async throws -> String {
    try await fleet.onHost(host, "cat /proc/sys/kernel/random/boot_id").stdout
  }
}
