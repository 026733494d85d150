import Foundation
import Support
import Testing

/// What a user meets who makes mistakes: every one told at its place, before any host is touched.
struct BadInputTests {
  @Test func `six mistakes in a runbook are six diagnostics with carets, and exit status 4`() async throws {
    try await ScratchFolder.with { home in
      let runbook = """
        - hosts: localhost
          gather_fact: no
          tasks:
            - name: a module that is not there
              copyy: {src: a, dest: b}
            - name: a parameter that is not there
              file: {path: /tmp/x, staet: touch}
            - name: a parameter missing
              template: {src: a.j2}
            - name: a value that is no choice
              file: {path: /tmp/x, state: present}
            - name: a template that is broken
              debug: {msg: "{{ inventory_hostname "}
            - name: a file that is not there
              import_tasks: nowhere.yml
        """
      try runbook.write(toFile: "\(home)/bad.yml", atomically: true, encoding: .utf8)
      let ending = try await MartletProgram(home: home).run("run", "bad.yml")
      #expect(ending.status == 4)
      #expect(ending.stdout.isEmpty)
      let places = ending.stderr.split(separator: "\n").filter { $0.contains(": error: ") }
      for line in [2, 5, 7, 9, 11, 13, 15] {
        #expect(places.contains { $0.contains("bad.yml:\(line):") }, "line \(line) in \(ending.stderr)")
      }
      #expect(ending.stderr.split(separator: "\n").count { $0.contains("^") } >= 7)
      #expect(ending.stderr.contains("did you mean 'gather_facts'?"))
      #expect(ending.stderr.contains("did you mean 'copy'?"))
      #expect(ending.stderr.contains("did you mean 'state'?"))
    }
  }

  @Test func `an undefined variable fails its host with the nearest name, and the others go on`() async throws {
    try await ScratchFolder.with { home in
      let runbook = """
        - hosts: all
          connection: local
          gather_facts: no
          tasks:
            - debug: {msg: "{{ web_prot }}"}
              when: inventory_hostname == 'a'
            - debug: {msg: "done {{ inventory_hostname }}"}
        """
      try runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await MartletProgram(home: home).run("run", "-i", "a,b,", "-e", "web_port=80", "site.yml")
      #expect(ending.status == 2)
      #expect(ending.stdout.contains("'web_prot' is undefined"))
      #expect(ending.stdout.contains("did you mean 'web_port'?"))
      #expect(ending.stdout.contains("done b"))
      #expect(!ending.stdout.contains("done a"))
    }
  }

  @Test(arguments: [(["run", "--no-such-flag", "x.yml"], 2), (["run", "missing.yml"], 1)] as [([String], Int32)])
  func `a wrong flag is status 2, a missing runbook status 1`(_ arguments: [String], _ status: Int32) async throws {
    try await ScratchFolder.with { home in
      let ending = try await ChildProcess.run(MartletProgram.path, arguments, environment: ["HOME": home], directory: home)
      #expect(ending.status == status)
      #expect(!ending.stderr.isEmpty)
    }
  }
}
