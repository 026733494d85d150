import Model
import Parsing
import Templating

/// Variables that the run itself provides; nothing a user sets overrides them.
extension StepScope {
  static let magicNames = [
    "inventory_hostname", "inventory_hostname_short", "group_names", "groups",
    "hostvars", "vars", "omit", "ansible_facts", "playbook_dir", "role_name", "role_path", "role_names",
    "ansible_role_name", "ansible_role_names", "ansible_play_role_names", "ansible_dependent_role_names",
    "ansible_parent_role_names", "ansible_parent_role_paths", "ansible_collection_name", "ansible_play_name",
    "ansible_play_hosts", "ansible_play_hosts_all", "ansible_play_batch", "play_hosts", "ansible_search_path",
  ]

  func magic(_ name: String) -> Variable? {
    if let constant = run.constants[name] { return .value(constant) }
    guard name.utf8.count >= 4 else { return nil }
    return hostMagic(name) ?? roleMagic(name) ?? playMagic(name)
  }

  private func hostMagic(_ name: String) -> Variable? {
    switch name {
    case "inventory_hostname": .value(.string(host.name))
    case "inventory_hostname_short": .value(.string(host.name.prefix { $0 != "." }.description))
    case "group_names": .value(.list(contents.groupNames.map(Value.string)))
    case "groups": .value(.dict(run.current.groups))
    case "hostvars": .mapping(HostVariablesByHost(run: run))
    case "vars": .mapping(ScopeMapping(scope: self))
    case "omit": .value(.omit)
    case "ansible_facts": .value(.dict(factsView))
    default: nil
    }
  }

  /// Facts under their short names: `ansible_os_family` is `os_family`.
  private var factsView: Value.Dict {
    var view = Value.Dict(minimumCapacity: contents.facts.count)
    for (key, value) in contents.facts {
      guard let name = key.string else { continue }
      let isPrefixed = name.hasPrefix("ansible_") && name != "ansible_local"
      view[.string(name == "ansible_local" ? "ansible_local" : isPrefixed ? String(name.dropFirst(8)) : name)] = value
    }
    return view
  }

  private func roleMagic(_ name: String) -> Variable? {
    guard let task else { return nil }
    let roles = task.context.roles
    switch name {
    case "role_name": return roles.first.map { .value(.string($0.role.shortName)) }
    case "ansible_role_name": return roles.first.map { .value(.string($0.role.name)) }
    case "role_path": return roles.first.map { .value(.string($0.role.directory)) }
    case "ansible_collection_name": return roles.first?.role.collection.map { .value(.string($0)) }
    case "ansible_parent_role_names": return includers(roles).map { .value(.list($0.map { .string($0.role.name) })) }
    case "ansible_parent_role_paths": return includers(roles).map { .value(.list($0.map { .string($0.role.directory) })) }
    case "ansible_search_path": return .value(.list(task.searchPath.map(Value.string)))
    default: return nil
    }
  }

  /// The roles whose tasks include or import those further in. A role that depends on another is none: their own include is.
  private func includers(_ roles: [RoleUse]) -> [RoleUse]? {
    let found = zip(roles, roles.dropFirst()).filter { $0.0.isImport || $0.0.isDynamic }.map(\.1)
    return found.isEmpty ? nil : found
  }

  private func playMagic(_ name: String) -> Variable? {
    guard let play else { return nil }
    let members = play.current
    switch name {
    case "playbook_dir": return .value(.string(play.directory))
    case "ansible_play_name": return .value(.string(play.name))
    case "ansible_play_hosts", "play_hosts":
      return .value(.list(members.all.filter { !members.lost.contains($0) }.map(Value.string)))
    case "ansible_play_hosts_all": return .value(.list(members.all.map(Value.string)))
    case "ansible_play_batch":
      return .value(.list(members.batch.filter { !members.lost.contains($0) }.map(Value.string)))
    case "role_names", "ansible_play_role_names": return .value(names(directRoles(members)))
    case "ansible_role_names": return .value(names(members.roles[...]))
    case "ansible_dependent_role_names": return .value(names(dependentRoles(members)))
    default: return nil
    }
  }

  private func directRoles(_ members: PlayVariables.Membership) -> ArraySlice<RoleUse> {
    let dependencies = Set(dependentRoles(members).map(\.role.name))
    return members.roles.filter { !dependencies.contains($0.role.name) }[...]
  }

  private func dependentRoles(_ members: PlayVariables.Membership) -> ArraySlice<RoleUse> {
    members.roles.flatMap(\.role.dependencies)[...]
  }

  private func names(_ roles: ArraySlice<RoleUse>) -> Value {
    var seen = Set<String>()
    return .list(roles.map(\.role.name).filter { seen.insert($0).inserted }.map(Value.string))
  }
}

/// `hostvars`: every host by name, each a dict made on use. Play and task variables are not in it.
package struct HostVariablesByHost: LazyMapping {
  let run: RunVariables

  package init(run: RunVariables) { self.run = run }

  package var keys: [String] { Array(run.current.hosts.keys) }

  package func variable(forKey key: String) -> Variable? {
    guard let record = run.record(of: key) else { return nil }
    if let lock = record.snapshot.lock { return .locked(lock) }
    return .mapping(ScopeMapping(scope: StepScope(run: run, play: nil, host: record), hidden: ["vars", "hostvars", "omit"]))
  }
}

/// A scope as a dict: `vars`, and a host's entry in `hostvars`.
package struct ScopeMapping: LazyMapping {
  let scope: StepScope
  /// What is no part of it: a dict that held itself could never be shown.
  let hidden: Set<String>

  package init(scope: StepScope, hidden: Set<String> = ["vars"]) {
    self.scope = scope
    self.hidden = hidden
  }

  package var keys: [String] { scope.variableNames.filter { variable(forKey: $0) != nil } }

  package func variable(forKey key: String) -> Variable? {
    guard !hidden.contains(key) else { return nil }
    return switch scope.variable(named: key) {
    case .source(let source): .foreign(source, scope)
    case let other: other
    }
  }
}
