import Model
import Parsing
import Support
import Testing

struct InventoryLoaderTests {
  /// Loads sources from a folder that holds these files; those whose text starts with `#!` are executable.
  private func load(
    _ sources: [String], _ files: [String: String] = [:], options: InventoryOptions = InventoryOptions()
  ) async throws -> (summary: [String], diagnostics: [String], inventory: Inventory) {
    try await ScratchFolder.with { folder in
      for (name, text) in files { try write(text, to: "\(folder)/\(name)", isExecutable: text.hasPrefix("#!")) }
      var found = Diagnostics()
      let inventory = InventoryLoader(options: options, baseDirectory: folder).load(sources, into: &found)
      let messages = found.all.map { "\($0.severity): \($0.message)" + ($0.advice.map { " [\($0)]" } ?? "") }
      return (inventory.summary, messages.map { $0.replacing(TextFile.absolute(folder, from: "/"),
      with: "FOLDER") }, inventory)
    }
  }

  @Test func `sources merge in the order given, later variables win`() async throws {
    let read = try await load(["one", "two.yml"], ["one": "[w]\na x=1 y=1\n",
    "two.yml": "w: {hosts: {b: , a: {x: 2}}}"])
    #expect(read.summary == ["w: a b"])
    #expect(read.inventory.host(named: "a").map { json(read.inventory[$0].variables) } == #"{"x": 2, "y": 1}"#)
  }

  @Test func `a folder is read file by file in order, without what is no inventory`() async throws {
    let read = try await load(
      ["inv/"],
      [
        "inv/20": "b\n", "inv/10": "a\n", "inv/.hidden": "x\n", "inv/old.bak": "x\n", "inv/notes.md": "x\n",
        "inv/a.cfg": "x\n", "inv/b.retry": "x\n", "inv/c~": "x\n", "inv/group_vars/all": "x: 1", "inv/deep/30": "c\n",
      ])
    #expect(read.summary == ["ungrouped: a b c"])
    #expect(read.diagnostics == [])
  }

