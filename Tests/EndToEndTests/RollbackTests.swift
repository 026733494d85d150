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
}
