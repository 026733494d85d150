import Model
import Support
import Testing
import YAML

struct YAMLDocumentsTests {
  private func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) -> (value: Value?, diagnostics: [String]) {
    let marked = MarkedText(text)
    var diagnostics = Diagnostics()
    let node = YAMLDocuments.parseSingle(marked.file(), into: &diagnostics, limits: limits)
    return (node?.value(), marked.lines(of: diagnostics))
  }

  @Test func `nodes know their place`() throws {
    var diagnostics = Diagnostics()
    let file = SourceFile(path: "a.yml", text: "- name: x\n  copy: {src: \"ä b\", mode: '0644'}\n")
    let task = try #require(YAMLDocuments.parseSingle(file, into: &diagnostics)?.items?.first)
    let mode = try #require(task["copy"]?["mode"]).span
    #expect(mode.description == "a.yml:2:28")
    #expect(mode.length == 6)
    #expect(task["copy"]?.span.description == "a.yml:2:9")
  }

  @Test func `merge keys come first and own keys win`() {
    let found = parse("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  y: 9\n  <<: [*a, *b]\n")
    #expect(found.value?["c"] == ["y": 9, "z": 4, "x": 1])
    #expect(found.value?["c"]?.dict.map { Array($0.keys) } == ["y", "z", "x"])
    #expect(found.diagnostics == [])
  }

  @Test func `a key given twice warns and the last one counts`() {
    let found = parse("a: 1\nb: 2\n1️⃣a: 3\n'1': x\n1: y\n")
    #expect(found.value == ["a": 3, "b": 2, "1": "x", 1: "y"])
    #expect(found.diagnostics == ["1️⃣ warning: Found duplicate mapping key 'a': it is already given in line 1 [the last one counts: remove one]"])
  }

  @Test func `a key given twice among many warns too`() {
    let keys = (1...40).map { "k\($0): \($0)\n" }.joined()
    let found = parse(keys + "1️⃣k7: last\n")
    #expect(found.value?["k7"] == "last")
    #expect(found.diagnostics == ["1️⃣ warning: Found duplicate mapping key 'k7': it is already given in line 7 [the last one counts: remove one]"])
  }

  @Test func `aliases repeat what their anchor holds`() {
    #expect(parse("a: &x [1, 2]\nb: *x\n").value == ["a": [1, 2], "b": [1, 2]])
  }

  static let mistakes: [(String, String)] = [
    ("a:\n1️⃣\tb: 1\n", "1️⃣ error: a tab cannot indent YAML [use spaces]"),
    ("a: 1️⃣{{ x }}\n", "1️⃣ error: a value that starts with '{{' must be quoted [write it as \"{{ … }}\"]"),
    ("- a: 1️⃣{{ x }}/bin\n", "1️⃣ error: a value that starts with '{{' must be quoted [write it as \"{{ … }}\"]"),
    (
      "a: echo b1️⃣: c\n",
      "1️⃣ error: a text with ': ' in it must be quoted, or this line is indented too far [quote the whole "
        + "value, or align the key with its neighbours]"
    ),
    (
      "a:\n  - 1️⃣'b' and c\n",
      "1️⃣ error: a value that starts with a quote ends with that quote, but here more follows [put the whole "
        + "value into the other kind of quotes]"
    ),
    (
      "a: 1️⃣*nowhere\n",
      "1️⃣ error: alias '*nowhere' refers to no anchor [put '&nowhere' at the value it "
        + "stands for, above it]"
    ),
    ("a: &a [1️⃣*a]\n", "1️⃣ error: alias '*a' stands inside what it refers to"),
    (
      "a: 1️⃣!Ref b\n",
      "1️⃣ error: unknown tag '!Ref' [known are !vault, !unsafe and YAML's own; quote a text that starts with '!']"
    ),
    (
      "a: 1️⃣2024-13-45\n",
      "1️⃣ error: '2024-13-45' looks like a date but there is no such day or time [quote it if it is a text]"
    ),
    ("a: 1️⃣!!int b\n", "1️⃣ error: 'b' cannot be read as tag:yaml.org,2002:int"),
    ("1️⃣[a, b]: 1\n", "1️⃣ error: a list cannot be the key of a mapping"),
    (
      "a: {<<: 1️⃣b}\n",
      "1️⃣ error: '<<' takes a mapping or a list of mappings, not a string [refer to one by an alias, such as "
        + "'<<: *defaults']"
    ),
    ("a: \"b1️⃣\u{1}\"\n", "1️⃣ error: control characters are not allowed [write them as escapes in a \"…\" text]"),
    (
      "a: 1\n---\n1️⃣b: 1\n",
      "1️⃣ error: a second document starts in this file [it may hold only one: remove the '---' before this line]"
    ),
    (
      "a: [1, 2\nb1️⃣: 3\n",
      "1️⃣ error: did not find expected ',' or ']', while parsing a flow sequence that "
        + "starts in line 1"
    ),
    ("a: 1️⃣\"b\nc: d\n", "1️⃣ error: this quote is never closed [close it where the value ends]"),
    (
      "- a: 1\n  b: 2\n 1️⃣c: 3\n",
      "1️⃣ error: did not find expected '-' indicator, while parsing a block collection that starts in line 1 [this line is indented by 1, "
        + "the one it should be in line with (1) by 0]"
    ),
  ]

  @Test func `a byte order mark does not make the first line another column`() {
    let found = parse("\u{FEFF}- a: 1\n  b: 2\n- c\n")
    #expect(found.value == [["a": 1, "b": 2], "c"])
    #expect(found.diagnostics == [])
  }

  @Test(arguments: mistakes)
  func `a mistake is shown where it stands`(_ text: String, _ expected: String) {
    #expect(parse(text).diagnostics == [expected])
  }

  @Test func `billions of laughs end in a message`() {
    let levels = (1...9).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]\n"
    }
    let found = parse("a0: &a0 x\n" + levels.joined())
    #expect(found.diagnostics.count == 1)
    #expect(found.diagnostics.first?.contains("aliases repeat more than 2000000 values") == true)
  }

  @Test func `a deep nest ends in a message`() {
    let found = parse(String(repeating: "[", count: 5000))
    #expect(found.diagnostics == ["1:201 error: lists and mappings are nested more than 200 deep"])
  }

  @Test func `a file that is JSON reads as JSON`() {
    let found = parse(
      "{\"a\": 1e3, \"b\": \"\\ud83d\\ude00\\/\",\t\"c\": [null, true, -0, 1.5, \"on\"], \"a\": "
        + "0.5e-3}")
    #expect(found.value == ["a": 0.0005, "b": "😀/", "c": [nil, true, 0, 1.5, "on"]])
    #expect(found.diagnostics == [])
  }

  @Test func `all documents of a stream are read`() {
    var diagnostics = Diagnostics()
    let documents = YAMLDocuments.parse(SourceFile(path: "a.yml", text: "--- 1\n--- [2]\n---\n"), into: &diagnostics)
    #expect(documents.map { $0.value() } == [1, [2], nil])
  }
}
