import Model
import OrderedCollections
import Parsing
import YAML

/// What `martlet inventory` prints: the texts of `ansible-inventory`, made of an inventory and its rendered variables.
package struct InventoryListing {
  package let inventory: Inventory
  /// Hosts that `--limit` leaves, in order.
  package var hosts: [HostID]
  /// All variables of a host, or with `--export` only its own.
  package var variablesOfHost: (HostID) -> Value.Dict
  /// A group's own variables, for `--export` and `--vars`.
  package var variablesOfGroup: (GroupID) -> Value.Dict
  /// Groups show their variables, and hosts only their own.
  package var isExport: Bool

  package init(
    of inventory: Inventory, hosts: [HostID]? = nil, isExport: Bool = false,
    variablesOfHost: @escaping (HostID) -> Value.Dict, variablesOfGroup: @escaping (GroupID) -> Value.Dict
  ) {
    self.inventory = inventory
    self.hosts = hosts ?? inventory.allHosts
    self.isExport = isExport
    self.variablesOfHost = variablesOfHost
    self.variablesOfGroup = variablesOfGroup
  }

  package enum Format: Sendable { case json, yaml, toml }

  /// `--list`.
  package func list(_ format: Format) throws(TOMLText.Unwritable) -> String {
    switch format {
    case .json: try text(of: .dict(scriptForm()), format)
    case .yaml: try text(of: .dict(treeForm()), format)
    case .toml: try text(of: .dict(flatForm()), format)
    }
  }

  /// `--host`.
  package func host(_ host: HostID, _ format: Format) throws(TOMLText.Unwritable) -> String {
    try text(of: .dict(shown(variablesOfHost(host))), format)
  }

  /// `--graph`, from a group down; `showsVariables` is `--vars`.
  package func graph(from group: GroupID = .all, showsVariables: Bool = false) -> String {
    var lines: [String] = []
    addGraph(of: group, depth: 0, showsVariables: showsVariables, to: &lines)
    return lines.joined(separator: "\n")
  }

  private func text(of value: Value, _ format: Format) throws(TOMLText.Unwritable) -> String {
    switch format {
    case .toml: return String(try TOMLText(value.dict ?? [:]).text.dropLast())
    case .json: return value.json(JSONEncoding(ensureASCII: false, indent: 4, sortsKeys: true))
    case .yaml:
      var style = YAMLStyle()
      style.defaultFlowStyle = false
      // The texts of all formats end without a line break: whoever prints them adds it.
      return String(YAMLEmitter.text(of: value.masked, style: style).dropLast())
    }
  }

  /// Variables that Ansible counts as its own and leaves out.
  private static let internalNames: Set<String> = [
    "ansible_async_path", "ansible_collection_name", "ansible_config_file", "ansible_dependent_role_names",
    "ansible_diff_mode", "ansible_facts", "ansible_forks", "ansible_inventory_sources", "ansible_limit",
    "ansible_play_batch", "ansible_play_hosts", "ansible_play_hosts_all", "ansible_play_role_names",
    "ansible_playbook_python", "ansible_role_name", "ansible_role_names", "ansible_run_tags", "ansible_skip_tags",
    "ansible_verbosity", "ansible_version", "inventory_dir", "inventory_file", "inventory_hostname",
    "inventory_hostname_short", "groups", "group_names", "hostvars", "playbook_dir", "play_hosts", "role_name",
    "role_names", "role_path", "role_uuid",
  ]

  private func shown(_ variables: Value.Dict) -> Value.Dict {
    variables.filter { !Self.internalNames.contains($0.key.string ?? "") }
  }

  private func groupVariables(_ group: GroupID) -> Value.Dict {
    var variables = shown(variablesOfGroup(group))
    let priority = inventory[group].priority
    if priority != 1 { variables["ansible_group_priority"] = .int(priority) }
    return variables
  }
}

extension InventoryListing {
  /// Groups side by side, and all hosts' variables under `_meta`: what an inventory script prints.
  private func scriptForm() -> Value.Dict {
    let listed = Set(hosts)
    var groups: Value.Dict = [:], seen: Set<GroupID> = []
    addScriptForm(of: .all, listed, &groups, &seen)
    var variables: Value.Dict = [:]
    for host in hosts {
      let own = shown(variablesOfHost(host))
      if !own.isEmpty { variables[.string(inventory[host].name)] = .dict(own) }
    }
    groups["_meta"] = ["hostvars": .dict(variables), "profile": "inventory_legacy"]
    return groups
  }

