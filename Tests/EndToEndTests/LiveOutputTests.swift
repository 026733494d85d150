import Foundation
import Support
import Testing

/// What long commands print is seen while they run: on a terminal, which `script` stands for.
@Suite(.enabled(if: access("/usr/bin/script", X_OK) == 0, "no script(1) for a terminal"))
struct LiveOutputTests {
  private static let runbook = """
    - hosts: all
      connection: local
      gather_facts: no
      tasks:
        - name: long
          shell: echo one; sleep 0.4; printf 'two \\033[31mred\\n'; sleep 0.4; echo three >&2
        - name: hidden
          shell: echo hush; sleep 0.4
          no_log: true
    """

  private func run(_ flags: String) async throws -> String {
    try await ScratchFolder.with { home in
      try Self.runbook.write(toFile: "\(home)/site.yml", atomically: true, encoding: .utf8)
      let command = "exec '\(MartletProgram.path)' run -i here, site.yml \(flags)"
      let environment = [
        "HOME": home, "XDG_STATE_HOME": "\(home)/state", "MARTLET_MODULES": "\(SourceTree.root)/Modules", "TERM": "xterm",
        "SHELL": "/bin/sh", "NO_COLOR": "1",
      ]
      let ending = try await ChildProcess.run(
        "/usr/bin/script", ["-qec", command, "/dev/null"], environment: environment, directory: home)
      #expect(ending.status == 0, "\(ending.stdout)")
      return ending.stdout
    }
  }

  @Test func `the line that says what runs ends in the command's last line`() async throws {
    let output = try await run("")
    let (first, second) = (try #require(output.range(of: "› one")), try #require(output.range(of: "› two \\x1b[31mred")))
    let end = try #require(output.range(of: "changed: [here]"))
    #expect(first.lowerBound < second.lowerBound && second.lowerBound < end.lowerBound)
    #expect(!output.contains("hush") && !output.contains("\u{1B}[31m"))
  }

  @Test func `with -v every line is shown as it comes`() async throws {
    let output = try await run("-v")
    let end = try #require(output.range(of: "changed: [here]"))
    for line in ["here | one", "here | two \\x1b[31mred", "here | three"] {
      let shown = try #require(output.range(of: line), "\(output)")
      #expect(shown.lowerBound < end.lowerBound)
    }
    #expect(!output.contains("hush") && !output.contains("\u{1B}[31m"))
  }
}
