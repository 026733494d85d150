import Model
import Templating
import YAML

extension RunbookParser {
  func readTaskKeyword(
    _ entry: YAMLNode.Entry, into task: inout RunbookTask, in context: SourceContext, _ diagnostics: inout Diagnostics
  ) {
    let (node, span, name) = (entry.value, entry.key.span, entry.key.text ?? "")
    if task.isInclude, !KeywordNames.include.contains(name), KeywordNames.handler.contains(name) {
      return diagnostics.add(.notForIncludes(name, task.module.short, at: span))
    }
    if KeywordNames.task.contains(name), keywords.read(entry, into: &task.keywords, &diagnostics) { return }
    switch name {
    case "action", "local_action", "args", "loop_control": break
    case "register": task.register = register(node, &diagnostics)
    case "changed_when": task.changedWhen = values.conditions(node, into: &diagnostics)
    case "failed_when": task.failedWhen = values.conditions(node, into: &diagnostics)
    case "until": task.until = node.isNull ? nil : values.conditions(node, into: &diagnostics)
    case "retries": task.retries = keywords.typed(node, .int, span, &diagnostics)
    case "delay": task.delaySeconds = keywords.typed(node, .number, span, &diagnostics)
    case "async": task.asyncSeconds = keywords.typed(node, .int, span, &diagnostics)
    case "poll": task.pollSeconds = keywords.typed(node, .int, span, &diagnostics)
    case "loop": addLoop(.loop(values.value(of: node, into: &diagnostics)), at: span, to: &task, &diagnostics)
    case "listen" where context.isHandlerList: task.listen = values.list(node, into: &diagnostics)
    case "id": task.id = keywords.names(node, "id", &diagnostics).first
    case "needs": task.needs = keywords.names(node, "needs", &diagnostics)
    case "retry_safe": task.retrySafe = keywords.typed(node, .bool, span, &diagnostics)
    case "concurrency": task.concurrency = concurrency(node, &diagnostics)
    case "rollback":
      let list = node.entries == nil ? node : YAMLNode(.sequence([node]), at: node.span)
      task.rollback = tasks(list, "rollback", in: context, into: &diagnostics)
    case _ where name.hasPrefix("with_"): addLookupLoop(entry, to: &task, &diagnostics)
    default: addUnknown(name, in: context, at: span, &diagnostics)
    }
  }

  /// A second module is told where the modules are read.
  private func addUnknown(
    _ name: String, in context: SourceContext, at span: SourceSpan, _ diagnostics: inout Diagnostics
  ) {
    if isModule(name, in: context) { return }
    var diagnostic =
      name == "listen"
      ? Diagnostic.error("'listen' belongs to handlers", at: span)
      : .unknownKeyword(name, of: "task", context.isHandlerList ? KeywordNames.handler : KeywordNames.task, at: span)
    if !settings.refusesUnknownTaskKeywords { diagnostic.severity = .warning }
    diagnostics.add(diagnostic)
  }

  private func register(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> SourceValue? {
    if node.isNull { return nil }
    guard let name = node.string, VariableName.isValid(name) else {
      diagnostics.add(.badVariableName(node.text ?? node.kindName, at: node.span))
      return nil
    }
    return .value(.string(name))
  }

  private func addLookupLoop(_ entry: YAMLNode.Entry, to task: inout RunbookTask, _ diagnostics: inout Diagnostics) {
    let span = entry.key.span
    let lookup = String((entry.key.text ?? "").dropFirst("with_".count))
    if let known = settings.lookupNames, !known.contains(ModuleName.short(lookup)) {
      let advice = nearestName(to: lookup, among: known.sorted()).map { "did you mean 'with_\($0)'?" }
      var problem = Diagnostic.error("unknown lookup '\(lookup)'", advice: advice, at: span)
      problem.missingPlugin = MissingPlugin(.lookup, lookup)
      return diagnostics.add(problem)
    }
    if entry.value.isNull {
      return diagnostics.add(.error("'with_\(lookup)' needs something to loop over", at: span))
    }
    let terms = values.value(of: entry.value, into: &diagnostics)
    addLoop(.lookup(name: lookup, terms: terms), at: span, to: &task, &diagnostics)
  }

  private func addLoop(
    _ source: Loop.Source, at span: SourceSpan, to task: inout RunbookTask, _ diagnostics: inout Diagnostics
  ) {
    if let loop = task.loop {
      diagnostics.add(.error("the task loops already in line \(loop.span.line): it can have one loop", at: span))
    } else {
      task.loop = Loop(source: source, span: span)
    }
  }

  func readLoopControl(_ node: YAMLNode, into task: inout RunbookTask, _ diagnostics: inout Diagnostics) {
    if node.isNull { return }
    guard let entries = node.entries else {
      return diagnostics.add(.wrongKind("loop_control", "a mapping", node))
    }
    var loop = task.loop ?? Loop(source: .loop(.value(.null)), span: node.span)
    for entry in entries {
      let (node, span) = (entry.value, entry.key.span)
      switch entry.key.text {
      case "loop_var": loop.variable = loopVariable(node, &diagnostics)
      case "index_var": loop.indexVariable = loopVariable(node, &diagnostics)
      case "label": loop.label = values.value(of: node, into: &diagnostics)
      case "pause": loop.pauseSeconds = keywords.typed(node, .number, span, &diagnostics)
      case "extended": loop.isExtended = keywords.typed(node, .bool, span, &diagnostics)
      case "extended_allitems": loop.includesAllItems = keywords.typed(node, .bool, span, &diagnostics)
      case "break_when": loop.breakWhen = node.isNull ? [] : values.conditions(node, into: &diagnostics)
      case let name?: diagnostics.add(.unknownKeyword(name, of: "loop_control", KeywordNames.loopControl, at: span))
      case nil: break
      }
    }
    if task.loop != nil { task.loop = loop }
  }

  private func loopVariable(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> SourceValue? {
    if node.isNull { return nil }
    let value = values.value(of: node, into: &diagnostics)
    if let constant = value.constant, !(constant.string.map(VariableName.isValid) ?? false) {
      diagnostics.add(.badVariableName(node.text ?? node.kindName, at: node.span))
    }
    return value
  }
}

extension RunbookTask {
  var isInclude: Bool { module.builtin == "include_tasks" || module.builtin == "include_role" }
}

extension Diagnostic {
  fileprivate static func notForIncludes(_ name: String, _ module: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "\(module) cannot have '\(name)' itself", advice: "put it under 'apply', to hand it to the tasks included",
      at: span)
  }
}
