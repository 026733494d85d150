import Model
import Parsing
import Planning
import Templating

/// A play's own keywords, rendered with what is known before hosts are: extra, prompted and play variables.
struct PlaySettings: Sendable {
  var strategy: RunState.Strategy
  /// How many hosts each batch has; the last entry of `serial` repeats.
  var batchSizes: [Int]
  var maxFailPercentage: Double?
  var anyErrorsFatal: Bool
  var forcesHandlers: Bool
  var gathersFacts: Bool
  /// False under `gathering = smart`: hosts whose facts are known are passed over.
  var gathersKnownFacts: Bool

  init(_ target: ExecutionLoop.PlayTarget, hostCount: Int, environment: RunEnvironment) throws(TemplateError) {
    let play = target.play, options = environment.options
    let scope = PlayScope(target: target, extra: environment.variables.extraVariables)
    func value(_ source: SourceValue?) throws(TemplateError) -> Value? {
      guard let source else { return nil }
      let value = try environment.renderer.value(of: source, in: scope)
      return value == .omit || value == .null ? nil : value
    }
    let name = try value(play.strategy)?.asText ?? options.defaultStrategy
    let short = name.split(separator: ".").last.map(String.init) ?? name
    guard let strategy = RunState.Strategy(rawValue: short) else {
      throw TemplateError(.runtime, unknownStrategy(name, at: play.span))
    }
    self.strategy = strategy
    var serial: [Value] = []
    for entry in play.serial {
      let entry = try value(entry) ?? 0
      serial += entry.list ?? [entry]
    }
    batchSizes = Self.batchSizes(serial, hostCount)
    maxFailPercentage = try value(play.maxFailPercentage)?.asNumber
    anyErrorsFatal = try value(play.keywords.anyErrorsFatal)?.asFlag ?? options.anyErrorsFatal
    forcesHandlers = try value(play.forceHandlers)?.asFlag ?? options.forcesHandlers
    let gathers = try value(play.gatherFacts)?.asFlag
    gathersFacts = gathers ?? (options.gathering != "explicit")
    gathersKnownFacts = options.gathering != "smart"
  }

  private static func batchSizes(_ serial: [Value], _ hostCount: Int) -> [Int] {
    let sizes = serial.map { entry -> Int in
      if let text = entry.string, text.hasSuffix("%") {
        return max(1, Int(Double(hostCount) * (Double(text.dropLast()) ?? 100) / 100))
      }
      return entry.asNumber.map { Int($0) } ?? hostCount
    }.map { $0 > 0 ? $0 : hostCount }
    guard let last = sizes.last else { return [hostCount] }
    var all = sizes
    while all.reduce(0, +) < hostCount { all.append(last) }
    return all
  }
}

/// What a play's own keywords see.
package struct PlayScope: VariableScope {
  let target: ExecutionLoop.PlayTarget
  let extra: VariableMap

  package init(target: ExecutionLoop.PlayTarget, extra: VariableMap) {
    self.target = target
    self.extra = extra
  }

  package func variable(named name: String) -> Variable? {
    if let value = extra[name] { return .source(value) }
    if let value = target.prompted[name] { return .value(value) }
    if name == "playbook_dir" { return .value(.string(target.play.directory)) }
    if name == "omit" { return .value(.omit) }
    return target.play.allVars[name].map(Variable.source)
  }

  package var variableNames: [String] { Array(extra.keys) + Array(target.prompted.keys) + Array(target.play.allVars.keys) }
}

private func unknownStrategy(_ name: String, at span: SourceSpan) -> Diagnostic {
  let known = RunState.Strategy.allCases.map(\.rawValue)
  return .error(
    "unknown strategy '\(name)'",
    advice: nearestName(to: name, among: known).map { "did you mean '\($0)'?" } ?? "known are \(known.joined(separator: ", "))",
    at: span)
}

extension Renderer {
  /// What tags come to: each may be a template, a list, or names with commas between them.
  package func tagNames(_ tags: [SourceValue], in scope: some VariableScope) throws(TemplateError) -> Set<String> {
    var names: Set<String> = []
    for tag in tags {
      let value = try self.value(of: tag, in: scope)
      for text in value.list?.map(\.asText) ?? [value.asText] { names.formUnion(text.split(separator: ",").map(String.init)) }
    }
    return names
  }
}
