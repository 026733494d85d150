import Foundation
import Support
import Testing

/// Surroundings that users have and developers have not.
struct UserEnvironmentTests {
  private static let hello = """
    - hosts: localhost
      gather_facts: no
      tasks:
        - debug: {msg: hello}
    """

  private func shell(_ home: String, _ command: String) async throws -> ChildProcess.Ending {
    let environment = ["MARTLET_MODULES": "\(SourceTree.root)/Modules", "MARTLET": MartletProgram.path, "PATH": "/usr/bin:/bin"]
    return try await ChildProcess.run("/bin/sh", ["-c", command], environment: environment, directory: home)
  }

  @Test(arguments: ["2>&1 | true", ">&- 2>&-", "2>&-", ">&-"])
  func `mistakes that nobody reads end with their status, not with a crash`(_ redirection: String) async throws {
    try await ScratchFolder.with { home in
      try "- hosts: localhost\n  tsks: []\n".write(toFile: "\(home)/bad.yml", atomically: true, encoding: .utf8)
      let command = "{ HOME=. $MARTLET run bad.yml; echo $? >status; } \(redirection)"
      _ = try await shell(home, command)
      #expect(try String(contentsOfFile: "\(home)/status", encoding: .utf8) == "4\n")
    }
  }

  @Test func `a closed standard output does not become the state database`() async throws {
    try await ScratchFolder.with { home in
      try Self.hello.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await shell(home, "export HOME=$PWD; $MARTLET run site.yml >&- && $MARTLET history && $MARTLET show")
      #expect(ending.status == 0, "\(ending.stderr)")
      #expect(ending.stdout.contains("site.yml"))
    }
  }

  @Test func `without HOME the home of the user's account counts`() async throws {
    try await ScratchFolder.with { home in
      let ending = try await shell(home, "unset HOME; $MARTLET config dump | grep ROLES_PATH")
      #expect(ending.status == 0, "\(ending.stderr)")
      #expect(ending.stdout.contains("/.ansible/roles"))
      #expect(!ending.stdout.contains("~"))
    }
  }

  @Test func `text that is not UTF-8 is told with its line and a way out`() async throws {
    try await ScratchFolder.with { home in
      try Data("- hosts: localhost\n  name: gr\u{fc}n\n".unicodeScalars.map { UInt8($0.value) }).write(to: URL(fileURLWithPath: "\(home)/a.yml"))
      let ending = try await MartletProgram(home: home).run("run", "a.yml")
      #expect(ending.status == 4)
      #expect(ending.stderr.contains("line 2 has the byte 0xfc"))
      #expect(ending.stderr.contains("iconv"))
    }
  }

  @Test func `where no modules are installed, that is said`() async throws {
    try await ScratchFolder.with { home in
      try Self.hello.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await shell(home, "cp $MARTLET martlet && MARTLET_MODULES=nowhere HOME=$PWD ./martlet run site.yml")
      #expect(ending.stderr.contains("no modules are installed: looked in nowhere"))
      #expect(ending.stderr.contains("MARTLET_MODULES"))
    }
  }

  @Test func `pause waits for as long as it says`() async throws {
    try await ScratchFolder.with { home in
      let runbook = """
        - hosts: localhost
          gather_facts: no
          tasks:
            - pause: {seconds: 1}
              register: a
            - pause: seconds=1.5
              register: b
            - pause: {minutes: x}
              register: c
              ignore_errors: true
            - debug: {msg: "{{ [a.stdout, a.delta > 0, b.stdout, b.delta > 0, c.msg] }}"}
        """
      try runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await MartletProgram(home: home).run("run", "site.yml")
      #expect(ending.status == 0)
      for text in ["Paused for 1.0 seconds", "'minutes' must be a number, not x"] { #expect(ending.stdout.contains(text)) }
      #expect(ending.stdout.components(separatedBy: " true,").count == 3)
    }
  }

  @Test func `a missing inventory says what a list of hosts looks like, and a script that can't run says why`() async throws {
    try await ScratchFolder.with { home in
      try Self.hello.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      try "#!/bin/sh\necho\n".write(toFile: "\(home)/hosts.sh", atomically: true, encoding: .utf8)
      let martlet = MartletProgram(home: home)
      let missing = try await martlet.run("run", "-i", "nope", "site.yml")
      #expect(missing.stderr.contains("nope as an inventory source\n  there is no such file; a host list needs a comma"))
      let script = try await martlet.run("run", "-i", "hosts.sh", "site.yml")
      #expect(script.stderr.contains("hosts.sh begins with '#!' but is not executable"))
      #expect(script.stderr.contains("chmod +x"))
    }
  }

  @Test func `the difference of a thing's state has no header that says before twice`() async throws {
    try await ScratchFolder.with { home in
      let runbook = "- hosts: localhost\n  gather_facts: no\n  tasks:\n    - file: {path: \(home)/new, state: touch}\n"
      try runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let ending = try await MartletProgram(home: home).run("run", "--diff", "site.yml")
      #expect(ending.stdout.contains("--- before\n+++ after\n"))
    }
  }

  @Test func `the first Ctrl-C ends a step that waits for its next attempt`() async throws {
    try await ScratchFolder.with { home in
      let runbook = """
        - hosts: localhost
          gather_facts: no
          tasks:
            - command: test -e nowhere
              retries: 100
              delay: 600
        """
      try runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let run = try MartletProgram(home: home).start("run", "site.yml")
      try await run.waitForOutput("FAILED - RETRYING")
      run.signal(SIGINT)
      let ending = await run.ending()
      #expect(ending.status == 99)
      #expect(ending.stdout.contains("failed=1"))
    }
  }
}
