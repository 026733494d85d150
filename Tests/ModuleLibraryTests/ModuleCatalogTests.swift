import Model
import ModuleLibrary
import ModuleTesting
import Parsing
import Testing

@Suite struct ModuleCatalogTests {
  let catalog = ModuleCatalog(moduleFolders: [modulesFolder])

  @Test(arguments: [
    ("file", "file"), ("ansible.builtin.file", "file"), ("ansible.legacy.file", "file"), ("ansible.builtin.systemd", "systemd_service"),
    ("systemd", "systemd_service"), ("ansible.posix.sysctl", "sysctl"), ("community.general.timezone", "timezone"),
  ])
  func `a short name and its qualified names are the same module`(name: String, module: String) {
    #expect(catalog.manifest(named: name)?.name == module)
  }

  @Test(arguments: ["fil", "ansible.builtin.sysctl", "my.own.file", "_lib", "../file", ""])
  func `other names are no module`(name: String) {
    #expect(catalog.manifest(named: name) == nil)
  }

  @Test func `a module of one's own comes first, and an executable before it`() throws {
    let scratch = try Scratch()
    try scratch.prepare(
      ["Modules": [:], "Modules/ping": [:], "Modules/ping/module.yml": "short_description: mine\noptions: {}\n", "library": [:],
       "library/probe.py": ["content": "#!/bin/sh\n# WANT_JSON\n", "mode": "0755"]], tools: [:])
    let own = ModuleCatalog(
      moduleFolders: [scratch.files + "/Modules", modulesFolder], libraryFolders: [scratch.files + "/library"])
    #expect(own.manifest(named: "ping")?.shortDescription == "mine")
    #expect(own.manifest(named: "probe")?.kind == .executable)
    #expect(own.manifest(named: "file")?.kind == .shell)
  }

  @Test func `mistakes in a description are told with their place`() throws {
    let scratch = try Scratch()
    try scratch.prepare(
      ["m": [:], "m/thing": [:],
       "m/thing/module.yml": "options:\n  a: {typ: str}\n  b: {type: strange}\nrequired_by: {c: [a]}\n"], tools: [:])
    let own = ModuleCatalog(moduleFolders: [scratch.files + "/m"])
    _ = own.manifest(named: "thing")
    #expect(own.diagnostics.all.map(\.message) == [
      "an option has no key 'typ'", "an option has no type 'strange'",
      "a rule names the option 'c', which is not among the options",
    ])
    #expect(own.diagnostics.all[0].advice == "did you mean 'type'?")
  }
}
