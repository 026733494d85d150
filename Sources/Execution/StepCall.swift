import Actions
import Model
import ModuleLibrary
import OrderedCollections
import Parsing
import Planning
import Templating
import Transport

/// One item's call of a module or action: its arguments rendered and checked once, then run once per attempt.
struct StepCall: Sendable {
  let attempts: StepAttempts
  let manifest: ModuleManifest
  let arguments: CheckedArguments
  let link: HostLink
  let isCheck: Bool
  let isDiff: Bool
  private let delegate: HostRecord?
  private let delegatesFacts: Bool

  var delegateName: String? { delegate?.name }

  /// What the step has put or kept in a state; nothing in check mode, or where it goes on by itself.
  func resources(_ result: StepResult) -> [ManagedResource] {
    guard !isCheck, task.task.asyncSeconds == nil else { return [] }
    return StepResources(manifest, arguments, becomeUser: link.become?.user).resources(result)
  }

  private var environment: RunEnvironment { attempts.runner.environment }
  private var task: PlannedTask { attempts.runner.task }

  init(attempts: StepAttempts, keywords: StepKeywords, delegate: HostRecord?) throws(ActionFailure) {
    self.attempts = attempts
    let runner = attempts.runner, environment = runner.environment
    manifest = try Self.manifest(runner.task, keywords, environment)
    isCheck = try rendering(try keywords.flag(\.checkMode)) ?? environment.options.isCheck
    isDiff = try rendering(try keywords.flag(\.diff)) ?? environment.options.isDiff
    _ = try rendering(try keywords.throttle())
    if let source = runner.task.task.concurrency {
      let value = try rendering(try environment.renderer.value(of: source, in: attempts.scope))
      if let mistake = RunState.NamedLimit.mistake(in: value) { throw .message(mistake) }
    }
    self.delegate = delegate
    delegatesFacts = try rendering(try keywords.flag(\.delegateFacts)) ?? false
    arguments = try CallArguments(call: manifest, task: runner.task, scope: attempts.scope, keywords: keywords)
      .checked(environment)
    for (name, value) in arguments where manifest.options[name]?.isSecret == true || value.isSecret {
      environment.registerSecret(Secret(value))
    }
    link = try HostLink(
      environment: environment, keywords: keywords, target: delegate ?? runner.host, isDelegated: delegate != nil,
      reference: runner.reference, isCheck: isCheck, isDiff: isDiff, send: runner.send)
    if let problem = link.problem, environment.actions.action(named: manifest.name) == nil { throw .message(problem.reason) }
  }

  func run() async throws(ActionFailure) -> StepAttempts.Outcome {
    var outcome: StepAttempts.Outcome
    if let async = try asyncStep() {
      outcome = StepAttempts.Outcome(result: try await async.run(manifest, arguments))
      outcome.blames = "Module failed"
    } else if let action = environment.actions.action(named: manifest.name) {
      outcome = try await Self.outcome(of: action, actionStep)
    } else {
      outcome = StepAttempts.Outcome(result: try await link.run(manifest, arguments))
      outcome.blames = "Module failed"
      // Shown at `-vvv` only; results are not made larger for nothing.
      if environment.options.verbosity > 2 { outcome.result.fields["invocation"] = invocation }
    }
    if let facts = outcome.result.fields["ansible_facts"]?.dict, outcome.effects.isEmpty {
      outcome.effects.append(.facts(facts))
    }
    outcome.delegatedTo = delegate?.name
    if let user = link.become?.user, ![.ok, .skipped].contains(outcome.result.status) { outcome.becomeUsers = [user] }
    if delegatesFacts, let delegate { outcome.effects = outcome.effects.map { $0.learned(about: delegate.name) } }
    return outcome
  }

  /// Nil where the task is not to run for itself.
  private func asyncStep() throws(ActionFailure) -> AsyncStep? {
    func number(_ source: SourceValue?) throws(TemplateError) -> Int? {
      guard let source else { return nil }
      return try environment.renderer.value(of: source, in: attempts.scope).asNumber.map { Int($0) }
    }
    guard let seconds = try rendering(try number(task.task.asyncSeconds)), seconds > 0 else { return nil }
    let poll = try rendering(try number(task.task.pollSeconds)) ?? environment.connection.settings.pollSeconds
    return AsyncStep(link: link, seconds: seconds, pollSeconds: poll)
  }

  /// What the module was called with; options that are secrets are not told.
  private var invocation: Value {
    let shown = arguments.map { name, value -> (Value, Value) in
      let isSecret = manifest.options[name]?.isSecret == true && value != .null
      return (.string(name), isSecret ? "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER" : value)
    }
    return ["module_args": .dict(Value.Dict(shown, uniquingKeysWith: { $1 }))]
  }

  /// An action's own complaint is its result; trouble with templates or the host goes on to the step.
  private static func outcome(of action: any Action, _ step: ActionStep) async throws(ActionFailure) -> StepAttempts.Outcome {
    var outcome: StepAttempts.Outcome
    do throws(ActionFailure) {
      let done = try await action.run(step)
      outcome = StepAttempts.Outcome(result: done.result)
      outcome.effects = done.effects
      outcome.isCensored = done.isHidden
    } catch .failed(let result) {
      outcome = StepAttempts.Outcome(result: result)
    }
    outcome.blames = "Action failed"
    return outcome
  }

