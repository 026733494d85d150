import Foundation
import Model
import Testing

@testable import Actions

struct TemplateActionTests {
  @Test(arguments: ["a\n\n\n", "a\n", "a", "{{ 1 }}\n\n", "\n", ""])
  func `line breaks at the end are the source's`(text: String) async throws {
    try await ActionBench.with { bench in
      try bench.write(text, to: "templates/t.j2")
      let first = try await bench.run("template", ["src": "t.j2", "dest": "{dir}/out"])
      #expect(first.status == .changed && bench.read("host/out") == text.replacing("{{ 1 }}", with: "1"), "\(first)")
      #expect(try await bench.run("template", ["src": "t.j2", "dest": "{dir}/out"]).status == .ok)
    }
  }

  @Test func `included and imported templates are found beside it and in its folders`() async throws {
    try await ActionBench.with { bench in
      try bench.write("A{% include 'inc.j2' %}{% from 'lib/mac.j2' import m %}{{ m(name) }}\n", to: "templates/t.j2")
      try bench.write("[{{ name }}]", to: "templates/inc.j2")
      try bench.write("{% macro m(x) %}<{{ x }}>{% endmacro %}", to: "templates/lib/mac.j2")
      try bench.write("{% include '../secret' %}", to: "templates/out.j2")
      try bench.write("secret", to: "secret")
      bench.variables = ["name": "{{ no }}"]
      let result = try await bench.run("template", ["src": "t.j2", "dest": "{dir}/out"])
      #expect(bench.read("host/out") == "A[{{ no }}]<{{ no }}>\n", "\(result)")
      #expect(try await bench.run("template", ["src": "out.j2", "dest": "{dir}/x"]).status == .failed)
    }
  }

  @Test(arguments: [
    ("latin-1", [0xE9]), ("iso-8859-15", [0xE9]), ("utf-8", [0xC3, 0xA9]), ("cp1252", [0xE9]), ("utf-16-le", [0xE9, 0]),
  ] as [(String, [UInt8])])
  func `the output has the encoding that was asked for`(encoding: String, bytes: [UInt8]) throws {
    #expect(try TextEncoding(encoding).encoded("é") == bytes)
  }

  @Test(arguments: ["ascii", "klingon"]) func `what can't be encoded is refused`(encoding: String) {
    #expect(throws: ActionFailure.self) { try TextEncoding(encoding).encoded("aé") }
  }

  @Test func `check mode writes nothing`() async throws {
    try await ActionBench.with { bench in
      try bench.write("x", to: "templates/t.j2")
      bench.isCheck = true
      #expect(try await bench.run("template", ["src": "t.j2", "dest": "{dir}/out"]).status == .changed)
      #expect(bench.tree("host").isEmpty)
    }
  }
}
