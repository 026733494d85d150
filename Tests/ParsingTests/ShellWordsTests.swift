import Parsing
import Testing

struct ShellWordsTests {
  static let lines: [(String, [String])] = [
    ("a b\tc", ["a", "b", "c"]), ("'a b' \"c d\"", ["a b", "c d"]), ("a'b'\"c\"", ["abc"]), ("''", [""]), ("", []),
    (#"a\ b"#, ["a b"]), (#""a\"b\\c\d""#, [#"a"b\c\d"#]), (#"'a\b'"#, [#"a\b"#]), (#"\"x\""#, ["\"x\""]),
    ("a#b", ["a#b"]),
    ("-o ProxyCommand=\"ssh -W %h:%p j\"", ["-o", "ProxyCommand=ssh -W %h:%p j"]), ("ü 'é'", ["ü", "é"]),
  ]

  @Test(arguments: lines)
  func `words are split as Python's shlex splits them`(line: String, words: [String]) throws {
    #expect(try ShellWords.split(line) == words)
  }

  @Test(arguments: [("a # b", ["a"]), ("a#b c", ["a"]), ("'#' b", ["#", "b"])])
  func `a comment ends the line where comments count`(line: String, words: [String]) throws {
    #expect(try ShellWords.split(Array(line.utf8)[...], comments: true).map(\.text) == words)
  }

  @Test(arguments: [("a 'b", 2), ("a \"b", 2), ("ab\\", 2), ("\"a\\", 2)])
  func `what is left open is a problem with its place`(line: String, offset: Int) {
    #expect { try ShellWords.split(line) } throws: { ($0 as? ShellWords.Problem)?.offset == offset }
  }
}
