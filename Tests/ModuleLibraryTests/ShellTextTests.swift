import Model
import ModuleLibrary
import Testing

@Suite struct ShellTextTests {
  @Test(arguments: [
    ("/etc/x", "/etc/x"), ("~/a b", "~/'a b'"), ("~", "~"), ("~joe/x", "~joe/x"), ("~$(id)/x", "'~$''(id)/x'"),
    ("$HOME/x", #""${HOME-\$HOME}"/x"#), ("${HOME}x", #""${HOME-\${HOME\}}"x"#), ("a$", "'a$'"), ("it's", #"'it'\''s'"#),
  ])
  func `a path keeps its home and variables for the host, and nothing else`(path: String, word: String) {
    #expect(ShellText.path(path) == word)
  }

  @Test func `lists and dicts nest as quoted words`() {
    #expect(ShellText.argument(["a b", 1, true, ["x"]], option: nil) == #"''\''a b'\'' 1 true x'"#)
    #expect(ShellText.argument(["k": "v w"], option: nil) == #"'k '\''v w'\'''"#)
  }

  @Test(arguments: [
    ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("a\r\nb\rc\n\n", ["a", "b", "c", ""]), ("é\r", ["é"]),
    ("\n\r", ["", ""]),
  ])
  func `output is cut at the line ends that commands print`(text: String, lines: [String]) {
    #expect(ShellModule.lines(of: text) == lines)
  }
}
