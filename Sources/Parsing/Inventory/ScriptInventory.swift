import OrderedCollections
import Model
import Templating

/// Reads what an inventory script prints: JSON of groups, with `_meta.hostvars` or else one more call per host.
struct ScriptInventory {
  /// What messages point to: the script's output as a file.
  let output: SourceFile
  /// Asks the script for one host, where its list has no `_meta`; nil for a file, which can't be asked.
  let variablesOfHost: ((_ host: String, inout Diagnostics) -> Value.Dict?)?

  /// True where JSON has the shape that scripts print.
  static func isListing(_ value: Value) -> Bool { value["_meta"] != nil }

  func read(_ root: Value, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    guard let groups = root.dict else {
      return report("the inventory is no JSON object", "print an object of groups", &diagnostics)
    }
    var hosts: OrderedSet<String> = []
    for (name, body) in groups {
      guard let name = name.string, name != "_meta" else { continue }
      readGroup(name, body, into: &inventory, &hosts, &diagnostics)
    }
    readHosts(hosts, meta: groups["_meta"], into: &inventory, &diagnostics)
  }

  private func readGroup(
    _ name: String, _ body: Value, into inventory: inout Inventory, _ hosts: inout OrderedSet<String>,
    _ diagnostics: inout Diagnostics
  ) {
    guard !name.isEmpty else { return report("a group has an empty name", "give it one", &diagnostics) }
    let group = inventory.addGroup(name)
    var parts = body.dict ?? ["hosts": body]
    if body.dict != nil, parts["hosts"] == nil, parts["vars"] == nil, parts["children"] == nil {
      // A very old form: the group is a host, and these are its variables.
      parts = ["hosts": [.string(name)], "vars": body]
    }
    for host in list("hosts", of: name, in: parts, &diagnostics) {
      inventory.addHost(host, to: group)
      hosts.append(host)
    }
    if let variables = parts["vars"] {
      if variables.dict == nil {
        report("'vars' of group '\(name)' is no object", "print an object of variables", &diagnostics)
      }
      for (key, value) in source(variables.dict ?? [:], &diagnostics) {
        inventory.setGroupVariable(key, to: value, of: group, at: place, &diagnostics)
      }
    }
    for child in list("children", of: name, in: parts, &diagnostics) {
      inventory.addChild(inventory.addGroup(child), to: group, at: place, &diagnostics)
    }
  }

  private func list(
    _ key: String, of group: String, in parts: Value.Dict, _ diagnostics: inout Diagnostics
  ) -> [String] {
    guard let value = parts[.string(key)] else { return [] }
    guard let elements = value.list else {
      report("'\(key)' of group '\(group)' is no list", "print a list of names", &diagnostics)
      return []
    }
    return elements.compactMap { element in
      if let name = element.string, !name.isEmpty { return name }
      report("'\(key)' of group '\(group)' holds \(element.json), which is no name", "print names as text", &diagnostics)
      return nil
    }
  }

  private func readHosts(
    _ hosts: OrderedSet<String>, meta: Value?, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    if let meta, meta["hostvars"]?.dict == nil {
      return report("'_meta' has no object 'hostvars'", "print {\"_meta\": {\"hostvars\": {}}}", &diagnostics)
    }
    let known = meta?["hostvars"]?.dict
    for host in hosts {
      guard let id = inventory.host(named: host) else { continue }
      let variables: Value.Dict?
      if let known {
        let found = known[.string(host)]
        variables = found?.dict
        if let found, variables == nil, found != .null {
          report("variables of host '\(host)' are no object", "print an object of variables", &diagnostics)
        }
      } else {
        variables = variablesOfHost?(host, &diagnostics)
      }
      if let variables { inventory.setVariables(source(variables, &diagnostics), of: id) }
    }
  }

  private func source(_ variables: Value.Dict, _ diagnostics: inout Diagnostics) -> OrderedDictionary<String, SourceValue> {
    var sources = OrderedDictionary<String, SourceValue>(minimumCapacity: variables.count)
    for (name, value) in variables {
      guard let name = name.string else { continue }
      sources[name] = Self.source(value, at: place, &diagnostics)
    }
    return sources
  }

  /// Scripts may mark text that is no template: `{"__ansible_unsafe": "…"}`.
  private static func source(_ value: Value, at place: SourceSpan, _ diagnostics: inout Diagnostics) -> SourceValue {
    switch value {
    case .dict(let entries):
      if entries.count == 1, let plain = entries["__ansible_unsafe"] { return .value(plain) }
      return .folded(entries.mapValues { source($0, at: place, &diagnostics) })
    case .list(let elements): return .folded(elements.map { source($0, at: place, &diagnostics) })
    default: return SourceValue(trusting: value, at: place, &diagnostics)
    }
  }

  private var place: SourceSpan { SourceSpan(file: output, line: 1, column: 1, length: 1) }

  private func report(_ message: String, _ advice: String, _ diagnostics: inout Diagnostics) {
    diagnostics.add(.error("\(output.path): \(message)", advice: advice, at: nil))
  }
}
