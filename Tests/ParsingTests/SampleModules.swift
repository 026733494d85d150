import Model
import Parsing

/// A few modules, as the library would describe them.
struct SampleModules: ModuleIndex {
  private static let manifests: [ModuleManifest] = [
    module(
      "copy",
      options: [
        "src": .init(), "content": .init(), "dest": required(), "mode": kind(.raw), "backup": kind(.bool),
        "directory_mode": kind(.raw), "force": kind(.bool),
      ]
    ) { $0.mutuallyExclusive = [["src", "content"]] },
    module(
      "file",
      options: [
        "path": required(aliases: ["dest", "name"]),
        "state": choices(["absent", "directory", "file", "link", "touch"]),
        "src": .init(), "mode": kind(.raw), "recurse": kind(.bool),
      ]
    ) { $0.requiredIf = [.init(option: "state", value: "link", required: ["src"], isAny: false)] },
    module("command", options: ["cmd": .init(), "chdir": .init(), "creates": .init(), "argv": kind(.list)]) {
      $0.freeFormOption = "cmd"
      $0.requiredOneOf = [["cmd", "argv"]]
    },
    module("shell", options: ["cmd": .init(), "chdir": .init(), "creates": .init()]) { $0.freeFormOption = "cmd" },
    module("debug", options: ["msg": kind(.raw), "var": .init(), "verbosity": kind(.int)]),
    module("assert", options: ["that": listOf(.raw), "fail_msg": .init()]),
    module("ping", options: ["data": .init()]),
    module(
      "service", options: ["name": required(), "state": choices(["started", "stopped"]), "enabled": kind(.bool)]),
    module("set_fact", options: ["cacheable": kind(.bool)]) { $0.acceptsAnyOption = true },
    module("include_vars", options: ["file": .init()]) { $0.freeFormOption = "free-form" },
    module("uri", options: ["url": required(), "status_code": listOf(.int), "headers": kind(.dict)]),
    module("ufw", collection: "community.general", options: ["rule": .init(), "port": .init()]),
  ]

  func manifest(named name: String) -> ModuleManifest? {
    Self.manifests.first { $0.name == name || $0.qualifiedNames.contains(name) }
  }

  var names: [String] { Self.manifests.flatMap { [$0.name] + $0.qualifiedNames } }

  private static func module(
    _ name: String, collection: String = "ansible.builtin", options: [String: ModuleOption],
    _ change: (inout ModuleManifest) -> Void = { _ in }
  ) -> ModuleManifest {
    var manifest = ModuleManifest(name: name, kind: .shell, directory: "Modules/\(name)")
    manifest.qualifiedNames = ["\(collection).\(name)"]
    for (name, option) in options.sorted(by: { $0.key < $1.key }) { manifest.options[name] = option }
    change(&manifest)
    return manifest
  }

  private static func required(aliases: [String] = []) -> ModuleOption {
    var option = ModuleOption()
    option.isRequired = true
    option.aliases = aliases
    return option
  }

  private static func kind(_ kind: ModuleOption.Kind) -> ModuleOption {
    var option = ModuleOption()
    option.kind = kind
    return option
  }

  private static func listOf(_ elements: ModuleOption.Kind) -> ModuleOption {
    var option = kind(.list)
    option.elements = elements
    return option
  }

  private static func choices(_ choices: [Value]) -> ModuleOption {
    var option = ModuleOption()
    option.choices = choices
    return option
  }
}
