import Model
import OrderedCollections
import Parsing
import Templating

/// The variables that a step sees, resolved one by one in Ansible's order of precedence. Nothing is merged beforehand.
///
/// From the top: loop and delegation, what the run itself knows, `-e` (22), include parameters (21), role parameters (20),
/// set_fact and register (19), include_vars (18), task (17), block (16) and role vars (15), vars_files (14), vars_prompt
/// (13), play vars (12), facts (11), inventory (3-10), role defaults (2).
package struct StepScope: VariableScope {
  package let run: RunVariables
  package var play: PlayVariables?
  package let host: HostRecord
  package var task: PlannedTask?
  /// Loop variables, `ansible_loop`, and what a delegation adds.
  package var temporary: [String: Variable] = [:]
  /// Where a delegated task runs.
  package var address: Variable?
  /// Another host's facts under the delegating host's name space, for `delegate_to`.
  package var contents: HostRecord.Contents

  package init(run: RunVariables, play: PlayVariables?, host: HostRecord, task: PlannedTask? = nil) {
    self.run = run
    self.play = play
    self.host = host
    self.task = task
    contents = host.snapshot
  }

  package func variable(named name: String) -> Variable? {
    if let found = temporary[name] { return found }
    if let found = magic(name) { return found }
    if run.mergesDicts, let merged = merged(name) { return merged }
    if let found = run.extraVariables[name] { return .source(found) }
    if let found = first(task?.context.parameters, name) { return found }
    if let found = learned(name) { return found }
    if let found = contents.included[name] { return .source(found) }
    if let found = taskVariable(name) { return found }
    if let found = playVariable(name) { return found }
    if let found = contents.facts[.string(name)] { return .value(found) }
    if let found = first(contents.inventory.reversed(), name) { return found }
    if let found = roleDefault(name) { return found }
    // Tasks know the address that they are run at even where nothing sets it.
    return name == "ansible_host" && task != nil ? address ?? .value(.string(host.name)) : nil
  }

  package var variableNames: [String] {
    var names = Set(temporary.keys)
    names.formUnion(Self.magicNames)
    names.formUnion(run.constants.keys)
    names.formUnion(run.extraVariables.keys)
    names.formUnion(contents.values.keys)
    names.formUnion(contents.predictions.keys)
    for layer in layers { names.formUnion(layer.keys) }
    names.formUnion(play?.prompted.keys.map { $0 } ?? [])
    names.formUnion(contents.facts.keys.compactMap(\.string))
    return names.sorted()
  }

  /// Every layer of source variables, highest first.
  private var layers: [VariableMap] {
    let roles = play?.current.publicRoles ?? []
    var layers = task?.context.parameters ?? []
    layers.append(contents.included)
    if let task { layers.append(task.task.keywords.vars) }
    layers += task?.context.variables ?? []
    layers += roles.map(\.role.vars)
    layers += contents.playFiles.reversed()
    if let play { layers.append(play.vars) }
    layers += contents.inventory.reversed()
    layers += task?.context.defaults ?? []
    layers += roles.map(\.role.defaults)
    return layers
  }
}

// MARK: - layers

extension StepScope {
  /// `set_fact` and `register`; while a plan is made, as far as they can be known.
  private func learned(_ name: String) -> Variable? {
    if let prediction = contents.predictions[name] { return prediction.variable(contents.values[name]) }
    return contents.values[name].map(Variable.value)
  }

  private func taskVariable(_ name: String) -> Variable? {
    guard let task else { return nil }
    if let own = task.task.keywords.vars[name] { return .source(own) }
    return first(task.context.variables, name)
  }

  private func playVariable(_ name: String) -> Variable? {
    guard let play else { return nil }
    for use in play.current.publicRoles.reversed() {
      if let value = use.role.vars[name] { return .source(value) }
    }
    if let value = first(contents.playFiles.reversed(), name) { return value }
    if let value = play.prompted[name] { return .value(value) }
    return play.vars[name].map(Variable.source)
  }

  private func roleDefault(_ name: String) -> Variable? {
    if let value = first(task?.context.defaults, name) { return value }
    for use in play?.current.publicRoles.reversed() ?? [] {
      if let value = use.role.defaults[name] { return .source(value) }
    }
    return nil
  }

  private func first(_ layers: (some Sequence<VariableMap>)?, _ name: String) -> Variable? {
    guard let layers else { return nil }
    for layer in layers {
      if let value = layer[name] { return .source(value) }
    }
    return nil
  }
}
