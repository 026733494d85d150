import Foundation
import Support
import Testing

/// A plan is made, signed, refused where something moved, and carried out exactly.
@Suite(.serialized)
struct PlanCommandTests {
  private static let runbook = """
    - name: Web
      hosts: all
      become: true
      gather_facts: false
      tasks:
        - name: page
          template: {src: page.j2, dest: /etc/martlet-plan.conf}
          notify: reload
        - name: package
          apt: {name: less, state: present}
        - name: service
          service: {name: cron, state: started}
        - name: command
          command: cat /etc/martlet-plan.conf
          register: shown
        - name: what depends on it
          copy: {content: "{{ shown.stdout }} {{ token }}", dest: /etc/martlet-plan.copy}
          when: shown.rc == 0
      handlers:
        - name: reload
          service: {name: cron, state: restarted}
    """

  private func prepared(_ home: String) throws {
    try Self.runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
    try "page of {{ inventory_hostname }} {{ token }}\n".write(toFile: "\(home)/page.j2", atomically: true, encoding: .utf8)
  }

  @Test func `apply does the plan and only that; a file changed by hand and a changed runbook are named`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      try prepared(home)
      let martlet = MartletProgram(home: home)
      for host in ["h1", "h2", "h3"] { _ = try await fleet.onHost(host, "rm -f /etc/martlet-plan.*") }
      let made = try await martlet.run(
        "plan", "-i", fleet.inventory, "site.yml", "-e", "token=swordfish-4711", "-o", "site.plan")
      #expect(made.status == 0, "\(made.stdout)\(made.stderr)")
      #expect(made.stdout.contains("'command' does not run in check mode"))
      #expect(made.stdout.contains("'shown' is known after apply"))
      #expect(try await fleet.onHost("h1", "ls /etc/martlet-plan.*").status != 0)
      let saved = try String(contentsOfFile: "\(home)/site.plan", encoding: .utf8)
      #expect(!saved.contains("token=swordfish"))

      _ = try await fleet.onHost("h2", "echo by hand >/etc/martlet-plan.conf")
      let moved = try await martlet.run("apply", "site.plan", "--wait", "120", "-e", "token=swordfish-4711")
      #expect(moved.status == 3 && moved.stderr.contains("host h2: 'page' (site.yml:6): what it would change is not as it was"), "\(moved.stderr)")
      #expect(!moved.stderr.contains("host h1"), "\(moved.stderr)")
      #expect(try await fleet.onHost("h1", "ls /etc/martlet-plan.*").status != 0)
      _ = try await fleet.onHost("h2", "rm /etc/martlet-plan.conf")

      let other = try await martlet.run("apply", "site.plan", "--wait", "120", "-e", "token=other")
      #expect(other.status == 3 && other.stderr.contains("give apply the same -e"), "\(other.stderr)")
      let done = try await martlet.run("apply", "site.plan", "--wait", "120", "-e", "token=swordfish-4711")
      #expect(done.status == 0, "\(done.stdout)\(done.stderr)")
      #expect(done.stdout.contains("PLANNED AGAINST DONE"))
      #expect(try await fleet.onHost("h3", "cat /etc/martlet-plan.copy").stdout == "page of h3 swordfish-4711 swordfish-4711")
      try (Self.runbook + "\n").write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let stale = try await martlet.run("apply", "site.plan", "--wait", "120", "-e", "token=swordfish-4711")
      #expect(stale.status == 3 && stale.stderr.contains("site.yml was changed"), "\(stale.stderr)")
    }
  }

  @Test func `a signed plan is applied, one that was edited or signed by a stranger is refused`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      for key in ["ada", "eve"] {
        _ = try await ChildProcess.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "\(home)/\(key)"])
      }
      let ada = try String(contentsOfFile: "\(home)/ada.pub", encoding: .utf8).split(separator: " ").prefix(2).joined(separator: " ")
      try "ada@example.org \(ada)\n".write(toFile: "\(home)/allowed", atomically: true, encoding: .utf8)
      try "- {hosts: all, connection: local, gather_facts: false, tasks: [{copy: {content: a, dest: '\(home)/out'}}]}\n"
        .write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      func plan(_ key: String) async throws {
        let made = try await martlet.run("plan", "-i", "here,", "site.yml", "-o", "site.plan", "--sign", "\(home)/\(key)")
        #expect(made.status == 0, "\(made.stdout)\(made.stderr)")
      }
      try await plan("eve")
      let stranger = try await martlet.run("apply", "site.plan", "--allowed-signers", "allowed")
      #expect(stranger.status == 3 && stranger.stderr.contains("signed by none of"), "\(stranger.stderr)")
      try await plan("ada")
      let text = try String(contentsOfFile: "\(home)/site.plan", encoding: .utf8)
      try text.replacingOccurrences(of: "\"changed\"", with: "\"known_after_apply\"")
        .write(toFile: "\(home)/site.plan", atomically: true, encoding: .utf8)
      let edited = try await martlet.run("apply", "site.plan", "--allowed-signers", "allowed")
      #expect(edited.status == 3 && edited.stderr.contains("does not hold"), "\(edited.stderr)")
      #expect(!FileManager.default.fileExists(atPath: "\(home)/out"))
      try text.write(toFile: "\(home)/site.plan", atomically: true, encoding: .utf8)
      let applied = try await martlet.run("apply", "site.plan", "--allowed-signers", "allowed")
      #expect(applied.status == 0 && applied.stdout.contains("signed by ada@example.org"), "\(applied.stdout)\(applied.stderr)")
      #expect(try String(contentsOfFile: "\(home)/out", encoding: .utf8) == "a")
    }
  }

  @Test(arguments: [
    ("+new", "+else", 3, "the plan shows another diff than what it was made from: the file was edited"),
    ("\"steps\"", "", 1, "site.plan is no plan, or not a whole one: "),
    ("\"version\": 1", "\"version\": 2", 1, "the plan's format is version 2"),
  ])
  func `a plan that was edited or cut off is refused with what is wrong`(
    text: String, replacement: String, status: Int32, message: String
  ) async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try "- {hosts: all, connection: local, gather_facts: no, tasks: [{copy: {content: \"new\\n\", dest: '\(home)/made'}}]}\n"
        .write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      #expect(try await martlet.run("plan", "-i", "here,", "site.yml", "-o", "site.plan").status == 0)
      let plan = try String(contentsOfFile: "\(home)/site.plan", encoding: .utf8)
      let place = try #require(plan.range(of: text) ?? plan.range(of: text.replacing("+", with: "")))
      let shown = replacement.replacing("+", with: "")
      let edited = shown.isEmpty ? String(plan[..<place.lowerBound]) : plan.replacing(plan[place], with: shown)
      try edited.write(toFile: "\(home)/site.plan", atomically: true, encoding: .utf8)
      let refused = try await martlet.run("apply", "site.plan")
      #expect(refused.status == status && refused.stderr.contains(message), "\(refused.stdout)\(refused.stderr)")
      #expect(!FileManager.default.fileExists(atPath: "\(home)/made"))
    }
  }

  @Test func `a plan that is applied elsewhere says where it was made`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try "- {hosts: all, connection: local, gather_facts: no, tasks: [{command: 'true'}]}\n"
        .write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      #expect(try await martlet.run("plan", "-i", "here,", "site.yml", "-o", "site.plan").status == 0)
      let refused = try await martlet.run("apply", "\(home)/site.plan", directory: "/")
      #expect(refused.status == 3 && refused.stderr.contains("it was made in /") && refused.stderr.contains(", and this is /"), "\(refused.stderr)")
    }
  }
}
