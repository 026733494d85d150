import Testing

@testable import Parsing

/// Every expectation here was read from ansible-core 2.19's parse_kv.
struct FreeFormTextTests {
  static let commands: [(String, [String: String], String?)] = [
    ("echo hi", [:], "echo hi"),
    ("a=1 b=2", [:], "a=1 b=2"),
    ("echo a=1 chdir=/tmp", ["chdir": "/tmp"], "echo a=1"),
    ("src='a b' dest=\"c d\"", [:], "src='a b' dest=\"c d\""),
    ("x={{ a b }} y", [:], "x={{ a b }} y"),
    ("x=\"{{ a }}\" z={% if a %} b {% endif %}", [:], "x=\"{{ a }}\" z={% if a %} b {% endif %}"),
    ("echo   two  blanks", [:], "echo   two  blanks"),
    ("line one\nline two\n  three", [:], "line one\nline two\n  three"),
    ("echo one \\\n two", [:], "echo one two"),
    ("msg='it\\'s' b=1", [:], "msg='it\\'s' b=1"),
    ("a=b=c", [:], "a=b=c"),
    ("=x", [:], "=x"),
    ("k\\=v w", [:], "k=v w"),
    ("tab=\\t nl=\\n u=\\u00e4 x=\\x41 q=\\q", [:], "tab=\\t nl=\\n u=\\u00e4 x=\\x41 q=\\q"),
    ("creates=/a echo 'creates=/b'", ["creates": "/a"], "echo 'creates=/b'"),
    ("a= b", [:], "a= b"),
    ("msg=\"{{ 'x=y' }}\" c", [:], "msg=\"{{ 'x=y' }}\" c"),
    ("a='b' 'c d'=e", [:], "a='b' 'c d'=e"),
    ("cmd='x' \"a=b c\"", [:], "cmd='x' \"a=b c\""),
    ("  lead a=1  ", [:], "  lead a=1  "),
    ("{{ a }}", [:], "{{ a }}"),
    ("{{ a }}={{ b }}", [:], "{{ a }}={{ b }}"),
    ("ab=\"c'd\" e", [:], "ab=\"c'd\" e"),
    ("{{ x }} {# c d #} y=1", [:], "{{ x }} {# c d #} y=1"),
    ("executable=/bin/bash\nset -e\necho 'a\nb'", ["executable": "/bin/bash"], "set -e\necho 'a\nb'"),
    ("p\u{e4}th=\u{fc} \u{f6}", [:], "p\u{e4}th=\u{fc} \u{f6}"),
  ]

  static let parameters: [(String, [String: String], String?)] = [
    ("echo hi", [:], "echo hi"),
    ("a=1 b=2", ["a": "1", "b": "2"], nil),
    ("echo a=1 chdir=/tmp", ["a": "1", "chdir": "/tmp"], "echo"),
    ("src='a b' dest=\"c d\"", ["src": "a b", "dest": "c d"], nil),
    ("x={{ a b }} y", ["x": "{{ a b }}"], "y"),
    ("x=\"{{ a }}\" z={% if a %} b {% endif %}", ["x": "{{ a }}", "z": "{% if a %}"], "b {% endif %}"),
    ("echo   two  blanks", [:], "echo   two  blanks"),
    ("line one\nline two\n  three", [:], "line one\nline two\n  three"),
    ("echo one \\\n two", [:], "echo one two"),
    ("msg='it\\'s' b=1", ["msg": "it's", "b": "1"], nil),
    ("a=b=c", ["a": "b=c"], nil),
    ("=x", [:], "=x"),
    ("k\\=v w", [:], "k=v w"),
    ("tab=\\t nl=\\n u=\\u00e4 x=\\x41 q=\\q", ["tab": "", "nl": "", "u": "\u{e4}", "x": "A", "q": "\\q"], nil),
    ("creates=/a echo 'creates=/b'", ["creates": "/a", "'creates": "/b'"], "echo"),
    ("a= b", ["a": ""], "b"),
    ("msg=\"{{ 'x=y' }}\" c", ["msg": "{{ 'x=y' }}"], "c"),
    ("a='b' 'c d'=e", ["a": "b", "'c d'": "e"], nil),
    ("cmd='x' \"a=b c\"", ["cmd": "x", "\"a": "b c\""], nil),
    ("  lead a=1  ", ["a": "1"], "  lead"),
    ("{{ a }}", [:], "{{ a }}"),
    ("{{ a }}={{ b }}", ["{{ a }}": "{{ b }}"], nil),
    ("ab=\"c'd\" e", ["ab": "c'd"], "e"),
    ("{{ x }} {# c d #} y=1", ["y": "1"], "{{ x }} {# c d #}"),
    ("executable=/bin/bash\nset -e\necho 'a\nb'", ["executable": "/bin/bash"], "set -e\necho 'a\nb'"),
    ("p\u{e4}th=\u{fc} \u{f6}", ["p\u{e4}th": "\u{fc}"], "\u{f6}"),
  ]

  @Test(arguments: commands)
  func `a command's text gives up its options only`(_ text: String, _ pairs: [String: String], _ raw: String?) throws {
    let form = try FreeFormText(text, isCommand: true)
    #expect(Dictionary(form.pairs.map { ($0.key, $0.value) }) { _, last in last } == pairs)
    #expect(form.raw == raw)
  }

  @Test(arguments: parameters)
  func `any other text gives up all its pairs`(_ text: String, _ pairs: [String: String], _ raw: String?) throws {
    let form = try FreeFormText(text, isCommand: false)
    #expect(Dictionary(form.pairs.map { ($0.key, $0.value) }) { _, last in last } == pairs)
    #expect(form.raw == raw)
  }

  @Test(arguments: ["a='b", "a=\"b", "a={{ b", "{% if x", "x={{ a }"])
  func `what is not closed is refused`(_ text: String) {
    #expect(throws: FreeFormText.Unbalanced.self) { try FreeFormText(text, isCommand: false) }
  }
}
