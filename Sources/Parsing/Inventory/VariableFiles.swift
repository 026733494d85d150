import OrderedCollections
import Model
import Synchronization
import Templating

/// `group_vars` and `host_vars`: read when a host first needs them, and kept for all that share them.
package final class VariableFiles: Sendable {
  package enum Kind: String, Sendable { case group = "group_vars", host = "host_vars" }

  /// A file's variables, and what was wrong with it.
  private struct Entry: Sendable {
    var origin: String
    var variables: OrderedDictionary<String, SourceValue>
    var diagnostics: Diagnostics
  }

  private struct Key: Hashable {
    var level: VariableLayer.Level
    var owner: String
    var directory: String
  }

  private struct State {
    /// Names in each `group_vars` or `host_vars` folder met so far; empty where there is none.
    var listings: [String: Set<String>] = [:]
    var layers: [Key: ([VariableLayer], Diagnostics)] = [:]
    var groupLayers: [GroupKey: ([VariableLayer], Diagnostics)] = [:]
    var version = 0
  }

  /// What a host's group layers depend on.
  private struct GroupKey: Hashable {
    var membership: Int
    var playbookDirectories: [String]
  }

  private let reading: VariableReading
  private let extensions: [String]
  private let precedence: [VariableLayer.Level]
  private let state = Mutex(State())

  /// `precedence` orders the six levels of groups, lowest first.
  package init(
    reading: VariableReading, extensions: [String] = InventoryOptions().variableExtensions,
    precedence: [VariableLayer.Level] = VariableLayer.Level.allCases.filter { $0 < .inventoryHost }
  ) {
    self.reading = reading
    self.extensions = extensions
    self.precedence = precedence
  }

  /// All variables that inventory and variable files give a host, lowest precedence first. Layers of groups are shared.
  package func layers(
    of host: HostID, in inventory: Inventory, playbookDirectories: [String], into diagnostics: inout Diagnostics
  ) -> [VariableLayer] {
    let (groupLayers, found) = groupLayers(of: host, in: inventory, playbookDirectories: playbookDirectories)
    diagnostics.add(contentsOf: found)
    return groupLayers
      + hostLayers(of: host, in: inventory, playbookDirectories: playbookDirectories, into: &diagnostics)
  }

  /// What a host has of its own, as `ansible-inventory --export` shows it.
  package func hostLayers(
    of host: HostID, in inventory: Inventory, playbookDirectories: [String], into diagnostics: inout Diagnostics
  ) -> [VariableLayer] {
    var layers = inventory.ownLayers(of: host)
    let name = inventory[host].name
    for (level, directories) in [
      (.inventoryHostFile, inventory.variableDirectories), (.playbookHostFile, playbookDirectories),
    ] as [(VariableLayer.Level, [String])] {
      for directory in directories {
        let (more, found) = fileLayers(level, .host, of: name, in: directory)
        layers += more
        diagnostics.add(contentsOf: found)
      }
    }
    return layers
  }

  /// What a group itself has: the inventory's variables, then those of its files.
  package func ownLayers(
    of group: GroupID, in inventory: Inventory, playbookDirectories: [String], into diagnostics: inout Diagnostics
  ) -> [VariableLayer] {
    let name = inventory[group].name, isAll = group == .all
    var layers = inventory[group].layer.map { [$0] } ?? []
    for (level, directories) in [
      (isAll ? .inventoryAllFile : .inventoryGroupFile, inventory.variableDirectories),
      (isAll ? .playbookAllFile : .playbookGroupFile, playbookDirectories),
    ] as [(VariableLayer.Level, [String])] {
      for directory in directories {
        let (more, found) = fileLayers(level, .group, of: name, in: directory)
        layers += more
        diagnostics.add(contentsOf: found)
      }
    }
    return layers
  }

  /// Forgets what was read: `meta: refresh_inventory`.
  package func forget() { state.withLock { $0 = State() } }

  private func groupLayers(
    of host: HostID, in inventory: Inventory, playbookDirectories: [String]
  ) -> ([VariableLayer], Diagnostics) {
    let key = GroupKey(
      membership: inventory[host].isImplicit ? -1 : inventory.membershipKey(of: host),
      playbookDirectories: playbookDirectories)
    let known = state.withLock { state in
      if state.version != inventory.version {
        state.groupLayers = [:]
        state.version = inventory.version
      }
      return state.groupLayers[key]
    }
    if let known { return known }
    let groups = inventory[host].isImplicit ? [] : inventory.groups(of: host)
    var layers: [VariableLayer] = [], diagnostics = Diagnostics()
    for level in precedence {
      let members: [GroupID] = level.isOfAll ? [.all] : groups
      for directory in level.directories(inventory.variableDirectories, playbookDirectories) {
        for group in members {
          let (more, found) = directory.map { fileLayers(level, .group, of: inventory[group].name, in: $0) }
            ?? (inventory[group].layer.map { [$0] } ?? [], Diagnostics())
          layers += more
          diagnostics.add(contentsOf: found)
        }
      }
    }
    state.withLock { $0.groupLayers[key] = (layers, diagnostics) }
    return (layers, diagnostics)
  }

  private func fileLayers(
    _ level: VariableLayer.Level, _ kind: Kind, of owner: String, in directory: String
  ) -> ([VariableLayer], Diagnostics) {
    // A name that is a path, as some connection types have it, has no files.
    guard !owner.hasPrefix("/") else { return ([], Diagnostics()) }
    let folder = (directory.isEmpty ? "" : directory + "/") + kind.rawValue
    guard let path = path(of: owner, in: folder) else { return ([], Diagnostics()) }
    let key = Key(level: level, owner: owner, directory: directory)
    if let known = state.withLock({ $0.layers[key] }) { return known }
    let entries = (TextFile.isDirectory(path) ? files(under: path) : [path]).map(read)
    var diagnostics = Diagnostics()
    for entry in entries { diagnostics.add(contentsOf: entry.diagnostics) }
    let layers = entries.filter { !$0.variables.isEmpty }.map {
      VariableLayer(level: level, owner: owner, origin: $0.origin, variables: $0.variables)
    }
    state.withLock { $0.layers[key] = (layers, diagnostics) }
    return (layers, diagnostics)
  }

  /// The file or folder of a group or host: the name itself, else the first extension that is there.
  private func path(of owner: String, in folder: String) -> String? {
    let names = listing(of: folder)
    guard !names.isEmpty else { return nil }
    if owner.contains("/") {
      return ([""] + extensions).map { "\(folder)/\(owner)\($0)" }.first(where: TextFile.exists)
    }
    return ([""] + extensions).map { owner + $0 }.first(where: names.contains).map { "\(folder)/\($0)" }
  }

  private func listing(of folder: String) -> Set<String> {
    if let known = state.withLock({ $0.listings[folder] }) { return known }
    let names = Set(TextFile.names(in: folder) ?? [])
    state.withLock { $0.listings[folder] = names }
    return names
  }

  /// Variable files of a folder and those under it, sorted; hidden ones, backups and other extensions are left out.
  private func files(under folder: String) -> [String] {
    (TextFile.names(in: folder) ?? []).flatMap { name -> [String] in
      guard !name.hasPrefix("."), !name.hasSuffix("~") else { return [] }
      let path = "\(folder)/\(name)", kind = TextFile.fileExtension(of: name)
      if TextFile.isDirectory(path) { return kind.isEmpty ? files(under: path) : [] }
      return kind.isEmpty || extensions.contains(kind) ? [path] : []
    }
  }

  private func read(_ path: String) -> Entry {
    do {
      let (variables, diagnostics) = reading.file(SourceFile(path: path, text: try TextFile.read(path)))
      return Entry(origin: path, variables: variables, diagnostics: diagnostics)
    } catch {
      var diagnostics = Diagnostics()
      diagnostics.add(.error("can't read \(path): \(error.reason)", advice: "it holds variables of a host or group", at: nil))
      return Entry(origin: path, variables: [:], diagnostics: diagnostics)
    }
  }
}

