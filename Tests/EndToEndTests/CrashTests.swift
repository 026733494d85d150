import Foundation
import Support
import Testing

/// The controller dies or is interrupted in the middle of a run.
struct CrashTests {
  private static let runbook = """
    - hosts: all
      connection: local
      gather_facts: no
      tasks:
        - name: quick
          command: "true"
        - name: slow step
          shell: touch {{ marker }}; sleep 300
        - name: never reached
          command: "true"
    """

  @Test func `after kill -9 show names the step that was under way`() async throws {
    try await ScratchFolder.with { home in
      let (martlet, child) = try await started(home)
      child.signal(SIGKILL)
      _ = await child.ending()
      let shown = try await martlet.run("show")
      #expect(shown.status == 0, "\(shown.stderr)")
      #expect(shown.stdout.contains("died"))
      let doubt = try #require(shown.stdout.range(of: "in doubt"), "\(shown.stdout)")
      #expect(shown.stdout[doubt.lowerBound...].contains("slow step") || shown.stdout.contains("slow step"))
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func `a full disk under the state folder is told as such`() async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home), state = "\(home)/state/martlet"
      try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
      let mounted = try await ChildProcess.run("/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "full", state])
      // Containers may not be allowed to.
      guard mounted.status == 0 else { return }
      #expect(try await martlet.run("history").status == 0)
      _ = try await ChildProcess.run("/bin/dd", ["if=/dev/zero", "of=\(state)/ballast", "bs=4k"])
      try "- {hosts: all, connection: local, tasks: [{command: 'true'}]}\n".write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let found = [try await martlet.run("history"), try await martlet.run("run", "-i", "here,", "site.yml")]
      _ = try await ChildProcess.run("/bin/umount", [state])
      for ending in found {
        #expect(ending.status == 1 && ending.stderr.contains("is full\n  make room on its disk"), "\(ending.stdout)\(ending.stderr)")
      }
    }
  }

  @Test func `interrupted twice the run ends with status 99, and its command with it`() async throws {
    try await ScratchFolder.with { home in
      let (martlet, child) = try await started(home)
      child.signal(SIGINT)
      try await child.waitForErrors("interrupt again to kill it")
      child.signal(SIGINT)
      let ending = await child.ending()
      #expect(ending.status == 99, "\(ending.stdout)\(ending.stderr)")
      #expect(!ending.isTimedOut)
      #expect(!ending.stdout.contains("never reached"))
      #expect(ending.stdout.contains("interrupted: the command was killed"), "\(ending.stdout)")
      #expect(!ending.stdout.contains("UNREACHABLE"))
      let shown = try await martlet.run("show")
      #expect(shown.stdout.contains("interrupted"), "\(shown.stdout)")
    }
  }

  private func started(_ home: String) async throws -> (MartletProgram, ChildProcess) {
    try Self.runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
    let martlet = MartletProgram(home: home)
    let marker = "\(home)/runs"
    let child = try martlet.start(
      "run", "-i", "here,", "-e", "marker=\(marker)", "\(home)/site.yml", deadlineSeconds: 60)
    try await child.waitForOutput("TASK [slow step]")
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: marker) { try await Task.sleep(for: .milliseconds(50)) }
    return (martlet, child)
  }
}
