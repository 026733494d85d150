import Foundation
import Support
import Testing

/// Handlers that were notified in a run that failed.
struct OwedHandlerTests {
  private static let runbook = """
    - name: Web
      hosts: all
      connection: local
      gather_facts: no
      tasks:
        - name: config
          copy: { content: "1", dest: "{{ home }}/config" }
          notify: restart
        - name: gate
          command: test -e {{ home }}/gate
        - meta: flush_handlers
        - name: health
          shell: echo checked >> {{ home }}/lines
      handlers:
        - name: restart
          shell: echo restarted >> {{ home }}/lines; test ! -e {{ home }}/broken
    """

  /// A run in which the handler was notified and the host failed before it could run.
  private func withFailedRun(_ body: (MartletProgram, String) async throws -> Void) async throws {
    try await ScratchFolder.with { home in
      try Self.runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let martlet = MartletProgram(home: home)
      let failed = try await run(martlet, home)
      #expect(failed.status == 2)
      #expect(failed.stderr.contains("here: 'restart', notified by 'config'"), "\(failed.stderr)")
      #expect(try await martlet.run("show").stdout.contains("here: 'restart', notified by 'config'"))
      try "".write(toFile: "\(home)/gate", atomically: true, encoding: .utf8)
      try await body(martlet, home)
    }
  }

  private func run(_ martlet: MartletProgram, _ home: String, _ more: String...) async throws -> ChildProcess.Ending {
    try await martlet.run(words: ["run", "-i", "here,", "-e", "home=\(home)", "site.yml"] + more)
  }

  private func lines(_ home: String) -> [String] {
    ((try? String(contentsOfFile: "\(home)/lines", encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  @Test func `the next run says so and runs it, at the flush after its task; then it is forgotten`() async throws {
    try await withFailedRun { martlet, home in
      let next = try await run(martlet, home)
      #expect(next.status == 0 && next.stderr.contains("here: handler 'restart' is owed since run "), "\(next.stdout)\(next.stderr)")
      #expect(lines(home) == ["restarted", "checked"])
      let last = try await run(martlet, home)
      #expect(last.status == 0 && !last.stderr.contains("owed"), "\(last.stderr)")
      #expect(lines(home) == ["restarted", "checked", "checked"])
    }
  }

  @Test func `resume runs it once, and nothing is owed after that`() async throws {
    try await withFailedRun { martlet, home in
      let resumed = try await martlet.run("resume")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(lines(home) == ["restarted", "checked"])
      let next = try await run(martlet, home)
      #expect(next.status == 0 && !next.stderr.contains("owed"), "\(next.stderr)")
      #expect(lines(home) == ["restarted", "checked", "checked"])
    }
  }

  @Test func `a handler that failed stays owed`() async throws {
    try await withFailedRun { martlet, home in
      try "".write(toFile: "\(home)/broken", atomically: true, encoding: .utf8)
      let broken = try await run(martlet, home)
      #expect(broken.status == 2 && broken.stderr.contains("here: 'restart', notified by 'config'"), "\(broken.stderr)")
      try FileManager.default.removeItem(atPath: "\(home)/broken")
      #expect(try await run(martlet, home).status == 0)
      #expect(lines(home) == ["restarted", "restarted", "checked"])
    }
  }

  @Test func `check mode shows it and changes nothing; ignore, forget and ask do as they say`() async throws {
    try await withFailedRun { martlet, home in
      let checked = try await run(martlet, home, "--check")
      #expect(checked.status == 0 && checked.stdout.contains("RUNNING HANDLER [restart]"), "\(checked.stdout)\(checked.stderr)")
      let ignored = try await run(martlet, home, "--owed-handlers", "ignore")
      #expect(ignored.status == 0 && ignored.stderr.contains("still owed: here: handler 'restart'"), "\(ignored.stderr)")
      let asked = try await run(martlet, home, "--owed-handlers", "ask")
      #expect(asked.status == 1 && asked.stderr.contains("say --owed-handlers run, ignore or forget"), "\(asked.stderr)")
      let forgotten = try await run(martlet, home, "--owed-handlers", "forget")
      #expect(forgotten.status == 0 && forgotten.stderr.contains("forgotten: here: handler 'restart'"), "\(forgotten.stderr)")
      #expect(try await run(martlet, home).status == 0)
      #expect(lines(home) == ["checked", "checked", "checked"])
    }
  }

  @Test func `force_handlers leaves nothing owed`() async throws {
    try await ScratchFolder.with { home in
      try Self.runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let martlet = MartletProgram(home: home)
      let failed = try await run(martlet, home, "--force-handlers")
      #expect(failed.status == 2 && !failed.stderr.contains("notified and did not run"), "\(failed.stderr)")
      #expect(lines(home) == ["restarted"])
    }
  }
}
