import Foundation
import Support
import Testing

/// `exec`, `inventory`, `config`, `doc`, `schema` and `template`, as a user runs them.
@Suite struct ExecCommandTests {
  private func with(_ body: (MartletProgram, String) async throws -> Void) async throws {
    try await ScratchFolder.with { home in
      try """
        [web]
        a ansible_connection=local
        b ansible_connection=local size=2
        [web:vars]
        port=80
        """.write(toFile: "\(home)/inv", atomically: false, encoding: .utf8)
      try await body(MartletProgram(home: home), home)
    }
  }

  @Test func `a module runs on each host of the pattern`() async throws {
    try await with { martlet, _ in
      let ping = try await martlet.run("exec", "-i", "inv", "web:!b", "-m", "ping")
      #expect(ping.stdout == "a | SUCCESS => {\n    \"changed\": false,\n    \"ping\": \"pong\"\n}\n")
      #expect(ping.status == 0)
      let echo = try await martlet.run("exec", "-i", "inv", "a", "-a", "echo hi there")
      #expect(echo.stdout == "a | CHANGED | rc=0 >>\nhi there\n")
      let json = try await martlet.run("exec", "-i", "inv", "b", "-m", "debug", "-a", "{\"msg\": \"size {{ size }}\"}")
      #expect(json.stdout == "b | SUCCESS => {\n    \"msg\": \"size 2\"\n}\n")
    }
  }

  @Test func `exit statuses are ansible's`() async throws {
    try await with { martlet, _ in
      let failed = try await martlet.run("exec", "-i", "inv", "a", "-m", "shell", "-a", "echo out; exit 3")
      #expect(failed.status == 2)
      #expect(failed.stdout.hasSuffix("a | FAILED | rc=3 >>\noutnon-zero return code\n"))
      #expect(try await martlet.run("exec", "-i", "inv", "a").status == 5)
      let nobody = try await martlet.run("exec", "-i", "inv", "nobody", "-m", "ping")
      #expect(nobody.status == 0)
      #expect(nobody.stderr.contains("No hosts matched, nothing to do"))
      #expect(try await martlet.run("exec", "-i", "inv", "all", "--list-hosts").stdout == "  hosts (2):\n    a\n    b\n")
    }
  }

  @Test func `inventories print as ansible-inventory prints them`() async throws {
    try await with { martlet, _ in
      let list = try await martlet.run("inventory", "-i", "inv", "--list", "--limit", "b")
      #expect(list.status == 0, "\(list.stderr)")
      #expect(list.stdout.contains("\"size\": 2"))
      #expect(!list.stdout.contains("\"a\""))
      let graph = try await martlet.run("inventory", "-i", "inv", "--graph")
      #expect(graph.stdout == "@all:\n  |--@ungrouped:\n  |--@web:\n  |  |--a\n  |  |--b\n")
      let host = try await martlet.run("inventory", "-i", "inv", "--host", "b", "--yaml")
      #expect(host.stdout == "ansible_connection: local\nport: 80\nsize: 2\n")
      #expect(try await martlet.run("inventory", "-i", "inv").status != 0)
    }
  }

  @Test func `settings show value and origin`() async throws {
    try await with { martlet, home in
      try "[defaults]\nforks = 7\n".write(toFile: "\(home)/ansible.cfg", atomically: false, encoding: .utf8)
      let dump = try await martlet.run("config", "dump", "--only-changed", environment: ["ANSIBLE_TIMEOUT": "3"])
      let lines = dump.stdout.split(separator: "\n").map(String.init)
      let file = try #require(lines.first { $0.hasPrefix("CONFIG_FILE() = ") }?.dropFirst("CONFIG_FILE() = ".count))
      #expect(file.hasSuffix("/ansible.cfg"))
      #expect(lines.contains("DEFAULT_FORKS(\(file)) = 7"))
      #expect(lines.contains("DEFAULT_TIMEOUT(env: ANSIBLE_TIMEOUT) = 3"))
      #expect(!dump.stdout.contains("(default)"))
    }
  }

  @Test func `pages, lists and the schema come from the modules there are`() async throws {
    try await with { martlet, _ in
      #expect(try await martlet.run("doc", "copy").stdout.hasPrefix("> copy, ansible.builtin.copy\n"))
      #expect(try await martlet.run("doc", "--list").stdout.contains("\nlineinfile "))
      let wrong = try await martlet.run("doc", "lineinfil")
      #expect(wrong.stderr == "[ERROR]: there is no module 'lineinfil': did you mean 'lineinfile'?\n")
      let schema = try await martlet.run("schema")
      #expect(try JSONSerialization.jsonObject(with: Data(schema.stdout.utf8)) is [String: Any])
    }
  }

  @Test func `a template renders as its host would get it`() async throws {
    try await with { martlet, _ in
      let arguments = ["template", "-", "-i", "inv", "--host", "b", "-e", "name=Ana"]
      let ending = try await martlet.run(arguments, stdin: "{{ name }}: {{ port + size }}\n")
      #expect(ending.stdout == "Ana: 82\n", "\(ending.stderr)")
      let wrong = try await martlet.run(["template", "-"], stdin: "first\n{{ nam }}\n")
      #expect(wrong.status == 1)
      #expect(wrong.stderr.contains("<stdin>:2:"))
    }
  }
}

extension MartletProgram {
  fileprivate func run(_ arguments: [String], stdin: String) async throws -> ChildProcess.Ending {
    try await ChildProcess.run(
      Self.path, arguments, environment: ["HOME": home, "MARTLET_MODULES": "\(SourceTree.root)/Modules"], directory: home,
      stdin: stdin, deadlineSeconds: 60)
  }
}