  @Test func `inventory_ignore_patterns leave files of a folder out`() async throws {
    var options = InventoryOptions()
    options.ignoredPatterns = ["^test_", "("]
    let read = try await load(["inv"], ["inv/test_hosts": "a\n", "inv/hosts": "b\n"], options: options)
    #expect(read.summary == ["ungrouped: b"])
    #expect(read.diagnostics.count == 1 && read.diagnostics[0].hasPrefix(
      "error: setting 'inventory_ignore_patterns' holds '(', which is no regular expression"))
  }

  @Test func `constructed inventories make variables and groups of what is known`() async throws {
    let read = try await load(
      ["hosts", "more.yml"],
      [
        "hosts": "web1 region=eu tags=\"['a', 'b']\"\ndb1 region=\n",
        "more.yml": """
          plugin: constructed
          compose: {site: region + '-1', odd: nope.x}
          groups: {webservers: inventory_hostname.startswith('web')}
          keyed_groups:
            - {key: region, prefix: r, parent_group: regions}
            - {key: region, prefix: d, default_value: none}
            - {key: tags, separator: ''}
          """,
      ])
    #expect(read.diagnostics == [])
    #expect(read.summary == [
      "webservers: web1", "r_eu: web1", "regions: r_eu/", "d_eu: web1", "a: web1", "b: web1", "d_none: db1",
    ])
    #expect(read.inventory.host(named: "web1").map { json(read.inventory[$0].variables) }?.contains(#""site": "eu-1""#) == true)
  }

  @Test func `a strict constructed inventory says what it could not make`() async throws {
    let read = try await load(
      ["a,", "more.yml"], ["more.yml": "{plugin: constructed, strict: true, compose: {site: nope + 1}}"])
    #expect(read.diagnostics.count == 1 && read.diagnostics[0].hasPrefix("error: could not set site for host a: 'nope' is undefined"))
  }

  @Test func `a text with a comma is a list of hosts`() async throws {
    let read = try await load(["a, b:2222,[::1]:22,"])
    #expect(read.summary == ["ungrouped: a b ::1"])
    #expect(read.inventory.host(named: "b").map { json(read.inventory[$0].variables) } == #"{"ansible_port": 2222}"#)
    #expect(read.inventory.variableDirectories == [])
  }

  @Test func `hosts know the file that named them first`() async throws {
    let read = try await load(["one", "two"], ["one": "a\n", "two": "a\nb\n"])
    let layers = ["a", "b"].compactMap { read.inventory.host(named: $0) }.map { read.inventory.ownLayers(of: $0)[0] }
    #expect(layers.map { $0.owner.suffix(4) } == ["/one", "/two"])
    #expect(layers.allSatisfy { $0.variables["inventory_dir"]?.constant?.string?.hasSuffix("/") == false })
  }

  @Test func `a source that isn't there is a warning, or an error where settings say so`() async throws {
    let missing = "Unable to parse FOLDER/nope as an inventory source [there is no such file; a host list needs a comma, as in 'nope,']"
    #expect(try await load(["nope"]).diagnostics == [
      "warning: \(missing)", "warning: No inventory was parsed, only implicit localhost is available",
    ])
    var options = InventoryOptions()
    options.isUnreadableSourceError = true
    #expect(try await load(["nope"], options: options).diagnostics == ["error: \(missing)"])
  }

  static let listing = #"""
    #!/bin/sh
    echo '{"g1": {"hosts": ["a", "b"], "vars": {"v": "{{ x }}"}, "children": ["g2"]}, "g2": ["c"],'
    echo '"_meta": {"hostvars": {"a": {"k": [1, null], "u": {"__ansible_unsafe": "{{ no }}"}}}}}'
    """#

  @Test func `a script's JSON is read, templates and all`() async throws {
    let read = try await load(["inv.sh"], ["inv.sh": Self.listing])
    #expect(read.diagnostics == [])
    #expect(read.summary == ["g1: g2/ a b", "g2: c"])
    #expect(read.inventory.host(named: "a").map { json(read.inventory[$0].variables) } == #"{"k": [1, null], "u": "{{ no }}"}"#)
    #expect(read.inventory.group(named: "g1").map { json(read.inventory[$0].variables) } == #"{"v": "template {{ x }}"}"#)
  }

  @Test func `a script without _meta is asked for each host`() async throws {
    let script = "#!/bin/sh\nif [ \"$1\" = --list ]; then echo '{\"g\": [\"a\"]}'; else echo \"{\\\"me\\\": \\\"$2\\\"}\"; fi\n"
    let read = try await load(["inv.sh"], ["inv.sh": script])
    #expect(read.inventory.host(named: "a").map { json(read.inventory[$0].variables) } == #"{"me": "a"}"#)
  }

  @Test func `a script's output in a file is read as such`() async throws {
    let text = Self.listing.split(separator: "\n").dropFirst().map { $0.dropFirst(6).dropLast() }.joined(separator: "\n")
    #expect(try await load(["out.json"], ["out.json": text]).summary == ["g1: g2/ a b", "g2: c"])
  }

  @Test func `an executable file that is no program is read as text`() async throws {
    let read = try await ScratchFolder.with { folder in
      try write("[w]\na\n", to: "\(folder)/hosts", isExecutable: true)
      var found = Diagnostics()
      return InventoryLoader(baseDirectory: folder).load(["hosts"], into: &found).summary
    }
    #expect(read == ["w: a"])
  }

  static let badScripts: [(String, String)] = [
    ("echo no cloud >&2; exit 3", "error: inventory script 'inv.sh --list' ended with status 3 [it said: no cloud]"),
    ("kill -9 $$", "error: inventory script 'inv.sh --list' ended with status 137 [it said nothing]"),
    ("echo '{'", "error: this is no JSON"),
    ("echo '[]'", "error: inv.sh --list: the inventory is no JSON object [print an object of groups]"),
    ("echo '{\"g\": {\"hosts\": \"a\"}}'",
    "error: inv.sh --list: 'hosts' of group 'g' is no list [print a list of names]"),
    ("echo '{\"_meta\": {}}'", "error: inv.sh --list: '_meta' has no object 'hostvars'"),
  ]

  @Test(arguments: badScripts)
  func `a script that fails is told with what it said`(body: String, message: String) async throws {
    let diagnostics = try await load(["inv.sh"], ["inv.sh": "#!/bin/sh\n\(body)\n"]).diagnostics
    #expect(diagnostics.first?.hasPrefix(message) == true, "\(diagnostics)")
  }

  @Test(arguments: ["sleep 60", "exec >&- 2>&-; sleep 60"])
  func `a script that doesn't end is killed at its deadline`(body: String) async throws {
    var options = InventoryOptions()
    options.scriptTimeoutSeconds = 0.2
    let diagnostics = try await load(["inv.sh"], ["inv.sh": "#!/bin/sh\n\(body)\n"], options: options).diagnostics
    #expect(diagnostics.first == "error: inventory script 'inv.sh --list' did not end within 0.2 s, and was killed")
  }
}
