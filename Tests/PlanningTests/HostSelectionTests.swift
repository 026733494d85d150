import Model
import Parsing
import Planning
import Support
import Testing

struct HostSelectionTests {
  static let inventory = inventory("""
    lone
    [web]
    web1
    web2
    web3
    [db]
    db1
    db2.example.com
    [staging]
    web2
    db1
    [site:children]
    web
    db
    """)

  static func inventory(_ text: String) -> Inventory {
    var diagnostics = Diagnostics()
    let inventory = Inventory(reading: SourceFile(path: "hosts", text: text), into: &diagnostics)
    precondition(diagnostics.all.isEmpty, "the tests' own inventory is faulty: \(diagnostics.all)")
    return inventory
  }

  static let patterns: [(String, String)] = [
    ("all", "lone web2 db1 web1 web3 db2.example.com"), ("*", "lone web2 db1 web1 web3 db2.example.com"),
    ("web", "web1 web2 web3"),
    ("site", "web1 web2 web3 db1 db2.example.com"), ("web1", "web1"), ("db1,web", "db1 web1 web2 web3"),
    ("web:db", "web1 web2 web3 db1 db2.example.com"),
    ("web:&staging", "web2"), ("&staging:web", "web2"), ("all:!web", "lone db1 db2.example.com"),
    ("!web", "lone db1 db2.example.com"),
    ("!web2:web:&staging", ""), ("web[0]", "web1"), ("web[-1]", "web3"), ("web[0:1]", "web1 web2"),
    ("web[1:]", "web2 web3"),
    ("web[1:9]", "web2 web3"), ("site[3]", "db1"), ("w*", "web1 web2 web3"), ("web?", "web1 web2 web3"),
    ("web[12]", ""),
    ("*.example.com", "db2.example.com"), ("[!wl]*", "lone web2 db1 web1 web3 db2.example.com"),
    ("ungrouped", "lone"), ("localhost", "localhost"),
    ("127.0.0.1", "127.0.0.1"), ("all:localhost", "lone web2 db1 web1 web3 db2.example.com localhost"),
    ("~(web|db)[12]$", "web1 web2 db1"),
  ]

  @Test(arguments: patterns)
  func `a pattern selects what it selects in Ansible`(pattern: String, hosts: String) {
    var selection = HostSelection(in: Self.inventory)
    var diagnostics = Diagnostics()
    let found = selection.hosts(matching: pattern, into: &diagnostics)
    #expect(found.map { Self.inventory[$0].name }.joined(separator: " ") == hosts)
  }

  @Test(arguments: [("web", "web2,db*", "web2"), ("all", "!web", "lone db1 db2.example.com"), ("db", "web", "")])
  func `a limit takes from a selection and never adds`(pattern: String, limit: String, hosts: String) {
    var selection = HostSelection(in: Self.inventory), diagnostics = Diagnostics()
    let found = selection.hosts(
      matching: pattern, limit: HostLimit(patterns: HostPatternText.split(limit)), into: &diagnostics)
    #expect(found.map { Self.inventory[$0].name }.joined(separator: " ") == hosts)
    #expect(diagnostics.all.isEmpty)
  }

  static let complaints: [(String, String?)] = [
    ("wbe", "warning: Could not match supplied host pattern, ignoring: wbe [did you mean 'web'?]"),
    ("web:!nope9999", "warning: Could not match supplied host pattern, ignoring: nope9999"),
    ("web[7]", "error: No hosts matched the subscripted pattern 'web[7]' [there are 3 hosts, from [0] to [2]]"),
    ("~(", "error: Invalid host list pattern: ~( [after ~ stands a regular expression as Python has them]"),
    ("web,localhost,ungrouped,staging", nil),
  ]

  @Test(arguments: complaints)
  func `a pattern that matches nothing is told, with what might be meant`(pattern: String, message: String?) {
    var selection = HostSelection(in: Self.inventory), diagnostics = Diagnostics()
    _ = selection.hosts(matching: pattern, into: &diagnostics)
    let found = diagnostics.all.map { "\($0.severity): \($0.message)" + ($0.advice.map { " [\($0)]" } ?? "") }
    #expect(found == (message.map { [$0] } ?? []))
  }

  @Test(arguments: [HostSelection.Mismatch.warning, .error, .ignore])
  func `host_pattern_mismatch decides how it is told`(mismatch: HostSelection.Mismatch) {
    var selection = HostSelection(in: Self.inventory, mismatch: mismatch),
    diagnostics = Diagnostics()
    _ = selection.hosts(matching: "nope", into: &diagnostics)
    #expect(diagnostics.all.map(\.severity.rawValue) == (mismatch == .ignore ? [] : [mismatch.rawValue]))
  }

  static let orders: [(HostSelection.Order, String)] = [
    (.inventory, "b a c"), (.reverseInventory, "c a b"), (.sorted, "a b c"), (.reverseSorted, "c b a"),
  ]

  @Test(arguments: orders)
  func `a play takes hosts in the order that it asks for`(order: HostSelection.Order, names: String) {
    let inventory = Self.inventory("b\na\nc\n")
    var generator = SystemRandomNumberGenerator()
    let sorted = HostSelection(in: inventory).sorted(inventory.allHosts, by: order, using: &generator)
    #expect(sorted.map { inventory[$0].name }.joined(separator: " ") == names)
  }
}
