import OrderedCollections
import Model
import Templating

/// What follows from hosts and groups as written: who is ungrouped, what hangs under `all`, depths, merge order.
extension Inventory {
  /// Brings derived state up to date after changes. Costs little where only a few hosts changed.
  package mutating func reconcile(into diagnostics: inout Diagnostics) {
    hangRootsUnderAll()
    if haveGroupsChanged {
      measureDepths()
      makeGroupLayers()
      memberships = []
      membershipIDs = [:]
      changedHosts = hosts.indices.map(HostID.init)
    }
    sortOutUngrouped()
    for host in changedHosts { assignMembership(of: host) }
    warnOfSharedNames(into: &diagnostics)
    changedHosts = []
    haveGroupsChanged = false
    version += 1
  }

  private mutating func hangRootsUnderAll() {
    guard haveGroupsChanged else { return }
    for index in groups.indices.dropFirst() where groups[index].parents.isEmpty {
      connect(GroupID(index), to: .all)
    }
  }

  /// Depth is the longest way from `all`; parents are measured before their children.
  private mutating func measureDepths() {
    var openParents = groups.map(\.parents.count)
    var ready = groups.indices.filter { openParents[$0] == 0 }
    for index in ready { groups[index].depth = 0 }
    while let index = ready.popLast() {
      for child in groups[index].children.map({ Int($0.index) }) {
        groups[child].depth = max(groups[child].depth, groups[index].depth + 1)
        openParents[child] -= 1
        if openParents[child] == 0 { ready.append(child) }
      }
    }
  }

  private mutating func makeGroupLayers() {
    for index in groups.indices {
      let group = groups[index]
      guard !group.variables.isEmpty else { continue }
      groups[index].layer = VariableLayer(
        level: index == 0 ? .inventoryAll : .inventoryGroup, owner: group.name,
        origin: group.origin.map { origins[Int($0)].path } ?? "added by the run", variables: group.variables)
    }
  }

  /// A host in another group is not ungrouped; one in no group but `all` is.
  private mutating func sortOutUngrouped() {
    var leaving: Set<HostID> = []
    for host in changedHosts where !self[host].isImplicit {
      let others = self[host].groups.contains { $0 != .all && $0 != .ungrouped }
      let isUngrouped = self[host].groups.contains(.ungrouped)
      if others, isUngrouped {
        leaving.insert(host)
        hosts[Int(host.index)].groups.removeAll { $0 == .ungrouped }
      } else if !others, !isUngrouped {
        groups[Int(GroupID.ungrouped.index)].hosts.append(host)
        hosts[Int(host.index)].groups.append(.ungrouped)
      }
    }
    if !leaving.isEmpty { groups[Int(GroupID.ungrouped.index)].hosts.removeAll { leaving.contains($0) } }
  }

  private mutating func assignMembership(of host: HostID) {
    let direct = self[host].groups
    if let known = membershipIDs.index(forKey: direct) {
      // The array of the first host with these groups replaces this host's own equal one.
      hosts[Int(host.index)].groups = membershipIDs[known].key
      hosts[Int(host.index)].membership = membershipIDs[known].value
      return
    }
    let id = Int32(memberships.count)
    memberships.append(membership(of: direct))
    membershipIDs[direct] = id
    hosts[Int(host.index)].membership = id
  }

  private func membership(of direct: [GroupID]) -> Membership {
    var seen = Set(direct), open = direct
    while let group = open.popLast() {
      for parent in self[group].parents where seen.insert(parent).inserted { open.append(parent) }
    }
    seen.remove(.all)
    let merged = seen.sorted { mergesBefore(self[$0], self[$1]) }
    return Membership(merged: merged, names: merged.map { self[$0].name }.sorted(by: isBeforeByScalars))
  }

  private func mergesBefore(_ left: InventoryGroup, _ right: InventoryGroup) -> Bool {
    if left.depth != right.depth { return left.depth < right.depth }
    if left.priority != right.priority { return left.priority < right.priority }
    return isBeforeByScalars(left.name, right.name)
  }

  private mutating func warnOfSharedNames(into diagnostics: inout Diagnostics) {
    for host in changedHosts where groupIDs[self[host].name] != nil {
      diagnostics.add(.warning(
        "both a group and a host have the name '\(self[host].name)'",
        advice: "patterns with this name mean the host; rename one of the two", at: nil))
    }
  }
}

/// Python's order of strings: by code point.
func isBeforeByScalars(_ left: String, _ right: String) -> Bool {
  left.utf8.lexicographicallyPrecedes(right.utf8)
}
