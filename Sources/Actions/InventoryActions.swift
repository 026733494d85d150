import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// `add_host`: a host that later plays find in the inventory.
package struct AddHostAction: Action {
  package static let name = "add_host"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    var variables = step.arguments
    guard let written = variables.removeFirst(of: ["name", "hostname", "host"])?.string, !written.isEmpty else {
      throw .message("name, host or hostname needs to be provided")
    }
    // What is no address may still be a host's name.
    let address = HostAddress(written, allowsRanges: false), name = address?.host ?? written
    if let port = address?.port, port != 0 { variables["ansible_ssh_port"] = .int(port) }
    let groups = names(variables.removeFirst(of: ["groups", "group", "groupname"]))
    let result: Value.Dict = [
      "add_host": [
        "groups": .list(groups.map(Value.string)), "host_name": .string(name), "host_vars": .dict(variables),
      ]
    ]
    let isChange = step.inventory.addHost(name, groups, VariableMap(hostVariables: variables))
    return ActionOutcome(
      StepResult(isChange ? .changed : .ok, result), effects: [.addHost(name: name, groups: groups, variables: variables)])
  }

  private func names(_ value: Value?) -> [String] {
    switch value?.revealed {
    case .string(let text): text.split(separator: ",").map { $0.trimmed }
    case .list(let elements): elements.compactMap(\.string)
    default: []
    }
  }
}

/// `group_by`: puts the host into a group named by a value.
package struct GroupByAction: Action {
  package static let name = "group_by"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let key = step.arguments["key"], key != .null else { throw .message("the 'key' param is required when using group_by") }
    let parents = (step.arguments["parents"]?.list ?? [step.arguments["parents"] ?? "all"]).compactMap(\.string)
    let name = key.pythonText.replacing(" ", with: "-"), above = parents.map { $0.replacing(" ", with: "-") }
    let result: Value.Dict = ["add_group": .string(name), "parent_groups": .list(above.map(Value.string))]
    let isChange = step.inventory.addToGroup(step.scope.host.name, name, above)
    return ActionOutcome(StepResult(isChange ? .changed : .ok, result), effects: [.addToGroup(name: name, parents: above)])
  }
}

extension VariableMap {
  /// What `add_host` says about a host.
  package init(hostVariables: Model.Value.Dict) {
    self.init(hostVariables.map { ($0.key.revealedText, SourceValue.value($0.value)) }) { $1 }
  }
}

extension Value.Dict {
  /// Takes out all of these keys; the first that is there counts.
  fileprivate mutating func removeFirst(of keys: [Value]) -> Value? {
    var found: Value?
    for key in keys {
      let value = removeValue(forKey: key)
      found = found ?? value
    }
    return found == .null ? nil : found
  }
}

extension Substring {
  var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
