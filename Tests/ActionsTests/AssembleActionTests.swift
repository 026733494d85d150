import Model
import Testing

@testable import Actions

struct AssembleActionTests {
  @Test(arguments: [
    (["a\n", "b"], nil, "a\nb"), (["a", "b"], nil, "a\nb"), (["a\n", "b"], "--", "a\n--\nb"), (["a", "b"], #"#\n"#, "a\n#\nb"),
    ([], "--", ""), (["", "b"], nil, "b"),
  ] as [([String], String?, String)])
  func `fragments are joined`(fragments: [String], delimiter: String?, whole: String) {
    #expect(Assembly(delimiter: delimiter).joined(fragments.map { Array($0.utf8) }) == Array(whole.utf8))
  }

  @Test func `files of a folder on the host become one, in the order of their names`() async throws {
    try await ActionBench.with { bench in
      for (name, text) in [("20-b", "two\n"), ("10-a", "one\n"), (".hidden", "no\n"), ("9 x", "nine\n")] {
        try bench.write(text, to: "host/parts/\(name)")
      }
      let arguments: Value.Dict = [
        "src": "{dir}/parts", "dest": "{dir}/whole", "ignore_hidden": true, "regexp": #"^\d+-"#, "mode": "0600",
      ]
      let first = try await bench.run("assemble", arguments)
      #expect(first.status == .changed && bench.read("host/whole") == "one\ntwo\n", "\(first)")
      #expect(bench.mode("host/whole") == 0o600)
      #expect(try await bench.run("assemble", arguments).status == .ok)
    }
  }

  @Test func `a folder that is not there is a failure`() async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run("assemble", ["src": "/no/such", "dest": "{dir}/whole"])
      #expect(result.message == "Source (/no/such) does not exist")
    }
  }

  @Test func `check mode writes nothing`() async throws {
    try await ActionBench.with { bench in
      try bench.write("one", to: "files/parts/1")
      bench.isCheck = true
      let result = try await bench.run("assemble", ["src": "parts", "dest": "{dir}/whole", "remote_src": false])
      #expect(result.status == .changed && bench.tree("host").isEmpty, "\(result)")
    }
  }
}
