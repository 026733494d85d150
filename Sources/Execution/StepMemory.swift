import Actions
import Model

/// A step's report as a value: what a resumed run takes in place of running the step again.
struct StepMemory {
  var report: StepReport

  /// Nil where an effect has no form as a value: includes and files of variables. They touch the controller only, and are
  /// read again.
  var value: Value? {
    var effects: [Value] = []
    for effect in report.effects {
      guard let value = effect.remembered else { return nil }
      effects.append(value)
    }
    var fields: Value.Dict = [
      "outcome": .dict(report.outcome.fields), "effects": .list(effects), "end": .string(report.end.rawValue),
      "doubt": .bool(report.isInDoubt),
    ]
    if let (name, value) = report.registered { fields["registered"] = [.string(name), value] }
    return .dict(fields)
  }

  init(_ report: StepReport) { self.report = report }

  /// Nil where the value is none of a report: it was written by another Martlet, say.
  init?(_ value: Value) {
    guard let outcome = value["outcome"]?.dict.flatMap(StepOutcome.init(fields:)),
      let effects = value["effects"]?.list?.map(StepEffect.init(remembered:)), !effects.contains(where: { $0 == nil }),
      let end = value["end"]?.string.flatMap(RunState.StepEnd.init)
    else { return nil }
    report = StepReport(outcome: outcome, effects: effects.compactMap(\.self), end: end)
    if let pair = value["registered"]?.list, pair.count == 2, let name = pair[0].string { report.registered = (name, pair[1]) }
    report.isInDoubt = value["doubt"]?.bool ?? false
    // Where it stood before it was part of the outcome.
    if value["rescued"]?.bool == true { report.outcome.isRescued = true }
  }
}

extension StepEffect {
  fileprivate var remembered: Value? {
    switch self {
    case .values(let values, let isCacheable): ["values", .dict(values), .bool(isCacheable)]
    case .facts(let facts): ["facts", .dict(facts)]
    case .addHost(let name, let groups, let variables):
      ["add_host", .string(name), .list(groups.map(Value.string)), .dict(variables)]
    case .addToGroup(let name, let parents): ["add_to_group", .string(name), .list(parents.map(Value.string))]
    case .stats(let stats, let aggregates, let isPerHost): ["stats", .dict(stats), .bool(aggregates), .bool(isPerHost)]
    case .about(let host, let effect): effect.remembered.map { ["about", .string(host), $0] }
    case .includedVariables, .includeTasks, .includeRole, .meta: nil
    }
  }

  fileprivate init?(remembered value: Value) {
    guard let parts = value.list, parts.count > 1 else { return nil }
    func texts(_ index: Int) -> [String] { parts[index].list?.compactMap(\.string) ?? [] }
    switch (parts[0].string, parts.count) {
    case ("values", 3): self = .values(parts[1].dict ?? [:], isCacheable: parts[2].bool ?? false)
    case ("facts", 2): self = .facts(parts[1].dict ?? [:])
    case ("add_host", 4): self = .addHost(name: parts[1].string ?? "", groups: texts(2), variables: parts[3].dict ?? [:])
    case ("add_to_group", 3): self = .addToGroup(name: parts[1].string ?? "", parents: texts(2))
    case ("stats", 4):
      self = .stats(parts[1].dict ?? [:], aggregates: parts[2].bool ?? false, isPerHost: parts[3].bool ?? false)
    case ("about", 3):
      guard let effect = StepEffect(remembered: parts[2]) else { return nil }
      self = .about(host: parts[1].string ?? "", effect)
    default: return nil
    }
  }
}
