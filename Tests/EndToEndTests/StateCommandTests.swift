import Foundation
import Support
import Testing

/// What runs leave behind: drift, undo, facts, graphs, canaries; on this machine as the host.
struct StateCommandTests {
  /// In place: the file keeps its mode.
  private func write(_ text: String, _ path: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
  private func read(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func runbook(_ home: String, second: Bool = true) throws {
    let further = second ? "\n    - {name: two, copy: {content: 'two', dest: '\(home)/two'}}" : ""
    try write(
      """
      - hosts: all
        connection: local
        gather_facts: false
        tasks:
          - {name: one, copy: {content: 'new', dest: '\(home)/one', mode: '0600'}}\(further)
      """, "\(home)/site.yml")
  }

  @Test func `drift tells a changed, a missing and an orphaned file, with who left it`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try runbook(home)
      #expect(try await martlet.run("drift", "-i", "here,", "-c", "local").stdout.contains("nothing is managed yet"))
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      let clean = try await martlet.run("drift", "-i", "here,", "-c", "local")
      #expect(clean.status == 0 && clean.stdout.contains("2 as left"), "\(clean.stdout)\(clean.stderr)")
      try write("by hand", "\(home)/one")
      try FileManager.default.removeItem(atPath: "\(home)/two")
      let drifted = try await martlet.run("drift", "-i", "here,", "-c", "local")
      #expect(drifted.status == 2, "\(drifted.stdout)\(drifted.stderr)")
      #expect(drifted.stdout.contains("here  drifted  file \(home)/one  (content differs)"), "\(drifted.stdout)")
      #expect(drifted.stdout.contains("here  missing  file \(home)/two"), "\(drifted.stdout)")
      #expect(drifted.stdout.contains("task 'one' (site.yml:5)") && drifted.stdout.contains("changed by "), "\(drifted.stdout)")
      try runbook(home, second: false)
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      let orphaned = try await martlet.run("drift", "-i", "here,", "-c", "local", "--json")
      #expect(orphaned.status == 2 && orphaned.stdout.contains("\"orphaned\": 1"), "\(orphaned.stdout)")
    }
  }

