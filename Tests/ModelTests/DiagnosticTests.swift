import Testing

@testable import Model

@Suite struct DiagnosticTests {
  private let file = SourceFile(path: "site.yml", text: "- hosts: all\n\tmod: é = \"0644\"\nlast")

  private func span(_ line: Int, _ column: Int, length: Int = 1) -> SourceSpan {
    SourceSpan(file: file, line: line, column: column, length: length)
  }

  @Test func `a diagnostic shows its line with carets under the place, and advice`() {
    let diagnostic = Diagnostic.error("unknown keyword 'hosts'", advice: "did you mean 'host'?", at: span(1, 3, length: 5))
    #expect(
      diagnostic.description == """
        site.yml:1:3: error: unknown keyword 'hosts'
            1 | - hosts: all
              |   ^^^^^
          did you mean 'host'?
        """)
  }

  @Test func `tabs stay tabs, so that the caret stands right`() {
    let diagnostic = Diagnostic.warning("odd", at: span(2, 7))
    #expect(diagnostic.description == "site.yml:2:7: warning: odd\n    2 | \tmod: é = \"0644\"\n      | \t     ^")
  }

  @Test func `carets end where the line does`() {
    #expect(Diagnostic.error("x", at: span(3, 3, length: 99)).description.hasSuffix("| last\n      |   ^^"))
  }

  @Test(arguments: [(4, 1), (99, 1)])
  func `a place behind the end has no excerpt`(line: Int, column: Int) {
    #expect(Diagnostic.error("x", at: span(line, column)).description == "site.yml:\(line):\(column): error: x")
  }

  @Test func `of a long line only what is around the place is shown`() {
    let long = SourceFile(path: "one-line.json", text: String(repeating: "a", count: 5000) + "X" + String(repeating: "b", count: 5000))
    let lines = Diagnostic.error("x", at: SourceSpan(file: long, line: 1, column: 5001, length: 1)).description.split(separator: "\n")
    #expect(lines[1].count < 180 && lines[1].hasSuffix("b…"))
    #expect(lines[2].prefix { $0 != "^" }.count == lines[1].prefix { $0 != "X" }.count)
  }

  @Test func `without a place there is the message alone`() {
    #expect(Diagnostic.error("no such file", at: nil).description == "error: no such file")
  }

  @Test func `the same message at the same place is kept once`() {
    var diagnostics = Diagnostics()
    diagnostics.add(.warning("a", at: span(1, 1)))
    diagnostics.add(.warning("a", at: span(1, 1)))
    #expect(!diagnostics.hasErrors)
    var others = Diagnostics()
    others.add(.warning("a", at: span(1, 1)))
    others.add(.error("a", at: span(1, 2)))
    diagnostics.add(contentsOf: others)
    #expect(diagnostics.all.map(\.severity) == [.warning, .error])
    #expect(diagnostics.hasErrors)
  }
}
