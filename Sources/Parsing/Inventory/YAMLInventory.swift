import OrderedCollections
import Model
import Templating
import YAML

/// Reads an inventory in YAML form: groups with `hosts`, `children` and `vars`, from `all` down or side by side.
struct YAMLInventory {
  let reading: VariableReading

  func read(_ root: YAMLNode, into inventory: inout Inventory, _ diagnostics: inout Diagnostics) {
    guard let entries = root.entries else {
      return diagnostics.add(.notGroups(root.kindName, at: root.span))
    }
    for entry in entries { _ = readGroup(entry, into: &inventory, &diagnostics) }
  }

  private func readGroup(
    _ entry: YAMLNode.Entry, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) -> GroupID? {
    guard let name = entry.key.string, !name.isEmpty else {
      diagnostics.add(.badGroupName(entry.key.text ?? "", at: entry.key.span))
      return nil
    }
    let body = entry.value
    guard body.entries != nil || body.isNull else {
      diagnostics.add(.notGroup(name, body.kindName, at: body.span))
      return nil
    }
    let group = inventory.addGroup(name)
    if !name.isIdentifier, inventory.options.groupNames == .never || inventory.options.groupNames == .always {
      diagnostics.add(.oddGroupName(name, isReplaced: inventory.options.groupNames == .always, at: entry.key.span))
    }
    for part in body.entries ?? [] { readPart(part, of: group, into: &inventory, &diagnostics) }
    return group
  }

  private func readPart(
    _ part: YAMLNode.Entry, of group: GroupID, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    let key = part.key.text ?? "", name = inventory[group].name
    guard ["hosts", "children", "vars"].contains(key) else {
      let kind = part.value.entries == nil && !part.value.isNull ? part.value.kindName : nil
      return diagnostics.add(.unknownKey(key, in: name, kind: kind, at: part.key.span))
    }
    // `hosts: web1` is short for `hosts: {web1: }`.
    let nothing = YAMLNode(.scalar("", .plain), at: part.value.span)
    let short = part.value.string.map { _ in YAMLNode.Entry(key: part.value, value: nothing) }
    guard let entries = part.value.entries ?? short.map({ [$0] }) else {
      if !part.value.isNull { diagnostics.add(.notMapping(key, in: name, part.value, at: part.value.span)) }
      return
    }
    switch key {
    case "hosts": for host in entries { readHost(host, of: group, into: &inventory, &diagnostics) }
    case "children":
      for child in entries {
        guard let id = readGroup(child, into: &inventory, &diagnostics) else { continue }
        inventory.addChild(id, to: group, at: child.key.span, &diagnostics)
      }
    default:
      for variable in entries {
        guard let name = checkedName(variable.key, &diagnostics) else { continue }
        let value = reading.value(variable.value, &diagnostics)
        inventory.setGroupVariable(name, to: value, of: group, at: variable.value.span, &diagnostics)
      }
    }
  }

  private func readHost(
    _ entry: YAMLNode.Entry, of group: GroupID, into inventory: inout Inventory, _ diagnostics: inout Diagnostics
  ) {
    guard let pattern = entry.key.string, !pattern.isEmpty else {
      return diagnostics.add(.badHostName(entry.key.text ?? "", at: entry.key.span))
    }
    guard entry.value.entries != nil || entry.value.isNull else {
      return diagnostics.add(.notHostVariables(pattern, entry.value.kindName, at: entry.value.span))
    }
    var variables: OrderedDictionary<String, SourceValue> = [:]
    for variable in entry.value.entries ?? [] {
      guard let name = checkedName(variable.key, &diagnostics) else { continue }
      variables[name] = reading.value(variable.value, &diagnostics)
    }
    let address = HostAddress(pattern, allowsRanges: true)
    do {
      for host in try HostRange.expand(address?.host ?? pattern) {
        let id = inventory.addHost(host, to: group, port: address?.port)
        inventory.setVariables(variables, of: id)
      }
    } catch {
      diagnostics.add(.error(error.message, advice: error.advice, at: entry.key.span))
    }
  }

  private func checkedName(_ key: YAMLNode, _ diagnostics: inout Diagnostics) -> String? {
    guard let name = key.text else {
      diagnostics.add(.error("a variable's name can't be \(key.kindName)", advice: "write name: value", at: key.span))
      return nil
    }
    if !name.isIdentifier { diagnostics.add(.oddVariableName(name, at: key.span)) }
    return name
  }
}

extension Diagnostic {
  private static let shape = "an inventory is a mapping of groups, each with hosts, children or vars"

  fileprivate static func notGroups(_ kind: String, at span: SourceSpan) -> Diagnostic {
    .error("an inventory can't be \(kind)", advice: shape, at: span)
  }

  fileprivate static func badGroupName(_ text: String, at span: SourceSpan) -> Diagnostic {
    .error("'\(text)' is no name for a group", advice: "put quotes around names that read as numbers or booleans", at: span)
  }

  fileprivate static func badHostName(_ text: String, at span: SourceSpan) -> Diagnostic {
    .warning("Host pattern \(text) must be a string: the host is left out", advice: "put quotes around names that read as numbers or booleans", at: span)
  }

  fileprivate static func notGroup(_ name: String, _ kind: String, at span: SourceSpan) -> Diagnostic {
    .warning("'\(name)' is skipped: a group can't be \(kind)", advice: shape, at: span)
  }

  fileprivate static func notMapping(
    _ key: String, in group: String, _ node: YAMLNode, at span: SourceSpan
  ) -> Diagnostic {
    let first = node.items?.first?.string
    return .error(
      "'\(key)' of group '\(group)' must be a mapping, but this is \(node.kindName)",
      advice: first.map { "write each entry as a key: '\($0):'" } ?? "write each entry as a key, as in 'web1:'", at: span)
  }

  fileprivate static func unknownKey(
    _ key: String, in group: String, kind: String?, at span: SourceSpan
  ) -> Diagnostic {
    let nearest = nearestName(to: key, among: ["hosts", "children", "vars"])
    let place = kind == nil ? "a child group belongs under children" : "a variable belongs under vars"
    return .warning(
      "'\(key)' of group '\(group)' is skipped: a group has hosts, children and vars",
      advice: nearest.map { "did you mean '\($0)'?" } ?? place, at: span)
  }

  fileprivate static func notHostVariables(_ host: String, _ kind: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "variables of host '\(host)' must be a mapping, but this is \(kind)",
      advice: "write name: value lines under the host, or nothing", at: span)
  }
}
