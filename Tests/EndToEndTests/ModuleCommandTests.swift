import Foundation
import Support
import Testing

/// `martlet module new` and `martlet module test`, as one uses them who writes a module.
@Suite struct ModuleCommandTests {
  private let cases = "Modules/motd/cases/motd.yml"

  private func replace(_ text: String, by other: String, in path: String) throws {
    let old = try String(contentsOfFile: path, encoding: .utf8)
    try #require(old.contains(text))
    try old.replacingOccurrences(of: text, with: other).write(toFile: path, atomically: false, encoding: .utf8)
  }

  private func withModule(_ body: (MartletProgram) async throws -> Void) async throws {
    try await ScratchFolder.with { home in
      let martlet = MartletProgram(home: home)
      #expect(try await martlet.run("module", "new", "motd").status == 0)
      try await body(martlet)
    }
  }

  @Test func `a new module passes its cases on every shell that is here`() async throws {
    try await withModule { martlet in
      let ending = try await martlet.run("module", "test", "Modules/motd/")
      #expect(ending.status == 0, "\(ending)")
      let passed = #/passed (\d+), failed 0, skipped 0, on (.*)\n/#
      let match = try #require(ending.stdout.firstMatch(of: passed), "\(ending)")
      #expect(Int(match.1) == 2 * match.2.split(separator: ", ").count)
    }
  }

  @Test func `a wrong expectation is told with the case's place, and what differed`() async throws {
    try await withModule { martlet in
      try replace("after: {file: {content: \"new", by: "after: {file: {content: \"no", in: "\(martlet.home)/\(cases)")
      let ending = try await martlet.run("module", "test", "Modules/motd", "--shell", "bash")
      #expect(ending.status == 1)
      #expect(ending.stdout == """
        \(cases):1:3: writes the line, on bash: the content of file is "new words\\n", not "no words\\n"
        passed 1, failed 1, skipped 0, on bash\n
        """)
      let one = try await martlet.run(
        "module", "test", "Modules/motd", "--shell", "bash", "--case", "leaves a file that is right")
      #expect(one.status == 0 && one.stdout == "passed 1, failed 0, skipped 0, on bash\n", "\(one)")
    }
  }

  @Test func `mistakes in a case file are all told, and nothing runs`() async throws {
    try await withModule { martlet in
      try replace("args:", by: "arg:", in: "\(martlet.home)/\(cases)")
      try replace("{changed: true, path: \"{dir}/file\"}", by: "yes", in: "\(martlet.home)/\(cases)")
      let ending = try await martlet.run("module", "test", "Modules/motd")
      #expect(ending.status == 1 && ending.stdout == "")
      #expect(ending.stderr.contains("\(cases):2:3: error: a case has no key 'arg'"), "\(ending)")
      #expect(ending.stderr.contains("did you mean 'args'?"))
      #expect(ending.stderr.contains("\(cases):4:11: error: 'result' is "))
    }
  }

  @Test func `an interrupted test leaves nothing of a module that hangs`() async throws {
    try await withModule { martlet in
      let seconds = Int.random(in: 10_000...99_999)
      try replace("_main() {", by: "_main() { sleep \(seconds)", in: "\(martlet.home)/Modules/motd/module.sh")
      let test = try martlet.start("module", "test", "Modules/motd", "--shell", "dash")
      while try await ChildProcess.run("pgrep", ["-f", "^sleep \(seconds)"]).status != 0 { try await Task.sleep(for: .milliseconds(50)) }
      test.signal(SIGINT)
      let ending = await test.ending()
      #expect(ending.status == 99 && ending.stderr.contains("interrupted in 'writes the line' on dash"), "\(ending)")
      #expect(try await ChildProcess.run("pgrep", ["-f", "^sleep \(seconds)"]).status == 1)
    }
  }

  @Test func `a text that the shell can't read is told in the shell's words`() async throws {
    try await withModule { martlet in
      try replace("_main() {", by: "_main() { echo 'unfinished", in: "\(martlet.home)/Modules/motd/module.sh")
      let ending = try await martlet.run("module", "test", "Modules/motd", "--shell", "bash")
      #expect(ending.status == 1)
      #expect(ending.stdout.hasPrefix("Modules/motd: not run on bash: "), "\(ending)")
      #expect(ending.stdout.hasSuffix("passed 0, failed 2, skipped 0, on bash\n"))
    }
  }
}
