import Model
import Parsing
import Testing

struct YAMLInventoryTests {
  static let text = """
    all:
      hosts:
        top: {v: 012}
      vars: {gv: "{{ x }}"}
      children:
        east:
          hosts:
            e[1:2]:
              port: on
            "h:2222":
          vars: {a: 1, ansible_group_priority: 3}
          children:
            deep:
              children: {deeper: {hosts: e9}}
        west:
          hosts: w1
        none:
    ungrouped:
      hosts: {lone: }
    """

  @Test(arguments: ["hosts.yml", "hosts.yaml", "hosts"])
  func `groups nest, and an empty body is as good as none`(name: String) async throws {
    let read = try await ReadInventory(Self.text, as: name)
    #expect(read.diagnostics == [])
    #expect(read.groups == [
      "ungrouped: lone top", "east: deep/ e1 e2 h", "deep: deeper/", "deeper: e9", "west: w1", "none: ",
    ])
    #expect(read.variables(of: "top") == #"{"v": 10}"#)
    #expect(read.variables(of: "e2") == #"{"port": true}"#)
    #expect(read.variables(of: "h") == #"{"ansible_port": 2222}"#)
    #expect(read.variables(ofGroup: "all") == #"{"gv": "template {{ x }}"}"#)
    #expect(read.variables(ofGroup: "east") == #"{"a": 1}"#)
  }

  static let mistakes: [(String, [String])] = [
    (
      "1️⃣- a\n- b\n",
      [
        "1️⃣ error: an inventory can't be a list [an inventory is a mapping of groups, each with hosts, children or "
          + "vars]"
      ]
    ),
    (
      "web:\n  hosts: 1️⃣[a, b]\n",
      ["1️⃣ error: 'hosts' of group 'web' must be a mapping, but this is a list [write each entry as a key: 'a:']"]
    ),
    (
      "web:\n  1️⃣host: {a: }\n",
      [
        "1️⃣ warning: 'host' of group 'web' is skipped: a group has hosts, children and vars [did you mean 'hosts'?]"
      ]
    ),
    (
      "web:\n  1️⃣db: {}\n",
      [
        "1️⃣ warning: 'db' of group 'web' is skipped: a group has hosts, children and vars [a child group belongs "
          + "under children]"
      ]
    ),
    (
      "web:\n  1️⃣color: red\n",
      [
        "1️⃣ warning: 'color' of group 'web' is skipped: a group has hosts, children and vars [a variable belongs "
          + "under vars]"
      ]
    ),
    (
      "web:\n  hosts: {1️⃣10: }\n",
      ["1️⃣ warning: Host pattern 10 must be a string: the host is left out [put quotes around names that read as numbers or booleans]"]
    ),
    (
      "1️⃣on: {hosts: {a: }}\n",
      ["1️⃣ error: 'on' is no name for a group [put quotes around names that read as numbers or booleans]"]
    ),
    (
      "web: {hosts: {a: 1️⃣5}}\n",
      [
        "1️⃣ error: variables of host 'a' must be a mapping, but this is an integer [write name: value lines under "
          + "the host, or nothing]"
      ]
    ),
    (
      "web: 1️⃣5\nall: {hosts: {a: }}\n",
      [
        "1️⃣ warning: 'web' is skipped: a group can't be an integer [an inventory is a mapping of groups, each with "
          + "hosts, children or vars]"
      ]
    ),
    (
      "web: {hosts: {1️⃣'a[3:1]': }}\n",
      ["1️⃣ error: host range begins at '3', after its end '1' [swap the two bounds]"]
    ),
    (
      "a: {children: {1️⃣b: {children: {a: }}}}\n",
      ["1️⃣ error: group 'b' can't be a child of 'a': it is above it, by b > a [remove one of these links]"]
    ),
    (
      "plugin: 1️⃣amazon.aws.aws_ec2\n",
      [
        "1️⃣ error: this file configures the inventory plugin 'amazon.aws.aws_ec2', which Martlet does not have "
          + "['constructed' is there; for others use an inventory script: an executable that prints JSON for --list]"
      ]
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told with its place and a way out`(text: String, diagnostics: [String]) async throws {
    #expect(try await ReadInventory(text, as: "hosts.yml").diagnostics == diagnostics)
  }

  @Test func `a file that says yml but is written as INI is read as INI`() async throws {
    #expect(try await ReadInventory("[web]\na x=1\n", as: "hosts.yml").groups == ["web: a"])
  }
}
