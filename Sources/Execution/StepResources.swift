import Model
import ModuleLibrary
import Parsing
import Planning

/// What a step has put or kept in a state: recorded, so that drift can be told later.
struct StepResources {
  private let manifest: ModuleManifest
  private let arguments: CheckedArguments
  private let becomeUser: String?

  /// What says how a module works, not what it leaves.
  private static let volatile: Set<String> = [
    "update_cache", "cache_valid_time", "backup", "validate", "force", "unsafe_writes", "daemon_reload", "daemon_reexec",
    "autoremove", "autoclean", "purge", "diff_peek", "upgrade", "policy_rc_d",
  ]

  init(_ manifest: ModuleManifest, _ arguments: CheckedArguments, becomeUser: String?) {
    self.manifest = manifest
    self.arguments = arguments
    self.becomeUser = becomeUser
  }

  func resources(_ result: StepResult) -> [ManagedResource] {
    guard result.status == .ok || result.status == .changed else { return [] }
    switch manifest.manages {
    case nil: return []
    case .file(let option): return written(result, option).map { [$0] } ?? []
    case .named(let option): return named(by: option)
    }
  }

  private func named(by option: String) -> [ManagedResource] {
    guard let named = arguments[option] else { return [] }
    if let state = arguments["state"]?.string, ["restarted", "reloaded", "touch"].contains(state) { return [] }
    return (named.list ?? [named]).compactMap(\.string).map { name in
      var asked = self.asked
      asked?[.string(option)] = named.list == nil ? .string(name) : .list([.string(name)])
      return ManagedResource(module: manifest.name, name: label(name), arguments: asked, becomeUser: becomeUser)
    }
  }

  /// The arguments that say how it must be; nil where one that must be there is a secret.
  private var asked: Value.Dict? {
    var asked: Value.Dict = [:]
    for (name, value) in arguments where value != .null && !Self.volatile.contains(name) {
      if manifest.options[name]?.isSecret == true || value.isSecret {
        if manifest.options[name]?.isRequired == true { return nil }
        continue
      }
      asked[.string(name)] = value
    }
    return asked
  }

  /// Several lines of one file, or keys of one user, are resources of their own.
  private func label(_ name: String) -> String {
    let further = ["line", "regexp", "marker", "section", "option", "key"].compactMap { option -> String? in
      guard option != "marker", let given = arguments[option], !given.isSecret, let value = given.string, !value.isEmpty else { return nil }
      return value.split(separator: "\n").first.map { String($0.prefix(60)) }
    }
    return further.isEmpty || manifest.manages == .named(option: "name") ? name : "\(name): \(further.joined(separator: " "))"
  }

  private func written(_ result: StepResult, _ option: String) -> ManagedResource? {
    guard let path = result.fields[.string(option)]?.string ?? arguments[option]?.string, let checksum = result.fields["checksum"]?.string
    else { return nil }
    var asked: Value.Dict = ["path": .string(path), "checksum": .string(checksum)]
    for name in ["owner", "group"] { if let value = arguments[name], value != .null { asked[.string(name)] = value } }
    if arguments["mode"] ?? .null != .null, let mode = result.fields["mode"] { asked["mode"] = mode }
    return ManagedResource(module: "stat", name: path, arguments: asked, becomeUser: becomeUser)
  }
}