  private func addScriptForm(
    of group: GroupID, _ listed: Set<HostID>, _ groups: inout Value.Dict, _ seen: inout Set<GroupID>
  ) {
    var body: Value.Dict = [:]
    let members = group == .all ? [] : inventory[group].hosts.filter(listed.contains)
    if !members.isEmpty { body["hosts"] = .list(members.map { .string(inventory[$0].name) }) }
    let children = inventory[group].children
    if !children.isEmpty { body["children"] = .list(children.map { .string(inventory[$0].name) }) }
    for child in children where seen.insert(child).inserted { addScriptForm(of: child, listed, &groups, &seen) }
    if isExport {
      let variables = groupVariables(group)
      if !variables.isEmpty { body["vars"] = .dict(variables) }
    }
    if !body.isEmpty { groups[.string(inventory[group].name)] = .dict(body) }
  }

  /// Groups within groups from `all` down; a host's variables stand where it is met first.
  private func treeForm() -> Value.Dict {
    let listed = Set(hosts)
    var seenHosts: Set<HostID> = [], seenGroups: Set<GroupID> = []
    return treeForm(of: .all, listed, &seenHosts, &seenGroups)
  }

  private func treeForm(
    of group: GroupID, _ listed: Set<HostID>, _ seenHosts: inout Set<HostID>, _ seenGroups: inout Set<GroupID>
  ) -> Value.Dict {
    var children: Value.Dict = [:]
    for child in inventory[group].children {
      if seenGroups.contains(child) {
        children[.string(inventory[child].name)] = [:]
      } else {
        children.merge(treeForm(of: child, listed, &seenHosts, &seenGroups)) { _, last in last }
        seenGroups.insert(child)
      }
    }
    var members: Value.Dict = [:]
    for host in group == .all ? [] : inventory[group].hosts where listed.contains(host) {
      let isFirst = seenHosts.insert(host).inserted
      members[.string(inventory[host].name)] = .dict(isFirst ? shown(variablesOfHost(host)) : [:])
    }
    var body: Value.Dict = [:]
    if !children.isEmpty { body["children"] = .dict(children) }
    if !members.isEmpty { body["hosts"] = .dict(members) }
    if isExport {
      let variables = groupVariables(group)
      if !variables.isEmpty { body["vars"] = .dict(variables) }
    }
    return body.isEmpty ? [:] : [.string(inventory[group].name): .dict(body)]
  }
}

extension InventoryListing {
  /// Groups side by side, a group before those in it; a host's variables stand where it is met first.
  private func flatForm() -> Value.Dict {
    let listed = Set(hosts)
    var form: Value.Dict = [:], seen: Set<HostID> = []
    addFlatForm(of: .all, listed, &form, &seen)
    return form.filter { $0.value != .dict([:]) }
  }

  private func addFlatForm(of group: GroupID, _ listed: Set<HostID>, _ form: inout Value.Dict, _ seen: inout Set<HostID>) {
    let name = Value.string(inventory[group].name)
    form[name] = form[name] ?? [:]
    var body: Value.Dict = [:]
    let children = inventory[group].children
    if group != .all, !children.isEmpty { body["children"] = .list(children.map { .string(inventory[$0].name) }) }
    for child in children { addFlatForm(of: child, listed, &form, &seen) }
    var members: Value.Dict = [:]
    for host in group == .all ? [] : inventory[group].hosts where listed.contains(host) {
      members[.string(inventory[host].name)] = .dict(seen.insert(host).inserted ? shown(variablesOfHost(host)) : [:])
    }
    if !members.isEmpty { body["hosts"] = .dict(members) }
    if isExport, case let variables = groupVariables(group), !variables.isEmpty { body["vars"] = .dict(variables) }
    form[name] = .dict(body)
  }
}

extension InventoryListing {
  private func addGraph(of group: GroupID, depth: Int, showsVariables: Bool, to lines: inout [String]) {
    lines.append(line("@\(inventory[group].name):", depth))
    for child in inventory[group].children {
      addGraph(of: child, depth: depth + 1, showsVariables: showsVariables, to: &lines)
    }
    for host in group == .all ? [] : inventory[group].hosts {
      lines.append(line(inventory[host].name, depth + 1))
      if showsVariables { add(shown(variablesOfHost(host)), depth: depth + 2, to: &lines) }
    }
    if showsVariables { add(groupVariables(group), depth: depth + 1, to: &lines) }
  }

  private func add(_ variables: Value.Dict, depth: Int, to lines: inout [String]) {
    let texts = variables.map { (name: $0.key.pythonText, value: $0.value.pythonText) }
    for text in texts.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
      lines.append(line("{\(text.name) = \(text.value)}", depth))
    }
  }

  private func line(_ text: String, _ depth: Int) -> String {
    depth == 0 ? text : String(repeating: "  |", count: depth) + "--" + text
  }
}

extension Value {
  /// Secrets as `***`, for printers that show what they are given.
  fileprivate var masked: Value {
    switch self {
    case .secret: return .string(Secret.mask)
    case .list(let elements): return .list(elements.map { $0.masked })
    case .dict(let entries): return .dict(entries.mapValues { $0.masked })
    case .null, .bool, .int, .bigInt, .float, .string, .source, .timestamp, .omit: return self
    }
  }
}
