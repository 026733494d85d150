import OrderedCollections
import Model
import Templating

/// Hosts, groups, and the variables that the inventory itself gives them.
///
/// Hosts and groups are numbered; lists of them are lists of numbers. Hosts that are in the same groups share one
/// `Membership`. Changes (`addHost`, `setVariable` …) take effect for queries once `reconcile` has run.
package struct Inventory: Sendable {
  /// A file, script or list that hosts came from.
  package struct Origin: Sendable {
    /// Absolute path, or the text of a host list: `inventory_file`.
    package var path: String
    /// Nil for a host list: `inventory_dir`.
    package var directory: String?
    /// `inventory_file` and `inventory_dir`, once for all hosts of it.
    package var layer: VariableLayer
  }

  /// All groups that hosts of one kind are in.
  struct Membership: Sendable {
    /// Ancestors included, `all` left out, in the order in which variables merge.
    var merged: [GroupID]
    /// As `group_names`.
    var names: [String]
  }

  /// In the order in which they were met.
  package internal(set) var hosts: [InventoryHost] = []
  /// `all` and `ungrouped`, then as met.
  package internal(set) var groups: [InventoryGroup] = []
  package internal(set) var origins: [Origin] = []
  /// Folders beside which `group_vars` and `host_vars` are looked for, one per `-i`, lowest precedence first.
  package internal(set) var variableDirectories: [String] = []
  /// Grows with every change: whoever caches what an inventory said compares this.
  package internal(set) var version = 0
  package var options: InventoryOptions

  var hostIDs: [String: HostID] = [:]
  var groupIDs: [String: GroupID] = [:]
  var memberships: [Membership] = []
  var membershipIDs: [[GroupID]: Int32] = [:]
  /// The host that stands for the controller, if the inventory names one: the first such.
  var explicitLocalhost: HostID?
  var implicitHosts: [HostID] = []
  var changedHosts: [HostID] = []
  var haveGroupsChanged = true
  var currentOrigin: Int32?

  package init(options: InventoryOptions = InventoryOptions()) {
    self.options = options
    _ = addGroup("all")
    _ = addGroup("ungrouped")
    connect(.ungrouped, to: .all)
    addImplicitHosts()
    var none = Diagnostics()
    reconcile(into: &none)
  }

  package subscript(id: HostID) -> InventoryHost { hosts[Int(id.index)] }
  package subscript(id: GroupID) -> InventoryGroup { groups[Int(id.index)] }

  /// A host that the inventory names.
  package func host(named name: String) -> HostID? { hostIDs[name] }

  package func group(named name: String) -> GroupID? { groupIDs[name] }

  /// A host by name; a name for the controller finds the inventory's own host for it, else an implicit one.
  package func hostOrLocalhost(named name: String) -> HostID? {
    if let id = hostIDs[name] { return id }
    guard let place = InventoryHost.localNames.firstIndex(of: name) else { return nil }
    return explicitLocalhost ?? implicitHosts[place]
  }

  /// Hosts of a group and of all groups under it, each once: its own first, then those of its children, level by level.
  /// The implicit localhost may be in groups, and is never one of `all`.
  package func hosts(in group: GroupID) -> [HostID] {
    var seen = [Bool](repeating: false, count: hosts.count)
    var found: [HostID] = []
    for kin in descendants(of: group) {
      for host in self[kin].hosts where !seen[Int(host.index)] && !(group == .all && self[host].isImplicit) {
        seen[Int(host.index)] = true
        found.append(host)
      }
    }
    return found
  }

  /// All hosts of the inventory, in the order in which `all` lists them.
  package var allHosts: [HostID] { hosts(in: .all) }

  /// The group and all groups under it, level by level, each once.
  package func descendants(of group: GroupID) -> [GroupID] {
    var seen: Set<GroupID> = [group]
    var found = [group], next = 0
    while next < found.count {
      for child in self[found[next]].children where seen.insert(child).inserted { found.append(child) }
      next += 1
    }
    return found
  }

  /// Groups of a host, ancestors included, without `all`, in the order in which their variables merge.
  package func groups(of host: HostID) -> [GroupID] {
    memberships[Int(self[host].membership)].merged
  }

  /// `group_names`: sorted names of a host's groups, without `all`.
  package func groupNames(of host: HostID) -> [String] {
    memberships[Int(self[host].membership)].names
  }

  /// Equal for hosts that are in the same groups: the key under which what depends on groups alone can be cached.
  package func membershipKey(of host: HostID) -> Int { Int(self[host].membership) }

  /// The layer of `inventory_file` and `inventory_dir`, then that of the host's own variables.
  package func ownLayers(of host: HostID) -> [VariableLayer] {
    let entry = self[host]
    let origin = entry.origin.map { origins[Int($0)] }
    var layers = origin.map { [$0.layer] } ?? []
    if !entry.variables.isEmpty {
      let place = origin?.path ?? (entry.isImplicit ? "implicit" : "added by the run")
      layers.append(
        VariableLayer(level: .inventoryHost, owner: entry.name, origin: place, variables: entry.variables))
    }
    return layers
  }
}

/// What settings say about reading inventories.
package struct InventoryOptions: Sendable {
  /// `force_valid_group_names`: what happens to characters that no variable name could have.
  package enum GroupNames: String, Sendable, CaseIterable { case never, ignore, always, silently }

  package var groupNames: GroupNames = .never
  /// `hash_behaviour = merge`: dicts given twice are merged instead of replaced.
  package var mergesDicts = false
  /// `inventory_ignore_extensions`, which a directory's files must not end with.
  package var ignoredExtensions = [
    ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".cfg", ".retry",
  ]
  /// `inventory_ignore_patterns`: regular expressions by which a directory's files are left out.
  package var ignoredPatterns: [String] = []
  /// `any_unparsed_is_failed`: a source that can't be read is an error, not a warning.
  package var isUnreadableSourceError = false
  /// `unparsed_is_failed`: no source that could be read is an error.
  package var isEmptyInventoryError = false
  /// `inventory_unparsed_warning`.
  package var warnsOfEmptyInventory = true
  /// `yaml_valid_extensions`, for variable files.
  package var variableExtensions = [".yml", ".yaml", ".json"]
  /// How long an inventory script may run.
  package var scriptTimeoutSeconds = 120.0

  package init() {}
}
