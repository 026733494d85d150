import Model
import OrderedCollections
import Templating
import YAML

/// Ansible's inventory plugin `constructed`: variables and groups that expressions make of what earlier sources say of a host.
package struct ConstructedInventory {
  /// What expressions are evaluated with.
  package struct Evaluation: Sendable {
    package var renderer: Renderer
    /// `-e`, seen where the file says `use_extra_vars`.
    package var extraVariables: OrderedDictionary<String, SourceValue>

    package init(renderer: Renderer, extraVariables: OrderedDictionary<String, SourceValue> = [:]) {
      self.renderer = renderer
      self.extraVariables = extraVariables
    }
  }

  static let names: Set = ["constructed", "ansible.builtin.constructed"]

  let root: YAMLNode
  let reading: VariableReading
  let evaluation: Evaluation

  func read(into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    inventory.reconcile(into: &diagnostics)
    let directories = inventory.variableDirectories
    // Variable files are looked into only on request: most expressions do without them.
    if !flag("use_vars_plugins") { inventory.variableDirectories = [] }
    let files = VariableFiles(reading: reading, extensions: inventory.options.variableExtensions)
    for host in inventory.allHosts {
      compose(host, scope(of: host, inventory, files, &diagnostics), &inventory, &diagnostics)
      let scope = scope(of: host, inventory, files, &diagnostics)
      addToGroups(host, scope, &inventory, &diagnostics)
      for entry in root["keyed_groups"]?.items ?? [] { addToKeyedGroups(entry, host, scope, &inventory, &diagnostics) }
    }
    inventory.variableDirectories = directories
  }

  private func flag(_ name: String, otherwise: Bool = false) -> Bool { root[name]?.value().bool ?? otherwise }

  private func scope(
    of host: HostID, _ inventory: Inventory, _ files: VariableFiles, _ diagnostics: inout Diagnostics
  ) -> LayeredScope {
    var variables: [String: Variable] = [
      "inventory_hostname": .value(.string(inventory[host].name)),
      "inventory_hostname_short": .value(.string(inventory[host].shortName)),
      "group_names": .value(.list(inventory.groupNames(of: host).map(Value.string))),
    ]
    var layers = files.layers(of: host, in: inventory, playbookDirectories: [], into: &diagnostics).map(\.variables)
    if flag("use_extra_vars") { layers.append(evaluation.extraVariables) }
    for (name, value) in layers.joined() { variables[name] = .source(value) }
    return LayeredScope(variables)
  }

  /// What an expression comes to; a failure counts only where the file is `strict`.
  private func value(
    of node: YAMLNode, _ scope: LayeredScope, _ purpose: String, _ diagnostics: inout Diagnostics
  ) -> Value? {
    do throws(TemplateError) {
      let expression = try Template.compileExpression(node.text ?? "", at: node.span)
      return try evaluation.renderer.value(of: .template(expression), in: scope)
    } catch {
      if flag("strict") { diagnostics.add(.error("\(purpose): \(error.diagnostic.message)", at: node.span)) }
      return nil
    }
  }

  private func compose(
    _ host: HostID, _ scope: LayeredScope, _ inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    for entry in root["compose"]?.entries ?? [] {
      let name = entry.key.text ?? ""
      let purpose = "could not set \(name) for host \(inventory[host].name)"
      guard let value = value(of: entry.value, scope, purpose, &diagnostics) else { continue }
      inventory.setVariable(name, to: .value(value), of: host)
    }
  }

  private func addToGroups(
    _ host: HostID, _ scope: LayeredScope, _ inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    for entry in root["groups"]?.entries ?? [] {
      let name = entry.key.text ?? ""
      let purpose = "could not add host \(inventory[host].name) to group \(name)"
      guard let value = value(of: entry.value, scope, purpose, &diagnostics) else { continue }
      guard let holds = value.revealed.bool else {
        if flag("strict") { diagnostics.add(.error("\(purpose): the condition comes to \(value.pythonTypeName)", at: entry.value.span)) }
        continue
      }
      if holds { inventory.addHost(inventory[host].name, to: inventory.addGroup(name.asValidGroupName)) }
    }
  }

  private func addToKeyedGroups(
    _ entry: YAMLNode, _ host: HostID, _ scope: LayeredScope, _ inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    guard entry.entries != nil, let expression = entry["key"] else {
      return diagnostics.add(.error("an entry of keyed_groups must be a mapping with a key", at: entry.span))
    }
    let purpose = "could not generate a group for host \(inventory[host].name)"
    guard let key = value(of: expression, scope, purpose, &diagnostics) else { return }
    let naming = KeyedGroupNaming(entry, hasLeadingSeparator: flag("leading_separator", otherwise: true))
    guard let names = naming.names(of: key.revealed) else {
      if flag("strict") { diagnostics.add(.error("\(purpose): the key comes to nothing that names a group", at: expression.span)) }
      return
    }
    let parent = entry["parent_group"].flatMap { parentName($0, scope, purpose, &diagnostics) }
    for name in names {
      let group = inventory.addGroup(name.asValidGroupName)
      inventory.addHost(inventory[host].name, to: group)
      if let parent { inventory.addChild(group, to: inventory.addGroup(parent.asValidGroupName), at: entry.span, &diagnostics) }
    }
  }

  private func parentName(
    _ node: YAMLNode, _ scope: LayeredScope, _ purpose: String, _ diagnostics: inout Diagnostics
  ) -> String? {
    let source = reading.value(node, &diagnostics)
    do throws(TemplateError) {
      let value = try evaluation.renderer.value(of: source, in: scope)
      return value == .null || value == .omit ? nil : value.pythonText
    } catch {
      if flag("strict") { diagnostics.add(.error("\(purpose): \(error.diagnostic.message)", at: node.span)) }
      return nil
    }
  }
}

/// How `keyed_groups` makes names of a key: `PREFIX SEPARATOR VALUE`, one for each element of a list or entry of a dict.
struct KeyedGroupNaming {
  private let prefix: String
  private let separator: String
  private let defaultValue: String?
  private let hasTrailingSeparator: Bool
  private let hasLeadingSeparator: Bool

  init(_ entry: YAMLNode, hasLeadingSeparator: Bool) {
    prefix = entry["prefix"]?.text ?? ""
    separator = entry["separator"]?.text ?? "_"
    defaultValue = entry["default_value"].flatMap { $0.isNull ? nil : $0.text }
    hasTrailingSeparator = entry["trailing_separator"]?.value().bool ?? true
    self.hasLeadingSeparator = hasLeadingSeparator
  }

  /// Nil for a key that can't name anything; an empty list or dict names no group, which is fine.
  func names(of key: Value) -> [String]? {
    let bare: [String]
    switch key {
    case .list(let elements): bare = elements.map { isEmpty($0) ? defaultValue ?? $0.pythonText : $0.pythonText }
    case .dict(let entries): bare = entries.map { name($0.key.pythonText, $0.value) }
    case _ where isEmpty(key):
      guard let defaultValue else { return nil }
      bare = [defaultValue]
    default:
      guard let text = key.string else { return nil }
      bare = [text]
    }
    let lead = prefix.isEmpty && !hasLeadingSeparator ? "" : prefix + separator
    return bare.map { lead + $0 }
  }

  private func name(_ key: String, _ value: Value) -> String {
    guard isEmpty(value) else { return key + separator + value.pythonText }
    if let defaultValue { return key + separator + defaultValue }
    return hasTrailingSeparator ? key + separator + value.pythonText : key
  }

  private func isEmpty(_ value: Value) -> Bool { value == .null || value == "" }
}