  @Test func `undo restores what a run replaced, removes what it made, and leaves what was changed since`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try runbook(home)
      try write("old", "\(home)/one")
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      #expect(try read("\(home)/one") == "new")
      let check = try await martlet.run("undo", "last", "-i", "here,", "-c", "local", "--check")
      #expect(check.stdout.contains("would restore \(home)/one"), "\(check.stdout)\(check.stderr)")
      #expect(try read("\(home)/one") == "new")
      let run = try await martlet.run("history").stdout.split(separator: "\n").dropFirst().first { $0.contains("site.yml") }
      let name = String(try #require(run?.split(separator: " ").first))
      try write("by hand", "\(home)/two")
      let undone = try await martlet.run("undo", name, "-i", "here,", "-c", "local")
      #expect(undone.status == 2, "\(undone.stdout)\(undone.stderr)")
      #expect(undone.stdout.contains("restored \(home)/one") && undone.stdout.contains("left \(home)/two: it was changed after the run"))
      #expect(try read("\(home)/one") == "old")
      #expect(try read("\(home)/two") == "by hand")
    }
  }

  @Test func `undo gives back what a file held, whatever its other name has become since`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try runbook(home, second: false)
      try write("old", "\(home)/one")
      try FileManager.default.linkItem(atPath: "\(home)/one", toPath: "\(home)/other")
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      try write("by hand", "\(home)/other")
      let undone = try await martlet.run("undo", "last", "-i", "here,", "-c", "local")
      #expect(undone.status == 0, "\(undone.stdout)\(undone.stderr)")
      #expect(try read("\(home)/one") == "old" && read("\(home)/other") == "by hand")
    }
  }

  @Test func `undo gives back modes, links and what a link had replaced, and removes folders and links that a run made`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try write("text", "\(home)/kept")
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: "\(home)/kept")
      try FileManager.default.createSymbolicLink(atPath: "\(home)/old-link", withDestinationPath: "kept")
      try write("was a file", "\(home)/file")
      try write(
        """
        - hosts: all
          connection: local
          gather_facts: false
          tasks:
            - file: {path: '\(home)/kept', mode: '0600'}
            - file: {path: '\(home)/kept', mode: '0400'}
            - copy: {content: text, dest: '\(home)/kept', mode: '0444'}
            - file: {path: '\(home)/a/b', state: directory}
            - copy: {content: text, dest: '\(home)/a/b/c'}
            - file: {path: '\(home)/touched', state: touch}
            - file: {path: '\(home)/new-link', src: kept, state: link}
            - file: {path: '\(home)/old-link', src: touched, state: link}
            - file: {path: '\(home)/file', src: kept, state: link, force: true}
            - file: {path: '\(home)/hard', src: '\(home)/kept', state: hard}
        """, "\(home)/site.yml")
      let run = try await martlet.run("run", "-i", "here,", "site.yml")
      #expect(run.status == 0, "\(run.stdout)\(run.stderr)")
      let check = try await martlet.run("undo", "last", "-i", "here,", "-c", "local", "--check")
      let undone = try await martlet.run("undo", "last", "-i", "here,", "-c", "local")
      #expect(undone.status == 0, "\(undone.stdout)\(undone.stderr)")
      #expect(check.stdout.replacing("would restore", with: "restored").replacing("would remove", with: "removed") == undone.stdout)
      let mode = try FileManager.default.attributesOfItem(atPath: "\(home)/kept")[.posixPermissions] as? Int
      #expect(mode == 0o640, "\(undone.stdout)")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(home)/old-link") == "kept")
      #expect(try read("\(home)/file") == "was a file")
      #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "\(home)/file")) == nil)
      for name in ["a", "touched", "new-link", "hard"] { #expect(!FileManager.default.fileExists(atPath: "\(home)/\(name)"), "\(name)") }
    }
  }

  @Test func `undo names what can't be taken back, and what is not empty, and can be asked again`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try FileManager.default.createDirectory(atPath: "\(home)/tree", withIntermediateDirectories: false)
      try write("text", "\(home)/tree/file")
      func runbook(_ content: String) throws {
        try write(
          """
          - hosts: all
            connection: local
            gather_facts: false
            tasks:
              - copy: {content: \(content), dest: '\(home)/one'}
              - file: {path: '\(home)/tree', recurse: true, mode: 'u=rwX,g=rX,o='}
              - file: {path: '\(home)/folder', state: directory}
          """, "\(home)/site.yml")
      }
      try write("old", "\(home)/one")
      try runbook("first")
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      let first = String(try #require(try await martlet.run("history").stdout.split(separator: "\n").last?.split(separator: " ").first))
      try runbook("second")
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      try write("", "\(home)/folder/in the way")
      let early = try await martlet.run("undo", first, "-i", "here,", "-c", "local")
      #expect(early.status == 2 && early.stdout.contains("left \(home)/one: it was changed after the run"), "\(early.stdout)\(early.stderr)")
      #expect(early.stdout.contains("left \(home)/folder: Directory not empty"), "\(early.stdout)")
      #expect(early.stdout.contains("left \(home)/tree: owners and modes of what is in it were changed"), "\(early.stdout)")
      #expect(try await martlet.run("undo", "last", "-i", "here,", "-c", "local").status == 0)
      #expect(try read("\(home)/one") == "first")
      try FileManager.default.removeItem(atPath: "\(home)/folder/in the way")
      let later = try await martlet.run("undo", first, "-i", "here,", "-c", "local")
      #expect(later.stdout.contains("restored \(home)/one") && later.stdout.contains("removed \(home)/folder"), "\(later.stdout)")
      #expect(try read("\(home)/one") == "old")
    }
  }

  @Test func `undo finds what root kept for a user who logs in otherwise, with no_log and after later runs too`() async throws {
    let fleet = try await TestFleet.running()
    guard fleet.kind == .nspawn else { return }
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      _ = try await fleet.onHost("h1", "echo old >/etc/martlet-undo")
      var runs: [String] = []
      for content in ["first", "second"] {
        try write(
          """
          - hosts: h1
            become: true
            gather_facts: false
            tasks: [{copy: {content: "\(content)\\n", dest: /etc/martlet-undo}, no_log: true}]
          """, "\(home)/site.yml")
        let ending = try await martlet.run("run", "-i", fleet.inventory, "--wait", "120", "site.yml")
        #expect(ending.status == 0, "\(ending.stdout)\(ending.stderr)")
        let newest = try await martlet.run("history").stdout.split(separator: "\n").dropFirst().first
        runs.append(String(try #require(newest?.split(separator: " ").first)))
      }
      for (name, content) in zip(runs.reversed(), ["first", "old"]) {
        let undone = try await martlet.run("undo", name, "-i", fleet.inventory, "--wait", "120")
        #expect(undone.status == 0 && undone.stdout.contains("restored /etc/martlet-undo"), "\(undone.stdout)\(undone.stderr)")
        #expect(try await fleet.onHost("h1", "cat /etc/martlet-undo; ").stdout.contains(content))
      }
      _ = try await fleet.onHost("h1", "rm /etc/martlet-undo")
    }
  }

  @Test func `undo fails where nothing was kept of what a run changed; asked again, it knows that all is done`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try runbook(home)
      #expect(try await martlet.run("run", "-i", "here,", "site.yml").status == 0)
      let run = String(try #require(try await martlet.run("history").stdout.split(separator: "\n").last?.split(separator: " ").first))
      let undo = ["undo", run, "-i", "here,", "-c", "local"]
      #expect(try await martlet.run(words: undo).status == 0)
      let again = try await martlet.run(words: undo)
      #expect(again.status == 0 && again.stdout.contains("is undone already"), "\(again.stdout)")
      let kept = geteuid() == 0 ? "/var/lib/martlet/undo/\(run)" : "\(home)/.local/state/martlet/undo/\(run)"
      try FileManager.default.removeItem(atPath: kept)
      let lost = try await martlet.run(words: undo)
      #expect(lost.status == 2 && lost.stdout.contains("nothing of run \(run) is kept here"), "\(lost.stdout)\(lost.stderr)")
    }
  }

  @Test func `a canary that does not become well leaves the other hosts as they are`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      func runbook(_ condition: String) throws {
        try write(
          """
          - hosts: all
            connection: local
            gather_facts: false
            serial: 1
            canary: {until: "\(condition)", timeout: 0.3, delay: 0.1}
            tasks:
              - {copy: {content: 'x', dest: '\(home)/{{ inventory_hostname }}'}, register: done}
          """, "\(home)/site.yml")
      }
      try runbook("done is changed and lookup('pipe', 'echo no') == 'yes'")
      let stopped = try await martlet.run("run", "-i", "a,b,c,", "site.yml")
      #expect(stopped.status == 2, "\(stopped.stdout)\(stopped.stderr)")
      #expect((stopped.stdout + stopped.stderr).contains("after a; the other 2 hosts are left as they are"), "\(stopped.stdout)\(stopped.stderr)")
      #expect(stopped.stdout.contains("canary: a done; "), "\(stopped.stdout)")
      #expect(FileManager.default.fileExists(atPath: "\(home)/a") && !FileManager.default.fileExists(atPath: "\(home)/b"))
      try runbook("done is defined")
      #expect(try await martlet.run("run", "-i", "a,b,c,", "site.yml").status == 0)
      #expect(FileManager.default.fileExists(atPath: "\(home)/c"))
      try write("- {hosts: all, canary: {pauze: 1}}\n", "\(home)/site.yml")
      #expect(try await martlet.run("run", "-i", "a,", "site.yml").stderr.contains("did you mean 'pause'?"))
    }
  }

  @Test func `facts are gathered once, then come from the cache; graph draws edges`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      let first = try await martlet.run("facts", "all", "-i", "here,", "-c", "local")
      #expect(first.status == 0 && first.stdout.contains("ansible_kernel"), "\(first.stdout)\(first.stderr)")
      #expect(try await martlet.run("facts", "all", "-i", "here,", "-c", "local", "--max-age", "1h").status == 0)
      #expect(try await martlet.run("history").stdout.split(separator: "\n").count == 2)
      #expect(try await martlet.run("facts", "all", "-i", "here,", "--history", "kernel").stdout.hasPrefix("here\n"))
      try write(
        """
        - hosts: all
          tasks:
            - {name: ask, command: uptime, register: answer, notify: tell}
            - {name: use, debug: {msg: "{{ answer.stdout }}"}}
          handlers:
            - {name: tell, debug: {msg: told}}
        """, "\(home)/site.yml")
      let graph = try await martlet.run("graph", "-i", "here,", "site.yml")
      #expect(graph.stdout.contains("uses answer of 2") && graph.stdout.contains("notified by 2"), "\(graph.stdout)\(graph.stderr)")
      let dot = try await martlet.run("graph", "-i", "here,", "site.yml", "--format", "dot")
      #expect(dot.stdout.hasPrefix("digraph") && dot.stdout.contains("t2 -> t3 [label=\"answer\", style=dashed];"), "\(dot.stdout)")
    }
  }

  @Test func `a graph has the edges that a run goes by, and the times of the last run of its runbook`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      try write(
        """
        - hosts: all
          connection: local
          gather_facts: false
          vars: {port: "{{ base.stdout }}"}
          tasks:
            - {name: base, command: echo 80, register: base, id: base, needs: []}
            - {name: apart, command: echo apart, id: apart, needs: []}
            - {name: indirect, command: "echo {{ port }}", needs: [apart]}
            - {name: last, command: echo last}
        - hosts: all
          connection: local
          gather_facts: false
          tasks: [{name: second, command: sleep 0.1}]
        """, "\(home)/site.yml")
      let graph = try await martlet.run("graph", "-i", "here,", "site.yml")
      #expect(
        graph.stdout == """
          PLAY all  (site.yml:1)
              1  base  [command]
              2  apart  [command]
                   waits for no task
              3  indirect  [command]
                   needs 2
                   uses base of 1
              4  last  [command]

          PLAY all  (site.yml:10)
              5  second  [command]

          """)
      try write("- {hosts: all, connection: local, gather_facts: false, tasks: [{command: echo other}]}", "\(home)/other.yml")
      let none = try await martlet.run("graph", "-i", "here,", "site.yml", "--run", "last")
      #expect(none.status == 1 && none.stderr.contains("there is no run of site.yml yet"), "\(none.stderr)")
      for runbook in ["site.yml", "other.yml"] { #expect(try await martlet.run("run", "-i", "here,", runbook).status == 0) }
      let timed = try await martlet.run("graph", "-i", "here,", "site.yml", "--run", "last")
      #expect(timed.stdout.contains("> 5\n") && timed.stdout.contains(" s on here"), "\(timed.stdout)\(timed.stderr)")
      let mermaid = try await martlet.run("graph", "-i", "here,", "site.yml", "--run", "last", "--format", "mermaid")
      // Which of the first two took longer decides whether this edge is drawn as part of the critical path.
      #expect(mermaid.stdout.contains("t4 ==> t5") && mermaid.stdout.contains("|\"base\"| t3"), "\(mermaid.stdout)")
      let other = String(try #require(try await martlet.run("history").stdout.split(separator: "\n").dropFirst().first?.prefix(23)))
      let wrong = try await martlet.run("graph", "-i", "here,", "site.yml", "--run", other.trimmingCharacters(in: .whitespaces))
      #expect(wrong.status == 1 && wrong.stderr.contains("ran no task of this graph"), "\(wrong.stdout)\(wrong.stderr)")
    }
  }
}
