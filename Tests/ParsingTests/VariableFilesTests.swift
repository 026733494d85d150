import Model
import Parsing
import Support
import Testing

struct VariableFilesTests {
  /// A variable that every source of the table sets, and those from one on set as well.
  private static let sources: [(name: String, path: String?)] = [
    ("inventory all", nil), ("inventory group", nil), ("inventory group_vars/all", "inv/group_vars/all.yml"),
    ("playbook group_vars/all", "play/group_vars/all"), ("inventory group_vars/web", "inv/group_vars/web.json"),
    ("playbook group_vars/web", "play/group_vars/web/10.yml"), ("inventory host", nil),
    ("inventory host_vars", "inv/host_vars/a.yaml"), ("playbook host_vars", "play/host_vars/a"),
  ]

  @Test func `each level of precedence beats those below it`() async throws {
    try await ScratchFolder.with { folder in
      var own = ["", "", ""], inline = 0
      for (level, source) in Self.sources.enumerated() {
        let variables = (0...level).map { "v\($0)" }
        if let path = source.path {
          try write("{" + variables.map { "\"\($0)\": \"\(source.name)\"" }.joined(separator: ", ") + "}",
          to: "\(folder)/\(path)")
        } else {
          own[inline] = variables.map { "\($0)='\(source.name)'" }.joined(separator: inline == 2 ? " " : "\n")
          inline += 1
        }
      }
      // On host lines quotes are the shell's; in [vars] they are the literal's.
      try write("[web]\na \(own[2])\n[all:vars]\n\(own[0])\n[web:vars]\n\(own[1])\n", to: "\(folder)/inv/hosts")
      let (merged, diagnostics) = variables(of: "a", folder)
      #expect(diagnostics == [])
      #expect((0..<9).map { merged["v\($0)"] ?? "" } == Array(repeating: Self.sources[8].name, count: 9))
      #expect(levels(of: "a", folder) == Self.sources.map(\.name).indices.map { $0 })
    }
  }

  @Test func `a folder of variable files is read in order, hidden files and others left out`() async throws {
    try await ScratchFolder.with { folder in
      let files = [
        "b.yml": "v: b", "a.yml": "v: a\nw: a", "deep/z.json": #"{"x": 1}"#, "deep/README.md": "nothing",
        ".hidden.yml": "v: h",
        "c.yml~": "v: c", "c.d/x.yml": "v: d", "plain": "p: 1",
      ]
      for (name, text) in files { try write(text, to: "\(folder)/inv/group_vars/web/\(name)") }
      try write("[web]\na\n", to: "\(folder)/inv/hosts")
      #expect(variables(of: "a", folder).0 == ["v": "b", "w": "a", "x": "1", "p": "1"])
    }
  }

  @Test func `the name without extension comes first, and only one of them counts`() async throws {
    try await ScratchFolder.with { folder in
      try write("v: plain", to: "\(folder)/inv/host_vars/a")
      try write("v: yml\nw: 1", to: "\(folder)/inv/host_vars/a.yml")
      try write("a\n", to: "\(folder)/inv/hosts")
      #expect(variables(of: "a", folder).0 == ["v": "plain"])
    }
  }

  @Test func `implicit localhost has the variables of all and its own files`() async throws {
    try await ScratchFolder.with { folder in
      try write("x: 1\nansible_connection: ssh", to: "\(folder)/inv/group_vars/all.yml")
      try write("y: 2", to: "\(folder)/inv/host_vars/localhost.yml")
      try write("x: 5", to: "\(folder)/inv/group_vars/ungrouped.yml")
      try write("a\n", to: "\(folder)/inv/hosts")
      #expect(variables(of: "localhost", folder).0 == ["x": "1", "ansible_connection": "local", "y": "2"])
    }
  }

  @Test func `a group's file is one layer for all its hosts`() async throws {
    try await ScratchFolder.with { folder in
      try write("v: 1", to: "\(folder)/inv/group_vars/web.yml")
      try write("[web]\na\nb\n[db]\nb\n", to: "\(folder)/inv/hosts")
      var none = Diagnostics()
      let inventory = InventoryLoader(baseDirectory: folder).load(["inv/hosts"], into: &none)
      let files = VariableFiles(reading: .withoutVault)
      let layers = ["a", "b"].compactMap { inventory.host(named: $0) }.map { host in
        files.layers(of: host, in: inventory, playbookDirectories: [], into: &none).first { $0.level == .inventoryGroupFile }
      }
      #expect(layers[0] === layers[1])
      #expect(layers[0] != nil)
    }
  }

  @Test func `mistakes in variable files are told where they are`() async throws {
    try await ScratchFolder.with { folder in
      try write("- x\n", to: "\(folder)/inv/group_vars/all.yml")
      try write("$ANSIBLE_VAULT;1.1;AES256\n00\n", to: "\(folder)/inv/host_vars/a.yml")
      try write("a\n", to: "\(folder)/inv/hosts")
      #expect(variables(of: "a", folder).1 == [
        "FOLDER/inv/group_vars/all.yml:1:1 a file of variables must be a mapping, but this is a list",
        "FOLDER/inv/host_vars/a.yml:1:1 this file is encrypted, and no vault password was given (Attempting to decrypt but no vault secrets found)",
      ])
    }
  }

  private func variables(of host: String, _ folder: String) -> ([String: String], [String]) {
    var diagnostics = Diagnostics(), merged: [String: String] = [:]
    for layer in layers(of: host, folder, &diagnostics) {
      for (name, value) in layer.variables where !name.hasPrefix("inventory_") { merged[name] = value.constant?.pythonText }
    }
    let messages = diagnostics.all.map { "\($0.span.map { "\($0) " } ?? "")\($0.message)".replacing(folder, with: "FOLDER") }
    return (merged, messages)
  }

  private func levels(of host: String, _ folder: String) -> [Int] {
    var none = Diagnostics()
    return layers(of: host, folder, &none).filter { $0.owner != "\(folder)/inv/hosts" && !$0.owner.hasPrefix("/") }.map(\.level.rawValue)
  }

  private func layers(of host: String, _ folder: String, _ diagnostics: inout Diagnostics) -> [VariableLayer] {
    let inventory = InventoryLoader(baseDirectory: folder).load(["inv/hosts"], into: &diagnostics)
    guard let id = inventory.hostOrLocalhost(named: host) else { return [] }
    return VariableFiles(reading: .withoutVault)
      .layers(of: id, in: inventory, playbookDirectories: ["\(folder)/play"], into: &diagnostics)
  }
}
