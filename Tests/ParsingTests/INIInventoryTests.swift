import Model
import Parsing
import Testing

struct INIInventoryTests {
  static let shapes: [(String, [String])] = [
    ("a\nb\n", ["ungrouped: a b"]),
    ("# x\n; y\n\n  a  \n", ["ungrouped: a"]),
    ("a\n[web]\nb\na\n", ["web: b a"]),
    ("[web] # the shop\nweb[01:05:2].example # some\n", ["web: web01.example web03.example web05.example"]),
    ("[web]\nw[a:c]x[0:1]\n", ["web: wax0 wax1 wbx0 wbx1 wcx0 wcx1"]),
    ("[p:children]\nb\na\n[a]\nx\n[b]\ny\n", ["p: a/ b/", "a: x", "b: y"]),
    ("[p:children] # c\na # c\n[a:children]\nb\n[b]\n", ["p: a/", "a: b/", "b: "]),
    ("[w:vars]\nx=1\n[w]\na\n", ["w: a"]),
    ("a#comment\r\n[w]\r\nb\r\n", ["ungrouped: a", "w: b"]),
    ("\u{FEFF}a\n[w]\nb\n", ["ungrouped: a", "w: b"]),
  ]

  @Test(arguments: shapes)
  func `groups, children and hosts keep their order`(text: String, groups: [String]) async throws {
    let read = try await ReadInventory(text)
    #expect(read.groups == groups)
    #expect(read.diagnostics == [])
  }

