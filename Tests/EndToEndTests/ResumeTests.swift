import Foundation
import Support
import Testing

/// Runs that failed, died or were interrupted go on where they stopped.
struct ResumeTests {
  private static let runbook = """
    - hosts: all
      connection: local
      gather_facts: no
      tasks:
        - name: append
          shell: echo appended >> {{ home }}/lines; echo token-{{ home | length }}
          register: first
          notify: handler
        - set_fact:
            kept: "{{ first.stdout }}"
        - name: guess
          set_fact: { chance: "{{ 1000000 | random }}" }
        - name: chance goes to a file
          shell: echo {{ chance }} >> {{ home }}/chances
        - include_tasks: more.yml
        - name: needs a gate
          command: test -e {{ home }}/gate
        - name: last
          shell: echo {{ kept }} {{ chance }} >> {{ home }}/last
      handlers:
        - name: handler
          shell: echo handled >> {{ home }}/lines
    """

  @Test func `a failed run goes on: done steps once, variables and handlers as they were`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      let failed = try await martlet.run("run", "-i", "here,", "-e", "home=\(home)", "site.yml")
      #expect(failed.status == 2, "\(failed.stdout)\(failed.stderr)")
      #expect(lines(home, "lines") == ["appended", "included"])
      try "".write(toFile: "\(home)/gate", atomically: true, encoding: .utf8)
      let resumed = try await martlet.run("resume", directory: "/")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(lines(home, "lines") == ["appended", "included", "handled"])
      let chance = try #require(lines(home, "chances").first)
      #expect(lines(home, "last") == ["token-\(home.count) \(chance)"])
      #expect(!resumed.stdout.contains("TASK [append]"))
      let again = try await martlet.run("resume")
      #expect(again.status == 1 && again.stderr.contains("nothing to resume"), "\(again.stderr)")
    }
  }

  @Test func `a killed run names the step in doubt, and goes on as it is told`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home, before: "needs a gate", slow: true)
      let child = try martlet.start("run", "-i", "here,", "-e", "home=\(home)", "site.yml", deadlineSeconds: 60)
      try await child.waitForOutput("TASK [slow]")
      for _ in 0..<600 where !FileManager.default.fileExists(atPath: "\(home)/slow") { try await Task.sleep(for: .milliseconds(50)) }
      child.signal(SIGKILL)
      _ = await child.ending()
      try "".write(toFile: "\(home)/gate", atomically: true, encoding: .utf8)
      let asked = try await martlet.run("resume")
      #expect(asked.status == 1)
      #expect(asked.stderr.contains("here: slow (shell, "), "\(asked.stderr)")
      let resumed = try await martlet.run("resume", "--in-doubt", "skip")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(lines(home, "lines") == ["appended", "included", "handled"])
      #expect(lines(home, "slow") == ["slow"])
    }
  }

  @Test func `a runbook that changed is named, and nothing runs without --yes`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      _ = try await martlet.run("run", "-i", "here,", "-e", "home=\(home)", "site.yml")
      let changed = Self.runbook.replacing("test -e {{ home }}/gate", with: "echo gate is open")
      try changed.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let refused = try await martlet.run("resume")
      #expect(refused.status == 1 && refused.stderr.contains("site.yml has changed"), "\(refused.stderr)")
      let resumed = try await martlet.run("resume", "--yes")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(lines(home, "lines") == ["appended", "included", "handled"])
    }
  }

  @Test(arguments: [
    ("more.yml", "- command: echo other\n", "more.yml has changed"),
    ("group_vars/all.yml", "kind: other\n", "group_vars/all.yml has changed"),
    ("host_vars/here.yml", "kind: other\n", "host_vars/here.yml is new"),
    ("hosts", "here\nthere\n", "there: new in the inventory"),
    ("hosts", "there\n", "here: not in the inventory any more"),
  ])
  func `what a run was made from and is not so any more is named`(file: String, text: String, message: String) async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      for folder in ["group_vars", "host_vars"] {
        try FileManager.default.createDirectory(atPath: "\(home)/\(folder)", withIntermediateDirectories: false)
      }
      try "kind: one\n".write(toFile: "\(home)/group_vars/all.yml", atomically: true, encoding: .utf8)
      try "here\n".write(toFile: "\(home)/hosts", atomically: true, encoding: .utf8)
      #expect(try await martlet.run("run", "-i", "hosts", "-e", "home=\(home)", "site.yml").status == 2)
      try text.write(toFile: "\(home)/\(file)", atomically: true, encoding: .utf8)
      let refused = try await martlet.run("resume")
      #expect(refused.status == 1 && refused.stderr.contains(message) && refused.stderr.contains("--yes goes on"), "\(refused.stderr)")
      #expect(lines(home, "lines") == ["appended", "included"])
      // Once it is told so, it goes on from what there is now.
      #expect(try await martlet.run("resume", "--yes").stderr.contains(message))
      #expect(!(try await martlet.run("resume").stderr.contains(message)))
    }
  }

  @Test func `a plan that was cut off is not resumed, and the way out is told`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      try "- {hosts: all, connection: local, gather_facts: no, tasks: [{command: 'false'}]}\n"
        .write(toFile: "\(home)/fails.yml", atomically: true, encoding: .utf8)
      #expect(try await martlet.run("plan", "-i", "here,", "fails.yml", "-o", "fails.plan").status == 0)
      let applied = try await martlet.run("apply", "fails.plan")
      #expect(applied.status != 0, "\(applied.stdout)\(applied.stderr)")
      let refused = try await martlet.run("resume")
      #expect(refused.status == 1 && refused.stderr.contains("was `martlet apply`"), "\(refused.stderr)")
      #expect(refused.stderr.contains("make a new plan"), "\(refused.stderr)")
      // An undo that did not end well is called again: it is not what is gone on with.
      #expect(try await martlet.run("run", "-i", "here,", "-e", "home=\(home)", "site.yml").status == 2)
      #expect(try await martlet.run("undo", "last", "-i", "here,", "-e", "ansible_host=127.0.0.1", "-e", "ansible_port=1").status == 4)
      let resumed = try await martlet.run("resume")
      #expect(resumed.stderr.contains("steps are done"), "\(resumed.stderr)")
    }
  }

  @Test func `what steps registered is in the state folder, but not as text`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try prepared(home)
      let runbook = """
        - hosts: all
          connection: local
          gather_facts: no
          tasks:
            - { shell: echo s3cret-of-a-host, register: hidden, no_log: true }
            - command: test -e {{ home }}/gate
            - shell: echo {{ hidden.stdout }} > {{ home }}/last
              no_log: true
        """
      try runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      _ = try await martlet.run("run", "-i", "here,", "-e", "home=\(home)", "site.yml")
      for name in ["martlet.db", "martlet.db-wal"] {
        let bytes = FileManager.default.contents(atPath: "\(home)/state/martlet/\(name)") ?? Data()
        #expect(bytes.range(of: Data("s3cret-of-a-host".utf8)) == nil, "\(name)")
      }
      try "".write(toFile: "\(home)/gate", atomically: true, encoding: .utf8)
      let resumed = try await martlet.run("resume")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(lines(home, "last") == ["s3cret-of-a-host"])
    }
  }

  private func prepared(_ home: String, before name: String = "", slow: Bool = false) throws -> MartletProgram {
    let step = "- name: slow\n      shell: echo slow >> {{ home }}/slow; sleep 20\n    - name: \(name)"
    let runbook = slow ? Self.runbook.replacing("- name: \(name)", with: step) : Self.runbook
    try runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
    try "- shell: echo included >> {{ home }}/lines\n".write(toFile: "\(home)/more.yml", atomically: true, encoding: .utf8)
    return MartletProgram(home: home)
  }

  private func lines(_ home: String, _ name: String) -> [String] {
    let text = FileManager.default.contents(atPath: "\(home)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    return text.split(separator: "\n").map(String.init)
  }
}
