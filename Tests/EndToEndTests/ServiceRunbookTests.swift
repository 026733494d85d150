import Foundation
import Support
import Testing

/// Runbooks/web-server.yml and postgresql.yml on a host that has neither. They need Debian packages: `make drill-services`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["MARTLET_DRILL"] != nil))
struct ServiceRunbookTests {
  private let runbooks = "\(SourceTree.root)/Runbooks"

  @Test func `a web server is set up behind its firewall, and a refused configuration changes nothing`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try #require(try await fleet.script("offer", "h1", "nginx", "ufw", "openssl").status == 0)
    try await ScratchFolder.with { home in
      func run(_ more: String...) async throws -> ChildProcess.Ending {
        let words = ["run", "-i", fleet.inventory, "\(runbooks)/web-server.yml", "--limit", "h1", "-e", #"{"web_names": ["www.example.com"]}"#]
        return try await Self.martlet(words + more, home)
      }
      #expect(try await run("--check").status == 0)
      let first = try await run()
      #expect(first.status == 0, "\(first.stdout)\(first.stderr)")
      #expect(try await run().stdout.contains("changed=0 "), "a second time")
      #expect(try await run("--check").stdout.contains("changed=0 "))

      let page = try await Self.ask(fleet, "https://\(try fleet.address(of: "h1"))/")
      #expect(page.contains("www.example.com is served from h1"), "\(page)")
      let rules = try await fleet.onHost("h1", "ufw status verbose").stdout
      #expect(rules.contains("deny (incoming)") && rules.contains("443/tcp") && rules.contains("22/tcp"), "\(rules)")

      let refused = try await run("-e", #"{"web_proxy": "no url"}"#)
      #expect(refused.status == 2 && (refused.stdout + refused.stderr).contains("the old one holds"), "\(refused.stdout)\(refused.stderr)")
      #expect(try await fleet.onHost("h1", "nginx -t").status == 0)
      #expect(try await run().stdout.contains("changed=0 "), "the old configuration is back")
    }
  }

  @Test func `a database server takes settings and rules that it can read, and roles can log in`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try #require(try await fleet.script("offer", "h2", "postgresql").status == 0)
    try await ScratchFolder.with { home in
      let settings = "\(home)/database.yml"
      try """
        postgresql_settings: {shared_buffers: 64MB, log_min_duration_statement: 500, application_name: "it's"}
        postgresql_access: [{database: shop, user: shop, address: 10.0.0.0/8}]
        postgresql_roles: [{name: shop, password: "s'ecret"}, {name: report, password: other, flags: NOCREATEDB}]
        postgresql_databases: [{name: shop, owner: shop, encoding: UTF8}]

        """.write(toFile: settings, atomically: true, encoding: .utf8)
      func run(_ more: String...) async throws -> ChildProcess.Ending {
        let words = ["run", "-i", fleet.inventory, "\(runbooks)/postgresql.yml", "--limit", "h2", "-e", "@\(settings)"]
        return try await Self.martlet(words + more, home)
      }
      #expect(try await run("--check").status == 0)
      let first = try await run("-v")
      #expect(first.status == 0 && !first.stdout.contains("s'ecret"), "\(first.stdout)\(first.stderr)")
      #expect(try await run().stdout.contains("changed=0 "), "a second time")
      let refused = try await run("-e", #"{"postgresql_settings": {"shared_buffers": "lots"}}"#)
      #expect(refused.status == 2 && (refused.stdout + refused.stderr).contains("invalid value for parameter"), "\(refused.stdout)")
      let rules = try await run("-e", #"{"postgresql_access": [{"database": "x", "user": "y", "method": "no"}]}"#)
      #expect(rules.status == 2 && (rules.stdout + rules.stderr).contains("invalid authentication method"), "\(rules.stdout)")
      #expect(try await run().stdout.contains("changed=0 "), "the old settings and rules are back")
      let shared = try await fleet.onHost("h2", "cd / && setpriv --reuid=postgres --regid=postgres --init-groups psql -Atc 'SHOW shared_buffers'")
      #expect(shared.stdout == "64MB\n")
    }
  }

  private static func martlet(_ words: [String], _ home: String) async throws -> ChildProcess.Ending {
    try await ChildProcess.run(
      MartletProgram.path, words,
      environment: ["HOME": home, "XDG_STATE_HOME": "\(home)/state", "MARTLET_MODULES": "\(SourceTree.root)/Modules"],
      directory: home, deadlineSeconds: 600)
  }

  /// From here, through the firewall.
  private static func ask(_ fleet: TestFleet, _ url: String) async throws -> String {
    let asked = try await ChildProcess.run(
      "/usr/bin/curl", ["-sk", "--max-time", "10", "-H", "Host: www.example.com", url], deadlineSeconds: 20)
    return asked.stdout + asked.stderr
  }
}