  static let hostLines: [(String, String)] = [
    ("h a=1 b=\"1\" c='\"1\"'", #"{"a": 1, "b": 1, "c": "1"}"#),
    ("h a=yes b=True c=None d=true", #"{"a": "yes", "b": true, "c": null, "d": "true"}"#),
    ("h a=0644 b=0x1F c=1.50 d=1e3", #"{"a": "0644", "b": 31, "c": 1.5, "d": 1000.0}"#),
    ("h a='[1, \"x\"]' b='{\"k\": (1, 2)}'", #"{"a": [1, "x"], "b": {"k": [1, 2]}}"#),
    ("h a=x=y b= c=10.0.0.1", #"{"a": "x=y", "b": "", "c": "10.0.0.1"}"#),
    ("h a='two words' b=two\\ words # c", #"{"a": "two words", "b": "two words"}"#),
    ("h a='{{ b }}' c=\"{{ d }} e\"", #"{"a": "template {{ b }}", "c": "template {{ d }} e"}"#),
    ("h:2222 a=1", #"{"ansible_port": 2222, "a": 1}"#),
    ("h:2222 ansible_port=1", #"{"ansible_port": 1}"#),
    ("h a=1\nh b=2\n[w]\nh a=3", #"{"a": 3, "b": 2}"#),
  ]

  @Test(arguments: hostLines)
  func `values on host lines are split as in a shell, then read as Python literals`(text: String, json: String) async throws {
    #expect(try await ReadInventory(text).variables(of: "h") == json)
  }

  static let groupLines: [(String, String)] = [
    ("a=1", #"{"a": 1}"#), ("a=\"1\"", #"{"a": "1"}"#), ("a = x # c", #"{"a": "x # c"}"#), ("a = 1 # c", #"{"a": 1}"#),
    ("a='x' 'y'", #"{"a": "xy"}"#), ("a=[1,", #"{"a": "[1,"}"#), ("a=", #"{"a": ""}"#),
    ("a={{ x }}", #"{"a": "template {{ x }}"}"#), ("a=\"{{ x }}\"", #"{"a": "template {{ x }}"}"#),
    ("a=[\"{{ x }}\", 1]", #"{"a": ["template {{ x }}", 1]}"#), ("ansible_group_priority=7\na=b=c", #"{"a": "b=c"}"#),
  ]

  @Test(arguments: groupLines)
  func `values of groups are Python literals of the whole rest of the line`(line: String, json: String) async throws {
    #expect(try await ReadInventory("[g]\n[g:vars]\n\(line)\n").variables(ofGroup: "g") == json)
  }

  @Test func `IPv6 hosts need brackets for a port`() async throws {
    let read = try await ReadInventory("[2001:db8::1]:2222\n2001:db8::2\n2001:db8::[3:4]\n")
    #expect(read.groups == ["ungrouped: 2001:db8::1 2001:db8::2 2001:db8::3 2001:db8::4"])
    #expect(read.variables(of: "2001:db8::1") == #"{"ansible_port": 2222}"#)
    #expect(read.variables(of: "2001:db8::2") == "{}")
  }

  static let mistakes: [(String, [String])] = [
    (
      "1️⃣[web servers]\n",
      [
        "1️⃣ error: '[web servers]' is no section [a section is [group], [group:children] or [group:vars], without "
          + "spaces]"
      ]
    ),
    ("1️⃣[web\n", ["1️⃣ error: '[web' is no section [a section is [group], [group:children] or [group:vars], without spaces]"]),
    ("[web:1️⃣var]\n", ["1️⃣ error: unknown kind of section 'var' [did you mean 'vars'?]"]),
    ("[1️⃣w:vars]\na=1\n", ["1️⃣ error: variables for group 'w', which no section declares [add a section [w]]"]),
    (
      "[p:children]\n1️⃣web1\n",
      ["1️⃣ error: group 'p' has a child 'web1', which no section declares [add a section [web1]; hosts stand in [p], not in [p:children]]"]
    ),
    (
      "h a=b 1️⃣c d=e\n",
      ["1️⃣ error: expected key=value, got 'c' [quote values that hold spaces: key='two words'; hosts stand on lines of their own]"]
    ),
    ("h a=1️⃣'b\n", ["1️⃣ error: this quote is never closed [close it, or put a backslash before it]"]),
    ("h a=b1️⃣\\\n", ["1️⃣ error: nothing follows this backslash [remove it, or double it]"]),
    (
      "1️⃣web[1\n",
      ["1️⃣ error: a bracket of a host range is missing its partner [a range looks like [1:9], [01:50:2] or [a:f]]"]
    ),
    ("1️⃣web[5:1]\n", ["1️⃣ error: host range begins at '5', after its end '1' [swap the two bounds]"]),
    (
      "1️⃣web[01:100]\n",
      ["1️⃣ error: host range from '01' to '100' has bounds of different width [bounds with leading zeros must be equally long]"]
    ),
    ("1️⃣web[1:9999999]\n", ["1️⃣ error: a host range stands for more than 1000000 hosts [check its bounds]"]),
    ("1️⃣web:\n", ["1️⃣ error: host 'web:' ends in a colon [a port goes behind it, as in web1:2222]"]),
    ("[a:children]\nb\n[b:children]\n1️⃣a\n", [
      "1️⃣ error: group 'a' can't be a child of 'b': it is above it, by a > b [remove one of these links]"
    ]),
    ("[a:children]\n1️⃣a\n", ["1️⃣ error: group 'a' can't be its own child [remove this entry]"]),
    ("[g]\n[g:vars]\n1️⃣novalue\n", [
      "1️⃣ error: expected key=value, got 'novalue' [quote values that hold spaces: key='two words'; hosts stand on lines of their own]"
    ]),
    ("[g]\n[g:vars]\nansible_group_priority=1️⃣high\n", [
      "1️⃣ error: ansible_group_priority is no whole number [write a number such as 10]"
    ]),
    ("h 1️⃣a-b=1\n", [
      "1️⃣ warning: 'a-b' is no valid variable name: templates can't use it by name [use letters, digits and underscores, no digit first]"
    ]),
    ("[1️⃣a-b]\nh\n", [
      "1️⃣ warning: group name 'a-b' holds characters that no variable name can have [use letters, digits and underscores]"
    ]),
    ("web\n[web]\n", [
      "nowhere warning: both a group and a host have the name 'web' [patterns with this name mean the host; rename one of the two]"
    ]),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told with its place and a way out`(text: String, diagnostics: [String]) async throws {
    #expect(try await ReadInventory(text).diagnostics == diagnostics)
  }

  @Test func `all mistakes of a file are told at once`() async throws {
    let read = try await ReadInventory("1️⃣a[\nb 2️⃣c\n[x:3️⃣y]\n")
    #expect(read.diagnostics.map { $0.prefix(1) } == ["1️⃣", "2️⃣", "3️⃣"])
  }

  @Test(arguments: [("always", "a_b"), ("silently", "a_b"), ("ignore", "a-b"), ("never", "a-b")])
  func `force_valid_group_names decides what becomes of odd names`(setting: String, name: String) async throws {
    var options = InventoryOptions()
    options.groupNames = try #require(.init(rawValue: setting))
    let read = try await ReadInventory("[a-b]\nh\n", options: options)
    #expect(read.groups == ["\(name): h"])
    #expect(read.diagnostics.isEmpty == (setting == "silently" || setting == "ignore"))
  }
}
