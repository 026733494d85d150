import Templating
import Testing

@Suite struct PythonRegexTests {
  @Test(arguments: [
    ("x*", "-", "abxd", "-a-b--d-"), ("(?P<a>b)", "[\\g<a>]", "abc", "a[b]c"),
    (#"(\w+) (\w+)"#, #"\2 \1"#, "hello world", "world hello"),
    ("^", "> ", "a\nb\n", "> a\nb\n"), ("(?m)^", "> ", "a\nb\n", "> a\n> b\n> "), ("$", "!", "a\n", "a!\n!"),
    (#"\Z"#, "!", "a\n", "a\n!"), ("(?i)É", "e", "caféÉ", "cafee"), (#"\d+"#, #"\g<0>0"#, "a1b22", "a10b220"),
    ("[[a]", "x", "[b]a", "xb]x"), ("a{,2}", "-", "aaab", "---b-"), (#"(a)|(b)"#, #"<\1\2>"#, "ab", "<a><b>"),
    (#"\."#, #"\n"#, "a.b", "a\nb"), ("b", #"\\"#, "abc", #"a\c"#),
  ])
  func `replacing is as Python's`(pattern: String, replacement: String, text: String, expected: String) throws {
    #expect(try PythonRegex(pattern).replacing(in: text, with: replacement).text == expected)
  }

  @Test(arguments: ["(?R)", "(*ACCEPT)", #"\K"#, #"\h"#, "(?|a)", "(a", "[a", "*a", #"a\"#])
  func `what Python's re refuses is refused`(pattern: String) {
    #expect(throws: PythonRegexError.self) { try PythonRegex(pattern) }
  }

  @Test(arguments: [#"\q"#, #"\2"#, #"\g<nope>"#])
  func `a wrong replacement is refused`(replacement: String) throws {
    let regex = try PythonRegex("(a)")
    #expect(throws: PythonRegexError.self) { try regex.replacing(in: "a", with: replacement) }
  }

  @Test func `match, search and fullmatch look where Python's do`() throws {
    let regex = try PythonRegex("b+")
    #expect(try regex.match("abb") == nil)
    #expect(try regex.search("abb")?.text == "bb")
    #expect(try regex.fullMatch("bbc") == nil)
    #expect(try regex.fullMatch("bb")?.text == "bb")
  }

  @Test func `a search that would take forever is given up`() throws {
    let regex = try PythonRegex("^(a|aa)+$")
    #expect(throws: PythonRegexError.self) { try regex.search(String(repeating: "a", count: 80) + "b") }
  }

  @Test func `split keeps groups and the text around empty matches`() throws {
    #expect(try PythonRegex("(,)").split("a,b") == ["a", ",", "b"])
    #expect(try PythonRegex("x*").split("axb") == ["", "a", "", "b", ""])
  }
}
