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
