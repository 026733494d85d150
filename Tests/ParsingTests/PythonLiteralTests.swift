import Model
import Parsing
import Testing

struct PythonLiteralTests {
  static let literals: [(String, String)] = [
    ("1", "1"), ("-1", "-1"), ("+ 2", "2"), ("00", "0"), ("1_000", "1000"), ("0x_fF", "255"), ("0o17", "15"),
    ("0b11", "3"),
    ("99999999999999999999", "99999999999999999999"), ("1.", "1.0"), (".5", "0.5"), ("1E-3", "0.001"),
    ("1_0.0_1", "10.01"),
    ("True", "true"), ("None # c", "null"), ("'a' \"b\"", "\"ab\""), ("'it\\'s'", "\"it's\""),
    ("'\\x41\\101\\u0042'", "\"AAB\""),
    ("r'\\d'", #""\\d""#), ("b'x'", "\"x\""), ("'''t'''", "\"t\""), ("()", "[]"), ("(1)", "1"), ("(1,)", "[1]"),
    ("1, 2", "[1, 2]"),
    ("1,", "[1]"), ("[1, [2,],]", "[1, [2]]"), ("{1: 'a', 'b': [True]}", #"{"1": "a", "b": [true]}"#),
    ("{1, 2, 1}", "[1, 2]"),
    ("{}", "{}"), ("set()", "[]"), ("...", "\"...\""), ("3j", "\"3j\""), ("1-2j", "\"(1-2j)\""), ("1e999", "Infinity"),
  ]

  @Test(arguments: literals)
  func `what Python's literal_eval reads is read alike`(text: String, json: String) {
    #expect(PythonLiteral.value(of: text)?.json == json)
  }

  static let others = [
    "", "foo", "yes", "true", "0644", "1_", "_1", "1__0", "0xg", "1e", "--1", "-True", "1+2", "10.0.0.1", "1 2",
    "12abc", "[1", "1]",
    "{1: }", "{1, 2: 3}", "{[1]: 2}", "'open", "'a' b'b'", "f'x'", "Truex", "a=1", "{{ x }}", "*a", "\\", "'\\ud800'",
    "'\\xg'", "b'é'",
    "set(1)", String(repeating: "[", count: 100_000),
  ]

  @Test(arguments: others)
  func `all other text means itself`(text: String) {
    #expect(PythonLiteral.value(of: text) == nil)
  }
}
