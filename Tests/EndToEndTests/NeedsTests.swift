import Foundation
import Support
import Testing

/// Tasks ordered by `needs`.
struct NeedsTests {
  private func run(_ tasks: String, _ more: String...) async throws -> ChildProcess.Ending {
    try await ScratchFolder.with { home in
      let text = "- hosts: all\n  connection: local\n  gather_facts: no\n  tasks:\n" + tasks
      try text.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      return try await MartletProgram(home: home).run("run", "-i", "here,", "-e", "home=\(home)", "site.yml")
    }
  }

  @Test func `independent tasks of a host run side by side, and are shown in written order`() async throws {
    // Each waits for a file that the next one makes: one after the other they would never end.
    var tasks = ""
    for task in 1...4 {
      tasks += """
            - name: task \(task)
              shell: touch {{ home }}/\(task); for i in $(seq 200); do [ -e {{ home }}/\(task % 4 + 1) ] && exit 0; sleep 0.05; done; exit 1
              needs: []

        """
    }
    let ending = try await run(tasks + "    - { name: last, command: 'true' }\n")
    #expect(ending.status == 0, "\(ending.stdout)\(ending.stderr)")
    let shown = ending.stdout.split(separator: "\n").filter { $0.hasPrefix("TASK") || $0.hasPrefix("changed") }
      .map { $0.prefix { $0 != "*" } }
    let expected = ["task 1", "task 2", "task 3", "task 4", "last"].flatMap { ["TASK [\($0)] ", "changed: [here]"] }
    #expect(shown.map(String.init) == expected)
  }

  @Test func `a task comes after what it uses, though it does not say so`() async throws {
    let ending = try await run(
      """
          - { shell: sleep 0.5; echo seen, register: made, needs: [] }
          - { debug: { msg: "{{ made.stdout }}" }, needs: [] }

      """)
    #expect(ending.status == 0 && ending.stdout.contains("\"msg\": \"seen\""), "\(ending.stdout)\(ending.stderr)")
  }

  @Test func `a cycle is told with its path, an unknown id with the one that was meant`() async throws {
    let cycle = try await run("    - { command: 'true', id: a, needs: [b] }\n    - { command: 'true', id: b, needs: [a] }\n")
    #expect(cycle.status == 4 && cycle.stderr.contains("tasks wait for each other: a -> b -> a"), "\(cycle.stderr)")
    let unknown = try await run("    - { command: 'true', id: fetch }\n    - { command: 'true', needs: [fecth] }\n")
    #expect(unknown.status == 4 && unknown.stderr.contains("did you mean 'fetch'?"), "\(unknown.stderr)")
  }
}

/// Plays ordered by `needs`.
struct PlayNeedsRunTests {
  /// Each play waits for a file that the other makes: one after the other they would never end.
  private static func play(_ id: String, waitsFor other: String, hosts: String, needs: String) -> String {
    """
    - { name: play \(id), id: \(id), needs: \(needs), hosts: \(hosts), connection: local, gather_facts: no, tasks: [
        { name: wait in \(id), shell: "touch {{ home }}/\(id); for i in $(seq 200); do [ -e {{ home }}/\(other) ] && exit 0; sleep 0.05; done; exit 1" },
        { name: end of \(id), command: "true" } ] }

    """
  }

  private func run(_ plays: String, hosts: String = "a,b", _ more: String...) async throws -> ChildProcess.Ending {
    try await ScratchFolder.with { home in
      try plays.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      return try await MartletProgram(home: home).run(words: ["run", "-i", "\(hosts),", "-e", "home=\(home)", "site.yml"] + more)
    }
  }

  @Test(arguments: [[], ["--forks", "2"]] as [[String]])
  func `independent plays run side by side, and what needs both comes after them`(more: [String]) async throws {
    let plays = Self.play("one", waitsFor: "two", hosts: "a", needs: "[]") + Self.play("two", waitsFor: "one", hosts: "b", needs: "[]")
      + "- { name: last, hosts: all, connection: local, gather_facts: no, needs: [one, two], tasks: [ { command: 'true' } ] }\n"
    let ending = try await ScratchFolder.with { home in
      try plays.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      return try await MartletProgram(home: home).run(words: ["run", "-i", "a,b,", "-e", "home=\(home)", "site.yml"] + more)
    }
    #expect(ending.status == 0, "\(ending.stdout)\(ending.stderr)")
    // A play's results stand below its own banner.
    var play = "", found: [String] = []
    for line in ending.stdout.split(separator: "\n") {
      if line.hasPrefix("PLAY [") { play = String(line.dropFirst(6).prefix { $0 != "]" }) }
      if line.hasPrefix("changed: [") { found.append("\(play) \(line.dropFirst(10).prefix { $0 != "]" })") }
    }
    #expect(found.sorted() == ["last a", "last b", "play one a", "play one a", "play two b", "play two b"])
    #expect(found.suffix(2).allSatisfy { $0.hasPrefix("last") })
  }

  @Test func `plays that share a host run one after the other there`() async throws {
    let lock = "mkdir {{ home }}/lock && sleep 0.3 && rmdir {{ home }}/lock"
    let plays = (1...3).map {
      "- { name: p\($0), needs: [], hosts: a, connection: local, gather_facts: no, tasks: [ { shell: '\(lock)' } ] }\n"
    }
    let ending = try await run(plays.joined(), hosts: "a,b")
    #expect(ending.status == 0, "\(ending.stdout)\(ending.stderr)")
  }

  @Test func `a circle of plays is told with its path before anything runs`() async throws {
    let ending = try await run(
      "- { hosts: all, id: a, needs: [b], tasks: [] }\n- { hosts: all, id: b, needs: [a], tasks: [] }\n")
    #expect(ending.status == 4 && ending.stderr.contains("plays wait for each other: a -> b -> a"), "\(ending.stderr)")
  }
}
