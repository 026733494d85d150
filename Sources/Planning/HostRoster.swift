import Model
import OrderedCollections
import Parsing
import Synchronization
import Templating

/// The inventory as a run uses and changes it: finds hosts, keeps their records, takes in `add_host` and `group_by`.
package final class HostRoster: Sendable {
  private struct State {
    var inventory: Inventory
    var diagnostics = Diagnostics()
    /// What tasks added: a refreshed inventory gets it again.
    var additions: [InventoryAddition] = []
    /// Variable files that no password opens, by host: a play on that host can't start, others can.
    var sealed: [String: [Diagnostic]] = [:]

    /// Takes in what was wrong with a host's files.
    mutating func note(_ found: Diagnostics, of host: String) {
      sealed[host] = found.all.filter(\.isLocked)
      for diagnostic in found.all where !diagnostic.isLocked { diagnostics.add(diagnostic) }
    }
  }

  package let variables: RunVariables
  private let state: Mutex<State>
  private let files: VariableFiles
  private let playbookDirectories: [String]
  private let mismatch: HostSelection.Mismatch
  private let regex: HostSelection.RegexCompiler

  package init(
    _ inventory: Inventory, files: VariableFiles, playbookDirectories: [String], extraVariables: VariableMap,
    constants: [String: Value], mismatch: HostSelection.Mismatch, regex: @escaping HostSelection.RegexCompiler
  ) {
    self.files = files
    self.playbookDirectories = playbookDirectories
    self.mismatch = mismatch
    self.regex = regex
    var state = State(inventory: inventory)
    var hosts = OrderedDictionary<String, HostRecord>(minimumCapacity: inventory.hosts.count)
    for id in inventory.allHosts {
      var found = Diagnostics()
      let contents = Self.contents(of: id, in: inventory, files, playbookDirectories, &found)
      state.note(found, of: inventory[id].name)
      hosts[inventory[id].name] = HostRecord(name: inventory[id].name, contents: contents)
    }
    let implicit = Self.implicitHosts(inventory, files, playbookDirectories, &state)
    self.state = Mutex(state)
    variables = RunVariables(
      extraVariables: extraVariables, constants: constants,
      roster: RunVariables.Roster(hosts: hosts, groups: Self.groups(of: inventory)), implicitHosts: implicit,
      mergesDicts: inventory.options.mergesDicts)
  }

  /// What was wrong with variable files, as far as they were read.
  package var diagnostics: Diagnostics { state.withLock { $0.diagnostics } }

  /// Hosts of a pattern within a limit, in the play's order; `seed` decides on that of `shuffle`.
  package func hosts(
    matching pattern: String, limit: HostLimit?, order: HostSelection.Order = .inventory, seed: String = "", at span: SourceSpan? = nil
  ) -> (hosts: [String], diagnostics: Diagnostics) {
    state.withLock { state in
      var diagnostics = Diagnostics()
      var selection = HostSelection(in: state.inventory, mismatch: mismatch, regex: regex)
      let found = selection.hosts(matching: pattern, limit: limit, at: span, into: &diagnostics)
      var generator = SeededGenerator(seed: seed)
      let names = selection.sorted(found, by: order, using: &generator).map { state.inventory[$0].name }
      for sealed in names.compactMap({ state.sealed[$0] }).joined() { diagnostics.add(sealed) }
      return (names, diagnostics)
    }
  }

  /// `add_host`. False if all of that was so before.
  package func addHost(_ name: String, groups: [String], variables added: VariableMap) -> Bool {
    add(.host(name, groups: groups, variables: added), about: name)
  }

  /// `group_by`. False if the host was in the group before.
  package func add(_ host: String, toGroup group: String, parents: [String]) -> Bool {
    add(.membership(host, group: group, parents: parents), about: host)
  }

  private func add(_ addition: InventoryAddition, about host: String) -> Bool {
    let isNews = state.withLock { addition.isNews(to: $0.inventory) }
    guard isNews else { return false }
    state.withLock { $0.additions.append(addition) }
    change { addition.apply(to: &$0) }
    refreshRecord(host)
    return true
  }

  /// `meta: refresh_inventory`: hosts keep what the run learned about them, and those that tasks added stay.
  package func replace(_ inventory: Inventory) {
    files.forget()
    let additions = state.withLock { $0.additions }
    change { current in
      current = inventory
      for addition in additions { addition.apply(to: &current) }
    }
    let names = state.withLock { state in state.inventory.allHosts.map { state.inventory[$0].name } }
    variables.update { roster in roster.hosts.removeAll { !names.contains($0.key) } }
    for name in names { refreshRecord(name) }
  }

  private func change(_ body: (inout Inventory) -> Void) {
    let groups = state.withLock { state in
      body(&state.inventory)
      state.inventory.reconcile(into: &state.diagnostics)
      return Self.groups(of: state.inventory)
    }
    variables.update { $0.groups = groups }
  }

  private func refreshRecord(_ name: String) {
    let contents = state.withLock { state -> HostRecord.Contents? in
      guard let id = state.inventory.hostOrLocalhost(named: name) else { return nil }
      var found = Diagnostics()
      defer { state.note(found, of: name) }
      return Self.contents(of: id, in: state.inventory, files, playbookDirectories, &found)
    }
    guard let contents else { return }
    let implicit = variables.implicitRecord(of: name)
    variables.update { roster in
      guard let known = roster.hosts[name] ?? implicit else {
        roster.hosts[name] = HostRecord(name: name, contents: contents)
        return
      }
      known.update {
        $0.inventory = contents.inventory
        $0.groupNames = contents.groupNames
        $0.lock = contents.lock
      }
    }
  }

  private static func contents(
    of id: HostID, in inventory: Inventory, _ files: VariableFiles, _ directories: [String],
    _ diagnostics: inout Diagnostics
  ) -> HostRecord.Contents {
    var contents = HostRecord.Contents()
    contents.inventory = files.layers(of: id, in: inventory, playbookDirectories: directories, into: &diagnostics)
      .map(\.variables)
    contents.groupNames = inventory.groupNames(of: id)
    contents.lock = diagnostics.all.first(where: \.isLocked).map { $0.lock(of: inventory[id].name) }
    return contents
  }

  private static func implicitHosts(
    _ inventory: Inventory, _ files: VariableFiles, _ directories: [String], _ state: inout State
  ) -> [String: HostRecord] {
    var records: [String: HostRecord] = [:]
    for name in InventoryHost.localNames where inventory.host(named: name) == nil {
      guard let id = inventory.hostOrLocalhost(named: name), inventory[id].isImplicit else { continue }
      var found = Diagnostics()
      records[name] = HostRecord(
        name: name, isImplicit: true, contents: contents(of: id, in: inventory, files, directories, &found))
      state.note(found, of: name)
    }
    return records
  }

  private static func groups(of inventory: Inventory) -> Value.Dict {
    var groups = Value.Dict(minimumCapacity: inventory.groups.count)
    for group in inventory.groups {
      guard let id = inventory.group(named: group.name) else { continue }
      groups[.string(group.name)] = .list(inventory.hosts(in: id).map { .string(inventory[$0].name) })
    }
    return groups
  }
}

extension Diagnostic {
  fileprivate func lock(of host: String) -> String {
    let file = span.map { "'\($0.file.path)'" } ?? "a file"
    return "the variables of host \(host) cannot be read: \(file): \(message)" + (advice.map { "; \($0)" } ?? "")
  }
}
