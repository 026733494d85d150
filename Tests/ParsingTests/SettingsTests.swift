import Foundation
import Model
import Parsing
import Support
import Testing

struct SettingsTests {
  /// Settings of a folder with an ansible.cfg of this text.
  private func settings(
    _ text: String?, environment: [String: String] = [:]
  ) async throws -> (settings: Settings, diagnostics: [String], folder: String) {
    try await ScratchFolder.with { scratch in
      let folder = TextFile.absolute(scratch, from: "/")
      let marked = MarkedText(text ?? "")
      if text != nil { try write(marked.text, to: "\(folder)/ansible.cfg") }
      var found = Diagnostics()
      let variables = environment.merging(["HOME": "\(folder)/home"]) { given, _ in given }
        .mapValues { $0.replacing("FOLDER", with: folder) }
      let settings = Settings(environment: variables, currentDirectory: folder, into: &found)
      return (settings, marked.lines(of: found).map { $0.replacing(folder, with: "FOLDER") }, folder)
    }
  }

  @Test func `the environment beats the file, and the file the default`() async throws {
    let text = "[defaults]\nforks = 20\ntimeout=30\n"
    let read = try await settings(text, environment: ["ANSIBLE_FORKS": "7"])
    #expect(read.settings.forks == 7)
    #expect(read.settings.entry("DEFAULT_FORKS")?.origin == .environment("ANSIBLE_FORKS"))
    #expect(read.settings.timeoutSeconds == 30)
    #expect(read.settings.entry("DEFAULT_TIMEOUT")?.origin == .file(path: "\(read.folder)/ansible.cfg", line: 3))
    #expect(read.settings.pollSeconds == 15)
    #expect(read.settings.entry("DEFAULT_POLL_INTERVAL")?.origin == .default)
    #expect(read.diagnostics == [])
  }

  @Test func `every kind of setting reads its text`() async throws {
    let read = try await settings("""
      [defaults]
      roles_path = roles:~/more:/abs:$BASE/x
      inventory = hosts, "other"
      host_key_checking = False
      vault_password_file = ./pw
      stdout_callback = "yaml" ; as we like it
      callbacks_enabled = timer,
        profile_tasks
      hash_behaviour = merge
      [privilege_escalation]
      become = yes
      [sudo_become_plugin]
      password = hush
      [ssh_connection]
      ssh_args = -o ControlMaster=auto
      pipelining = True
      [inventory]
      ignore_extensions = .x, .y
      """, environment: ["BASE": "/base"])
    let settings = read.settings, folder = read.folder
    #expect(read.diagnostics == [])
    #expect(settings.rolesPath == ["\(folder)/roles", "\(folder)/home/more", "/abs", "/base/x"])
    #expect(settings.inventories == ["\(folder)/hosts", "\(folder)/\"other\""])
    #expect(!settings.checksHostKeys && settings.become && settings.mergesDicts)
    #expect(settings.vaultPasswordFile == "\(folder)/pw")
    #expect(settings.stdoutCallback == "yaml")
    #expect(settings.enabledCallbacks == ["timer", "profile_tasks"])
    #expect(settings.becomePassword(for: "sudo")?.revealed == "hush")
    #expect(settings.sshArguments == "-o ControlMaster=auto")
    #expect(settings.inventoryOptions.ignoredExtensions == [".x", ".y"])
  }

  static let mistakes: [(String, [String])] = [
    ("[defaults]\n1️⃣forks = many\n", ["1️⃣ error: setting 'forks' is 'many' [it must be a whole number]"]),
    ("[defaults]\n1️⃣gathering = smrt\n", ["1️⃣ error: setting 'gathering' is 'smrt' [did you mean 'smart'?]"]),
    (
      "[defaults]\n1️⃣no_log = perhaps\n",
      ["1️⃣ warning: setting 'no_log' is 'perhaps', which counts as no [write yes or no]"]
    ),
    (
      "[defaults]\n1️⃣fork = 5\n",
      ["1️⃣ warning: unknown setting 'fork' in section [defaults] [did you mean 'forks'?]"]
    ),
    ("[defaults]\n1️⃣become = yes\n", [
      "1️⃣ warning: unknown setting 'become' in section [defaults] [it belongs into section [privilege_escalation]]"
    ]),
    ("1️⃣[default]\nforks=1\n", ["1️⃣ warning: unknown section [default] of settings [did you mean [defaults]?]"]),
    ("[defaults]\nfilter_plugins=x\ncallback_plugins=y\n", [
      "nowhere warning: settings in FOLDER/ansible.cfg that have no effect in Martlet: filter_plugins, callback_plugins"
    ]),
    (
      "1️⃣forks=5\n[defaults]\n",
      ["1️⃣ error: 'forks=5' stands before any section [begin with a section such as [defaults]]"]
    ),
    ("[defaults]\n1️⃣forks\n", ["1️⃣ error: expected key = value, got 'forks' [indent lines that continue a value]"]),
    ("[defaults]\nforks=1\n1️⃣forks=2\n", ["1️⃣ error: 'forks' is in section [defaults] twice [keep one of them]"]),
    ("[galaxy]\nserver=x\n[callback_profile]\nx=1\n[defaults]\npipelining=yes\n", []),
  ]

  @Test(arguments: mistakes)
  func `a mistake is told with its place and a way out`(text: String, diagnostics: [String]) async throws {
    #expect(try await settings(text).diagnostics == diagnostics)
  }

  @Test func `ANSIBLE_CONFIG names the file, or a folder that holds it`() async throws {
    try await ScratchFolder.with { folder in
      try write("[defaults]\nforks=9\n", to: "\(folder)/other/ansible.cfg")
      for name in ["other", "other/ansible.cfg"] {
        var none = Diagnostics()
        let settings = Settings(environment: ["ANSIBLE_CONFIG": name], currentDirectory: folder, into: &none)
        #expect(settings.forks == 9)
      }
    }
  }

  @Test func `a file in a folder that everybody may write to is ignored, with a warning`() async throws {
    try await ScratchFolder.with { folder in
      try write("[defaults]\nforks=9\n", to: "\(folder)/ansible.cfg")
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
      var found = Diagnostics()
      #expect(Settings(environment: [:], currentDirectory: folder, into: &found).forks == 5)
      #expect(found.all.map(\.message) == ["ansible.cfg in \(folder) is ignored: everybody may write there"])
    }
  }

  @Test func `every setting has a value of its kind where nobody sets it`() {
    for (definition, entry) in Settings().all {
      switch (definition.kind, entry.value) {
      case (.flag, .flag), (.integer, .integer), (.integer, .none), (.text, .text), (.text, .none), (.path, .text),
      (.path, .none),
        (.choice, .text), (.list, .list), (.pathSpec, .list), (.pathList, .list), (.secret, .none): break
      default: Issue.record("\(definition.name) is \(entry.value)")
      }
    }
  }
}
