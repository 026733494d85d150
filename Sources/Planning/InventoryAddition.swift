import Model
import Parsing
import Templating

/// What a task adds to the inventory.
enum InventoryAddition {
  case host(String, groups: [String], variables: VariableMap)
  case membership(String, group: String, parents: [String])

  /// Whether the inventory is another one with it.
  func isNews(to inventory: Inventory) -> Bool {
    switch self {
    case .host(let name, let groups, let variables):
      guard let host = inventory.host(named: name) else { return true }
      let known = inventory[host].variables, merges = inventory.options.mergesDicts
      let isSaid = variables.allSatisfy { name, value in
        known[name].map { value.replacing($0, merging: merges).asWritten == $0.asWritten } ?? false
      }
      return !isSaid || groups.contains { !inventory.holds(host, in: $0) }
    case .membership(let name, let group, let parents):
      guard let host = inventory.hostOrLocalhost(named: name) else { return false }
      guard inventory.holds(host, in: group), let id = inventory.group(named: group) else { return true }
      return parents.contains { $0 != "all" && inventory.group(named: $0).map { !inventory[$0].children.contains(id) } ?? true }
    }
  }

  func apply(to inventory: inout Inventory) {
    switch self {
    case .host(let name, let groups, let variables):
      let host = inventory.addHost(name, to: .all)
      for (name, value) in variables { inventory.setVariable(name, to: value, of: host) }
      for group in groups { inventory.addHost(name, to: inventory.addGroup(group)) }
    case .membership(let host, let group, let parents):
      guard let host = inventory.hostOrLocalhost(named: host) else { return }
      let id = inventory.addGroup(group)
      for parent in parents where parent != "all" { try? inventory.addChild(id, to: inventory.addGroup(parent)) }
      inventory.addMember(host, to: id)
    }
  }
}

extension Inventory {
  fileprivate func holds(_ host: HostID, in group: String) -> Bool {
    self.group(named: group).map { self[$0].hosts.contains(host) } ?? false
  }
}
