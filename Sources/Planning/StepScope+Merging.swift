import Model
import Parsing
import Templating

/// `hash_behaviour: merge`: a dict adds to the dict of the same name on the levels below it.
extension StepScope {
  /// Nil where fewer than two levels have the name: then nothing merges.
  func merged(_ name: String) -> Variable? {
    let found = sources(of: name)
    guard found.count > 1, let lowest = found.last else { return nil }
    return .source(found.dropLast().reversed().reduce(lowest) { below, value in value.replacing(below, merging: true) })
  }

  /// What every level says, highest first. What is not known yet merges with nothing.
  private func sources(of name: String) -> [SourceValue] {
    guard contents.predictions[name] == nil else { return [] }
    let roles = play?.current.publicRoles ?? []
    var found = [run.extraVariables[name]] + (task?.context.parameters ?? []).map { $0[name] }
    found += [contents.values[name].map(SourceValue.value), contents.included[name], task?.task.keywords.vars[name]]
    found += (task?.context.variables ?? []).map { $0[name] }
    found += roles.reversed().map { $0.role.vars[name] }
    found += contents.playFiles.reversed().map { $0[name] }
    found += [play?.prompted[name].map(SourceValue.value), play?.vars[name], contents.facts[.string(name)].map(SourceValue.value)]
    found += contents.inventory.reversed().map { $0[name] }
    found += (task?.context.defaults ?? []).map { $0[name] }
    found += roles.reversed().map { $0.role.defaults[name] }
    return found.compactMap(\.self)
  }
}