  private var actionStep: ActionStep {
    var step = ActionStep(
      task: task, arguments: Value.Dict(uniqueKeysWithValues: arguments.map { (.string($0.key), $0.value) }),
      scope: attempts.scope, renderer: environment.renderer, host: link,
      files: ControllerFiles(
        directories: task.searchPath,
        unseal: arguments["decrypt"]?.bool == false ? nil : environment.unseal, note: environment.noteFile),
      catalog: environment.catalog,
      readVariables: { [includes = environment.includes] path throws(ActionFailure) in try includes.read(path) },
      isCheck: isCheck, isDiff: isDiff, verbosity: environment.options.verbosity)
    step.inventory = environment.inventory
    return step
  }

  private static func manifest(
    _ task: PlannedTask, _ keywords: StepKeywords, _ environment: RunEnvironment
  ) throws(ActionFailure) -> ModuleManifest {
    var name = task.task.module.written
    if let template = task.task.moduleTemplate {
      name = try rendering(try keywords.renderer.value(of: .template(template), in: keywords.scope)).asText
    }
    guard let manifest = environment.catalog.manifest(named: name) else {
      throw .message("no module named '\(name)' was found")
    }
    return manifest
  }
}

/// From a task's arguments as written to what its module takes.
struct CallArguments {
  let manifest: ModuleManifest
  let task: PlannedTask
  let scope: StepScope
  let keywords: StepKeywords

  init(call manifest: ModuleManifest, task: PlannedTask, scope: StepScope, keywords: StepKeywords) {
    self.manifest = manifest
    self.task = task
    self.scope = scope
    self.keywords = keywords
  }

  func checked(_ environment: RunEnvironment) throws(ActionFailure) -> CheckedArguments {
    let rendered = try rendering(try self.rendered(environment))
    do throws(ArgumentProblem) {
      return try ArgumentCheck(manifest).checked(rendered)
    } catch {
      throw .failed(.failed(error.message))
    }
  }

  /// `module_defaults`, then a variable given as all arguments, then the arguments themselves; `omit` takes one out.
  private func rendered(_ environment: RunEnvironment) throws(TemplateError) -> Value.Dict {
    let written = task.task.arguments, renderer = keywords.renderer
    let unrendered = environment.actions.unrenderedArguments(of: manifest.name)
    let given = Set(written.values.keys)
    var values = try finalizing { () throws(TemplateError) in try keywords.moduleDefaults(for: manifest, besides: given) }
    if let variable = written.variable { values.merge(try splatted(variable)) { $1 } }
    for (name, source) in written.values {
      if unrendered.contains(name) {
        values[.string(name)] = source.asWritten
        continue
      }
      let key = try written.keyTemplates[name].map { template throws(TemplateError) in
        try parameterName(of: template)
      }
      values[.string(key ?? name)] = try argument(key ?? name, source)
    }
    if let freeForm = written.freeForm {
      values[.string(manifest.freeFormOption ?? "_raw_params")] = try renderer.value(of: freeForm, in: scope)
    }
    if manifest.name == "gather_facts", let setup = environment.catalog.manifest(named: "setup") {
      values = try keywords.moduleDefaults(for: setup, besides: given).merging(values) { $1 }
    }
    if let handedOn = HandedOn.table[manifest.name] { values = try handedOn.completed(values, keywords, environment) }
    return values.filter { $0.value != .omit }.mapValues(\.withoutOmitted)
  }

  private func argument(_ name: String, _ source: SourceValue) throws(TemplateError) -> Value {
    try finalizing { () throws(TemplateError) in try keywords.argument(name, source) }
  }

  private func finalizing<Made>(_ make: () throws(TemplateError) -> Made) throws(TemplateError) -> Made {
    do throws(TemplateError) { return try make() } catch {
      guard error.kind != .unknown else { throw error }
      var error = error
      error.diagnostic.message = "\(finalization) failed: \(error.diagnostic.message)"
      throw error
    }
  }

  private var finalization: String { "Finalization of task args for '\(manifest.qualifiedNames.first ?? manifest.name)'" }

  /// A variable given as all arguments is a dict, or `omit`.
  private func splatted(_ variable: SourceValue) throws(TemplateError) -> Value.Dict {
    let value = try keywords.renderer.value(of: variable, in: scope)
    if let arguments = value.dict { return arguments }
    if value == .omit || value == .null { return [:] }
    let message = "\(finalization) failed: they must be a dict, not '\(value.pythonTypeName)'"
    throw TemplateError(.type, .error(message, at: variable.span))
  }

  private func parameterName(of template: Template) throws(TemplateError) -> String {
    let value = try keywords.renderer.value(of: .template(template), in: scope)
    if let name = value.string { return name }
    let message = "Invalid variable name '\(value.pythonText)' of type '\(value.pythonTypeName)': a name is a text"
    throw TemplateError(.type, .error(message, at: template.span))
  }
}

extension Value {
  /// Entries of dicts inside that came to `omit` count as not given.
  fileprivate var withoutOmitted: Value {
    switch self {
    case .dict(let entries): .dict(entries.filter { $0.value != .omit }.mapValues(\.withoutOmitted))
    case .list(let elements): .list(elements.filter { $0 != .omit }.map(\.withoutOmitted))
    case .null, .bool, .int, .bigInt, .float, .string, .source, .timestamp, .secret, .omit: self
    }
  }
}
