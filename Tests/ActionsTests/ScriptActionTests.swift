import Foundation
import Model
import Testing

@testable import Actions

struct ScriptActionTests {
  @Test func `a script runs with its words and leaves nothing behind`() async throws {
    try await ActionBench.with { bench in
      try bench.write("#!/bin/sh\necho \"$0\" >\"$3\"\necho \"hi $1 $2\"\necho err >&2\n", to: "files/s.sh")
      let result = try await bench.run("script", ["cmd": "s.sh a 'b c' {dir}/self"])
      #expect(result.status == .changed && result.fields["stdout"] == "hi a b c\n", "\(result)")
      #expect(result.fields["stderr_lines"] == ["err"] && result.fields["rc"] == 0)
      let own = try #require(bench.read("host/self")).dropLast()
      #expect(own.hasSuffix("/s.sh") && !FileManager.default.fileExists(atPath: String(own)))
    }
  }

  @Test func `a script that fails says how, and is removed too`() async throws {
    try await ActionBench.with { bench in
      try bench.write("#!/bin/sh\necho \"$0\" >\"$1\"\nexit 3\n", to: "files/s.sh")
      let result = try await bench.run("script", ["cmd": "s.sh {dir}/self"])
      #expect(result.status == .failed && result.fields["rc"] == 3 && result.message == "non-zero return code")
      let own = try #require(bench.read("host/self")).dropLast()
      #expect(!FileManager.default.fileExists(atPath: String(own)))
    }
  }

  @Test func `creates, removes and check mode keep it from running`() async throws {
    try await ActionBench.with { bench in
      try bench.write("#!/bin/sh\n: >\"$1\"\n", to: "files/s.sh")
      let created = try await bench.run("script", ["cmd": "s.sh {dir}/ran", "creates": "{dir}"])
      #expect(created.status == .skipped && created.message == "\(bench.folder)/host exists, matching creates option")
      let removed = try await bench.run("script", ["cmd": "s.sh {dir}/ran", "removes": "{dir}/none"])
      #expect(removed.status == .skipped)
      bench.isCheck = true
      #expect(try await bench.run("script", ["cmd": "s.sh {dir}/ran"]).status == .skipped)
      #expect(try await bench.run("script", ["cmd": "s.sh {dir}/ran", "creates": "{dir}/none"]).status == .changed)
      #expect(bench.tree("host").isEmpty)
    }
  }

  @Test func `executable and chdir are honoured`() async throws {
    try await ActionBench.with { bench in
      try bench.write("echo \"$BASH_VERSION\" | grep -c .; pwd", to: "files/no-first-line")
      let result = try await bench.run("script", ["cmd": "no-first-line", "executable": "bash", "chdir": "/usr"])
      #expect(result.fields["stdout_lines"] == ["1", "/usr"], "\(result)")
      let relative = try await bench.run("script", ["cmd": "no-first-line", "chdir": "usr"])
      #expect(relative.message == "chdir usr must be an absolute path for a Unix-aware remote node")
    }
  }

  @Test(arguments: [
    ("a.sh", "a.sh", ""), ("  a.sh  x 'y'", "a.sh", "  x 'y'"), ("'my script.sh' --all", "my script.sh", " --all"),
    (#"my\ script.sh"#, "my script.sh", ""), (#""a b"/c d"#, "a b/c", " d"),
  ])
  func `the first word is the script`(text: String, name: String, words: String) throws {
    let command = try ScriptCommand(text)
    #expect(command.name == name && command.words == words)
  }
}
