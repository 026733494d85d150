import Foundation
import Support
import Testing

/// `on_failure: rollback`, on this machine as the hosts.
struct RollbackTests {
  @Test func `a host that fails takes its changes back, newest first; the other keeps them`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try FileManager.default.createDirectory(atPath: "\(home)/a", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: "\(home)/b", withIntermediateDirectories: true)
      for host in ["a", "b"] { try "old".write(toFile: "\(home)/\(host)/settings", atomically: true, encoding: .utf8) }
      try """
        - hosts: all
          connection: local
          gather_facts: false
          on_failure: rollback
          vars: {here: '\(home)/{{ inventory_hostname }}'}
          tasks:
            - {name: settings, copy: {content: new, dest: '{{ here }}/settings'}}
            - name: first
              shell: echo first >> {{ here }}/log
              rollback: [{shell: 'echo not first >> {{ here }}/log'}]
            - name: second
              shell: echo second >> {{ here }}/log
              rollback: [{shell: 'echo not second >> {{ here }}/log'}]
            - {name: breaks, command: "false", when: inventory_hostname == 'a'}
            - {name: last, shell: 'echo last >> {{ here }}/log'}
        """.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await martlet.run("run", "-i", "a,b,", "site.yml")
      #expect(ending.status == 2, "\(ending.stdout)\(ending.stderr)")
      func text(_ path: String) throws -> String { try String(contentsOfFile: "\(home)/\(path)", encoding: .utf8) }
      #expect(try text("a/log") == "first\nsecond\nnot second\nnot first\n", "\(ending.stdout)")
      #expect(try text("a/settings") == "old", "\(ending.stdout)")
      #expect(try text("b/log") == "first\nsecond\nlast\n")
      #expect(try text("b/settings") == "new")
    }
  }

  @Test func `hosts of one machine that change files at the same moment each keep their own for undo`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      let hosts = (1...12).map { "h\($0)" }
      for host in hosts { try "old".write(toFile: "\(home)/\(host)", atomically: true, encoding: .utf8) }
      try """
        - hosts: all
          connection: local
          gather_facts: false
          on_failure: rollback
          tasks:
            - copy: {content: new, dest: '\(home)/{{ inventory_hostname }}'}
            - command: "false"
        """.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await martlet.run("run", "--forks", "12", "-i", hosts.joined(separator: ",") + ",", "site.yml")
      #expect(ending.status == 2, "\(ending.stdout)\(ending.stderr)")
      for host in hosts {
        #expect(try String(contentsOfFile: "\(home)/\(host)", encoding: .utf8) == "old", "\(host): \(ending.stdout)")
      }
    }
  }

  /// Files of a host under `home`: settings that a copy replaces, a log that commands append to.
  private func resumable(_ home: String) throws -> MartletProgram {
    for wait in ["seconds", "rollback"] { try write("0", "\(home)/\(wait)") }
    try "old".write(toFile: "\(home)/settings", atomically: true, encoding: .utf8)
    try """
      - hosts: all
        connection: local
        gather_facts: false
        on_failure: rollback
        tasks:
          - {name: settings, copy: {content: new, dest: '\(home)/settings'}}
          - name: log
            shell: echo done >> \(home)/log
            rollback: [{name: not log, shell: 'echo taken back >> \(home)/log; sleep $(cat \(home)/rollback)'}]
          - {name: unlogged, shell: 'echo once >> \(home)/once'}
          - {name: waits, shell: 'sleep $(cat \(home)/seconds); test -e \(home)/gate', changed_when: false, retry_safe: true}
      """.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
    return MartletProgram(home: home)
  }

  private func write(_ text: String, _ path: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
  private func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func kill(_ child: ChildProcess, at title: String) async throws {
    try await child.waitForOutput("TASK [\(title)]")
    try await Task.sleep(for: .milliseconds(300))
    child.signal(SIGKILL)
    _ = await child.ending()
  }

  @Test func `a resumed run that fails takes back what was changed before it died`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try resumable(home)
      try write("20", "\(home)/seconds")
      try await kill(try martlet.start("run", "-i", "here,", "site.yml"), at: "waits")
      try write("0", "\(home)/seconds")
      let resumed = try await martlet.run("resume")
      #expect(resumed.status == 2, "\(resumed.stdout)\(resumed.stderr)")
      #expect(try read("\(home)/settings") == "old", "\(resumed.stdout)")
      #expect(try read("\(home)/log") == "done\ntaken back\n")
    }
  }

  @Test func `what a rollback took back is done again when the run is resumed, and only that`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try resumable(home)
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 2)
      #expect(try read("\(home)/settings") == "old")
      try write("", "\(home)/gate")
      let resumed = try await martlet.run("resume")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(try read("\(home)/settings") == "new", "\(resumed.stdout)")
      #expect(try read("\(home)/log") == "done\ntaken back\ndone\n")
      #expect(try read("\(home)/once") == "once\n")
    }
  }

  @Test func `a step whose rollback was under way when the controller died is named as in doubt`() async throws {
    try await ScratchFolder.with { home in
      let martlet = try resumable(home)
      try write("20", "\(home)/rollback")
      try await kill(try martlet.start("run", "-i", "here,", "site.yml"), at: "not log")
      try write("0", "\(home)/rollback")
      try write("", "\(home)/gate")
      let asked = try await martlet.run("resume")
      #expect(asked.status == 1 && asked.stderr.contains("here: log (shell, "), "\(asked.stdout)\(asked.stderr)")
      let resumed = try await martlet.run("resume", "--in-doubt", "skip")
      #expect(resumed.status == 0, "\(resumed.stdout)\(resumed.stderr)")
      #expect(try read("\(home)/log") == "done\ntaken back\n")
      #expect(try read("\(home)/settings") == "new")
    }
  }
}
