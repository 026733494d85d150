import Model
import Parsing
@testable import Planning
import Testing

struct InventoryListingTests {
  private static let inventory = HostSelectionTests.inventory("""
    lone
    [web]
    b x=1 pw=é
    a t='{{ x }}'
    [site:children]
    web
    [site:vars]
    v=[1, 'a']
    ansible_group_priority=3
    [web:vars]
    ansible_port=22
    """)

  private func listing(isExport: Bool = false, hosts: [HostID]? = nil) -> InventoryListing {
    let variables = InventoryVariables(of: Self.inventory, files: VariableFiles(reading: .withoutVault))
    return InventoryListing(
      of: Self.inventory, hosts: hosts, isExport: isExport,
      variablesOfHost: { var own = variables; return own.variables(of: $0, ownOnly: isExport) },
      variablesOfGroup: { var own = variables; return own.variables(of: $0) })
  }

  @Test func `the graph shows groups, then hosts`() {
    #expect(listing().graph() == """
      @all:
        |--@ungrouped:
        |  |--lone
        |--@site:
        |  |--@web:
        |  |  |--b
        |  |  |--a
      """)
  }

  @Test func `the graph shows variables as Python prints them`() throws {
    let web = try #require(Self.inventory.group(named: "site"))
    #expect(listing().graph(from: web, showsVariables: true) == """
      @site:
        |--@web:
        |  |--b
        |  |  |--{ansible_port = 22}
        |  |  |--{pw = é}
        |  |  |--{v = [1, 'a']}
        |  |  |--{x = 1}
        |  |--a
        |  |  |--{ansible_port = 22}
        |  |  |--{t = {{ x }}}
        |  |  |--{v = [1, 'a']}
        |  |--{ansible_port = 22}
        |--{ansible_group_priority = 3}
        |--{v = [1, 'a']}
      """)
  }

  @Test func `the list is what an inventory script prints`() throws {
    let text = try listing(isExport: true).list(.json)
    let value = try Value(json: text)
    #expect(value == [
      "_meta": [
        "hostvars": ["a": ["t": "{{ x }}"], "b": ["pw": "é", "x": 1]], "profile": "inventory_legacy",
      ],
      "all": ["children": ["ungrouped", "site"]],
      "site": ["children": ["web"], "vars": ["ansible_group_priority": 3, "v": [1, "a"]]],
      "ungrouped": ["hosts": ["lone"]],
      "web": ["hosts": ["b", "a"], "vars": ["ansible_port": 22]],
    ])
    #expect(text.contains("é"))
    #expect(text.hasPrefix("{\n    \"_meta\": {\n        \"hostvars\""))
  }

  @Test func `a limit leaves other hosts out`() throws {
    let text = try listing(hosts: [try #require(Self.inventory.host(named: "a"))]).list(.json)
    #expect(text.contains("\"a\"") && !text.contains("lone") && !text.contains("\"b\""))
  }

  @Test func `YAML nests groups and gives a host's variables once`() throws {
    #expect(try listing(isExport: true).list(.yaml) == """
      all:
        children:
          site:
            children:
              web:
                hosts:
                  a:
                    t: '{{ x }}'
                  b:
                    pw: é
                    x: 1
                vars:
                  ansible_port: 22
            vars:
              ansible_group_priority: 3
              v:
              - 1
              - a
          ungrouped:
            hosts:
              lone: {}
      """)
  }

  @Test func `one host shows all that applies to it`() throws {
    let host = try #require(Self.inventory.host(named: "a"))
    #expect(try Value(json: listing().host(host, .json)) == ["ansible_port": 22, "t": "{{ x }}", "v": [1, "a"]])
  }

  @Test func `secrets are masked in every format`() throws {
    let secret = Value.Dict(uniqueKeysWithValues: [("k", .secret(Secret("hush")))])
    let listing = InventoryListing(
      of: Self.inventory, variablesOfHost: { _ in secret }, variablesOfGroup: { _ in secret })
    let host = try #require(Self.inventory.host(named: "a"))
    for text in [try listing.list(.json), try listing.list(.yaml), try listing.list(.toml), listing.graph(showsVariables: true),
    try listing.host(host, .yaml)] {
      #expect(!text.contains("hush") && text.contains(Secret.mask))
    }
  }

  @Test func `TOML shows groups side by side, and nested values as they fit`() throws {
    #expect(try listing(isExport: true).list(.toml) == """
      [ungrouped.hosts.lone]

      [site]
      children = [
          "web",
      ]

      [site.vars]
      v = [
          1,
          "a",
      ]
      ansible_group_priority = 3

      [web.hosts.b]
      x = 1
      pw = "é"

      [web.hosts.a]
      t = "{{ x }}"

      [web.vars]
      ansible_port = 22
      """)
  }

  /// As `tomli_w` writes them.
  static let tables: [(Value.Dict, String)] = [
    (["a b": "q\"\\\n\u{1}", "": true], "\"a b\" = \"q\\\"\\\\\\n\\u0001\"\n\"\" = true\n"),
    (["l": [["a": 1], ["a": [:]]]], "l = [\n    { a = 1 },\n    { a = {} },\n]\n"),
    (["l": [["a": [1]]], "z": 1], "z = 1\n\n[[l]]\na = [\n    1,\n]\n"),
    (["t": ["u": ["v": 1.5]], "e": [], "n": [[], [1]]], "e = []\nn = [\n    [],\n    [\n        1,\n    ],\n]\n\n[t.u]\nv = 1.5\n"),
  ]

  @Test(arguments: tables) func `tables are TOML`(_ table: Value.Dict, _ expected: String) throws {
    #expect(try TOMLText(table).text == expected)
  }

  @Test func `TOML has no null, and the message says where there is one`() {
    #expect { try TOMLText(["web": ["x": .null]]) } throws: { ($0 as? TOMLText.Unwritable)?.path == "web.x" }
  }
}
