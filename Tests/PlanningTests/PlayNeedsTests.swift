import Model
import Parsing
import Planning
import Testing

/// Plays in short words, a runbook to a line: `a` has no needs, `a()` an empty list, `a(b,c)` needs those.
struct PlayNeedsTests {
  private static func plays(_ line: String) -> [Play] {
    line.split(separator: " ").enumerated().map { number, word in
      let file = SourceFile(path: "site.yml", text: "")
      var play = Play(span: SourceSpan(file: file, line: number + 1, column: 1), directory: "/", hosts: .value("all"))
      let parts = word.split(separator: "(", omittingEmptySubsequences: false)
      // Upper case is a name, lower case an id.
      let name = String(parts[0])
      if name.first?.isUppercase == true { play.keywords.name = .value(.string(name)) } else { play.id = name }
      if parts.count > 1 { play.needs = parts[1].dropLast().split(separator: ",").map(String.init) }
      return play
    }
  }

  @Test(arguments: [
    ("a b c", [[], [0], [1]]),
    ("a b() c", [[], [], [0, 1]]),
    ("a b(a) c(a) d", [[], [0], [0], [0, 1, 2]]),
    ("A b(A)", [[], [0]]),
    ("a(b) b()", [[1], []]),
    ("a() b() c(b,a) d e()", [[], [], [0, 1], [0, 1, 2], []]),
    ("a b / c() d", [[], [0], [0, 1], [2]]),
    ("a / a / b(b2) b2()", [[], [0], [1, 3], [1]]),
  ])
  func `a play comes after what it needs, else after all before it`(text: String, expected: [[Int]]) {
    let needs = PlayNeeds(text.split(separator: "/").map { Self.plays(String($0)) })
    #expect(needs.after == expected)
    #expect(needs.diagnostics.all.isEmpty)
  }

  @Test(arguments: [
    ("a(b) b(a)", "plays wait for each other: a -> b -> a"),
    ("a(c) b(a) c(b)", "plays wait for each other: a -> c -> b -> a"),
    ("a(a)", "plays wait for each other: a -> a"),
    ("a(b) b", "'b' has no 'needs', so it comes after all plays before it"),
    ("a b(x)", "no play of the runbook has the id or name 'x'"),
    ("fetch b(fecth)", "did you mean 'fetch'?"),
    ("A A c(A)", "2 plays have the name 'A'"),
    ("a a", "there is another play with the id 'a'"),
    ("a / b(a)", "no play of the runbook has the id or name 'a'"),
  ])
  func `what can't be is told, a circle with its path`(text: String, expected: String) {
    let needs = PlayNeeds(text.split(separator: "/").map { Self.plays(String($0)) })
    #expect(needs.diagnostics.all.contains { "\($0)".contains(expected) }, "\(needs.diagnostics.all)")
  }
}
