import OrderedCollections
import Model
import Templating

/// Building an inventory, and growing it by `add_host` and `group_by`.
extension Inventory {
  package enum ChildProblem: Error, Sendable {
    case isItself
    /// The way from the child down to the parent, both included.
    case cycle(path: [String])
  }

  /// Finds or adds a group; the name becomes a valid one where settings ask for it.
  package mutating func addGroup(_ name: String) -> GroupID {
    if let known = groupIDs[name] { return known }
    let name = options.groupNames.replacesCharacters ? name.asValidGroupName : name
    if let known = groupIDs[name] { return known }
    let id = GroupID(groups.count)
    groups.append(InventoryGroup(name: name, origin: currentOrigin))
    groupIDs[name] = id
    haveGroupsChanged = true
    return id
  }

  /// Finds or adds a host, and puts it into a group. A port counts only where the host is new.
  @discardableResult
  package mutating func addHost(_ name: String, to group: GroupID? = nil, port: Int? = nil) -> HostID {
    let id = hostIDs[name] ?? newHost(name, port: port)
    guard let group, !self[id].groups.contains(group) else { return id }
    groups[Int(group.index)].hosts.append(id)
    hosts[Int(id.index)].groups.append(group)
    changedHosts.append(id)
    return id
  }

  /// Puts a known host into a group during a run. Hosts run a task side by side, and which of them is first is chance: the inventory's
  /// order holds among those that came last.
  package mutating func addMember(_ host: HostID, to group: GroupID) {
    guard !self[host].groups.contains(group) else { return }
    let index = Int(group.index)
    hosts[Int(host.index)].groups.append(group)
    changedHosts.append(host)
    let place = groups[index].hosts.lastIndex { $0 < host }.map { $0 + 1 } ?? 0
    groups[index].hosts.insert(host, at: place)
  }

  private mutating func newHost(_ name: String, port: Int?) -> HostID {
    let id = HostID(hosts.count)
    var host = InventoryHost(name: name, origin: currentOrigin)
    if let port, port != 0 { host.variables["ansible_port"] = .value(.int(port)) }
    hosts.append(host)
    hostIDs[name] = id
    changedHosts.append(id)
    if explicitLocalhost == nil, InventoryHost.localNames.contains(name) { explicitLocalhost = id }
    return id
  }

  mutating func addImplicitHosts() {
    for name in InventoryHost.localNames {
      var host = InventoryHost(name: name, origin: nil)
      host.variables = ["ansible_connection": .value("local")]
      host.isImplicit = true
      implicitHosts.append(HostID(hosts.count))
      hosts.append(host)
    }
  }

  package mutating func setVariable(_ name: String, to value: SourceValue, of host: HostID) {
    let index = Int(host.index)
    hosts[index].variables[name] = value.replacing(hosts[index].variables[name], merging: options.mergesDicts)
    version += 1
  }

  package mutating func setVariable(_ name: String, to value: SourceValue, of group: GroupID) {
    let index = Int(group.index)
    groups[index].variables[name] = value.replacing(groups[index].variables[name], merging: options.mergesDicts)
    haveGroupsChanged = true
  }

  package mutating func setPriority(_ priority: Int, of group: GroupID) {
    groups[Int(group.index)].priority = priority
    haveGroupsChanged = true
  }

  /// Makes a group a child of another, unless a loop would come of it.
  package mutating func addChild(_ child: GroupID, to parent: GroupID) throws(ChildProblem) {
    guard child != parent else { throw .isItself }
    guard !self[parent].children.contains(child) else { return }
    if let path = wayDown(from: child, to: parent) { throw .cycle(path: path.map { self[$0].name }) }
    connect(child, to: parent)
  }

  mutating func connect(_ child: GroupID, to parent: GroupID) {
    groups[Int(parent.index)].children.append(child)
    groups[Int(child.index)].parents.append(parent)
    haveGroupsChanged = true
  }

  /// Walks from `lower` up to `upper`; nil where `upper` is no ancestor.
  private func wayDown(from upper: GroupID, to lower: GroupID) -> [GroupID]? {
    var childOnWay: [GroupID: GroupID] = [:]
    var open = [lower]
    while let group = open.popLast() {
      for parent in self[group].parents where childOnWay[parent] == nil {
        childOnWay[parent] = group
        open.append(parent)
      }
    }
    guard childOnWay[upper] != nil else { return nil }
    var path = [upper]
    while let last = path.last, last != lower, let next = childOnWay[last] { path.append(next) }
    return path
  }
}

extension InventoryOptions.GroupNames {
  var replacesCharacters: Bool { self == .always || self == .silently }
}

extension String {
  /// With every character that a variable's name could not have replaced by an underscore.
  var asValidGroupName: String {
    var name = ""
    for (place, scalar) in unicodeScalars.enumerated() {
      let isWord = scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      let isFirstDigit = place == 0 && scalar.properties.numericType != nil
      name.unicodeScalars.append(isWord && !isFirstDigit ? scalar : "_")
    }
    return name
  }

  /// Letters, digits and underscores, no digit first: what templates can name.
  var isIdentifier: Bool {
    guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    let isPlain = utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isPlain || (asValidGroupName.utf8.elementsEqual(utf8))
  }
}

extension SourceValue {
  /// This value where an earlier one stood: two dicts merge where settings ask for it.
  package func replacing(_ earlier: SourceValue?, merging: Bool) -> SourceValue {
    guard merging, let old = earlier?.entries, let new = entries else { return self }
    var merged = old
    for (key, value) in new { merged[key] = value.replacing(old[key], merging: true) }
    return .folded(merged)
  }

  private var entries: OrderedDictionary<Value, SourceValue>? {
    switch self {
    case .dict(let entries): entries
    case .value(let value): value.dict?.mapValues { .value($0) }
    case .template, .list: nil
    }
  }
}