extension VariableLayer.Level {
  fileprivate var isOfAll: Bool {
    switch self {
    case .inventoryAll, .inventoryAllFile, .playbookAllFile: true
    case .inventoryGroup, .inventoryGroupFile, .playbookGroupFile, .inventoryHost, .inventoryHostFile, .playbookHostFile:
      false
    }
  }

  /// Folders that the level is looked for in; one nil stands for the inventory itself.
  fileprivate func directories(_ inventory: [String], _ playbook: [String]) -> [String?] {
    switch self {
    case .inventoryAll, .inventoryGroup, .inventoryHost: [nil]
    case .inventoryAllFile, .inventoryGroupFile, .inventoryHostFile: inventory
    case .playbookAllFile, .playbookGroupFile, .playbookHostFile: playbook
    }
  }

  /// The name that the `precedence` setting has for a level of groups.
  package init?(setting name: String) {
    switch name {
    case "all_inventory": self = .inventoryAll
    case "groups_inventory": self = .inventoryGroup
    case "all_plugins_inventory": self = .inventoryAllFile
    case "all_plugins_play": self = .playbookAllFile
    case "groups_plugins_inventory": self = .inventoryGroupFile
    case "groups_plugins_play": self = .playbookGroupFile
    default: return nil
    }
  }
}
