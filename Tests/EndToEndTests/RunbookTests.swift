import Foundation
import Support
import Testing

/// The runbooks that come with Martlet: all of them parse, and those that need no Debian package do their work twice on a host.
@Suite(.serialized)
struct RunbookTests {
  static let folder = "\(SourceTree.root)/Runbooks"

  static var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yml") }.sorted() }
  }

  @Test func `every runbook parses and says in its head how it is called`() async throws {
    #expect(try Self.names.count >= 10)
    try await ScratchFolder.with { home in
      for name in try Self.names {
        let ending = try await MartletProgram(home: home).run("run", "-i", "h1,", "\(Self.folder)/\(name)", "--syntax-check")
        #expect(ending.status == 0, "\(name): \(ending.stdout)\(ending.stderr)")
        let head = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8).components(separatedBy: "\n---").first ?? ""
        #expect(head.hasPrefix("# ") && head.contains("Runbooks/\(name)"), "\(name)")
      }
    }
  }

  @Test(arguments: [
    ("health-check", "health_services=cron"), ("health-check", "health_disk_percent=ninety"), ("certificate-expiry", "certificate_days=soon"),
    ("disk-cleanup", "cleanup_temp_days=-1"),
  ])
  func `a setting that makes no sense is told before a host is asked`(name: String, setting: String) async throws {
    try await ScratchFolder.with { home in
      let ending = try await MartletProgram(home: home).run(
        "run", "-i", "host.invalid,", "\(Self.folder)/\(name).yml", "-e", setting, deadlineSeconds: 120)
      #expect(ending.status == 2 && !ending.stdout.contains("UNREACHABLE"), "\(ending.stdout)\(ending.stderr)")
      #expect(ending.stdout.contains(setting.split(separator: "=")[0]), "\(ending.stdout)")
    }
  }

  @Test(arguments: ["users", "health-check", "certificate-expiry", "disk-cleanup", "incident-snapshot", "ssh-hardening"])
  func `a runbook foresees, does, and then finds nothing to do`(name: String) async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      func run(_ more: String...) async throws -> ChildProcess.Ending {
        // A busy machine is not an ill host.
        let settings = #"{"health_load_per_cpu": 1000, "incident_folder": "\#(home)/incidents"}"#
        let ending = try await ChildProcess.run(
          MartletProgram.path, ["run", "-i", fleet.inventory, "\(Self.folder)/\(name).yml", "--limit", "h1", "-e", settings] + more,
          environment: ["HOME": home, "XDG_STATE_HOME": "\(home)/state", "MARTLET_MODULES": "\(SourceTree.root)/Modules"],
          directory: home, deadlineSeconds: 240)
        #expect(ending.status == 0, "\(name) \(more): \(ending.stdout)\(ending.stderr)")
        return ending
      }
      _ = try await run("--check")
      _ = try await run()
      #expect(try await run().stdout.contains("changed=0 "), "\(name) a second time")
    }
  }
}
