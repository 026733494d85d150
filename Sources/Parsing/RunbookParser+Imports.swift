import Model
import OrderedCollections
import Templating
import YAML

extension RunbookParser {
  /// A name that must be known before the run: templates in it may use `-e`, the play's variables and the like.
  func staticName(
    _ node: YAMLNode, _ statement: String, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> String? {
    staticName(values.value(of: node, into: &diagnostics), statement, at: node.span, in: context, into: &diagnostics)
  }

  func staticName(
    _ value: SourceValue, _ statement: String, at span: SourceSpan, in context: SourceContext,
    into diagnostics: inout Diagnostics
  ) -> String? {
    do throws(TemplateError) {
      let name =
        if let constant = value.constant { constant } else {
          try settings.renderer.value(of: value, in: staticScope(context))
        }
      if let text = name.string, !text.isEmpty { return text }
      if let number = name.int { return String(number) }
      diagnostics.add(.error("\(statement) needs a name", at: span))
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.advice =
        "\(statement) is read before the run: a name in it may use -e, play, role and task variables, but "
        + "no facts and nothing of the inventory"
      diagnostics.add(diagnostic)
    }
    return nil
  }

  private func staticScope(_ context: SourceContext) -> LayeredScope {
    var magic: OrderedDictionary<String, SourceValue> = ["playbook_dir": .value(.string(context.playDirectory))]
    if let role = context.role {
      magic["role_path"] = .value(.string(role.directory))
      magic["role_name"] = .value(.string(role.name))
    }
    let layers = [settings.extraVariables, magic] + context.variables
    let merged = layers.reduce(into: [String: Variable]()) { merged, layer in
      for (name, value) in layer where merged[name] == nil { merged[name] = .source(value) }
    }
    return LayeredScope(merged)
  }

  /// The tasks of an `import_tasks`, as a block under the import's keywords.
  func importTasks(
    _ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> TaskNode? {
    checkIncludeArguments(task, known: ["file"], into: &diagnostics)
    if let loop = task.loop {
      diagnostics.add(.error("import_tasks cannot loop", advice: "use include_tasks", at: loop.span))
    }
    guard let file = task.arguments.freeForm ?? task.arguments.values["file"] else {
      diagnostics.add(.noFile("import_tasks", at: task.module.span))
      return nil
    }
    let span = task.arguments.spans["file"] ?? task.arguments.span
    guard let name = staticName(file, "import_tasks", at: span, in: context, into: &diagnostics) else { return nil }
    let found = findTaskFile(name, from: context)
    guard let path = found.path else {
      diagnostics.add(.noSuchFile(name, found.places.map(files.shownPath), at: span))
      return nil
    }
    guard let chain = extended(context.chain, by: path, at: span, into: &diagnostics) else { return nil }
    var inner = context.including(name)
    inner.chain = chain
    var block = TaskBlock(
      span: task.span, origin: .importTasks, tasks: tasks(ofFile: path, in: inner, at: span, into: &diagnostics))
    block.keywords = task.keywords
    return .block(block)
  }

  func includeTasks(
    _ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> RunbookTask {
    var task = task
    checkIncludeArguments(task, known: ["file", "apply"], into: &diagnostics)
    task.arguments.values["apply"] = nil
    if task.arguments.freeForm == nil { task.arguments.freeForm = task.arguments.values.removeValue(forKey: "file") }
    if task.arguments.freeForm == nil, task.arguments.variable == nil {
      diagnostics.add(.noFile("include_tasks", at: task.module.span))
    }
    return task
  }

  func importRole(
    _ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> TaskNode? {
    guard !refusesRoleHere(task, in: context, into: &diagnostics) else { return nil }
    checkIncludeArguments(task, known: Self.roleArguments, into: &diagnostics)
    if let loop = task.loop {
      diagnostics.add(.error("import_role cannot loop", advice: "use include_role", at: loop.span))
    }
    guard let nameValue = roleName(task) else {
      diagnostics.add(.error("import_role needs 'name'", at: task.module.span))
      return nil
    }
    let arguments = task.arguments
    let span = arguments.spans["name"] ?? arguments.spans["role"] ?? arguments.span
    guard let name = staticName(nameValue, "import_role", at: span, in: context, into: &diagnostics) else { return nil }
    let choices = RoleChoices(
      tasks: choice("tasks_from", task, in: context, into: &diagnostics),
      handlers: choice("handlers_from", task, in: context, into: &diagnostics),
      defaults: choice("defaults_from", task, in: context, into: &diagnostics),
      vars: choice("vars_from", task, in: context, into: &diagnostics))
    guard let role = role(named: name, choices: choices, in: context, at: span, into: &diagnostics) else { return nil }
    var use = RoleUse(role: role, keywords: task.keywords, parameters: [:], span: task.span, isImport: true)
    use.allowsDuplicates = Self.flag(arguments.values["allow_duplicates"])
    use.isPublic = Self.flag(arguments.values["public"])
    use.validatesArguments = Self.flag(arguments.values["rolespec_validate"])
    return .role(use)
  }

  /// A boolean that was written as a word, as in `public=yes`.
  private static func flag(_ source: SourceValue?) -> SourceValue? {
    source?.constant?.string.flatMap(Settings.flag).map { .value(.bool($0)) } ?? source
  }

  func includeRole(
    _ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> RunbookTask {
    var task = task
    _ = refusesRoleHere(task, in: context, into: &diagnostics)
    checkIncludeArguments(task, known: Self.roleArguments.union(["apply"]), into: &diagnostics)
    task.arguments.values["apply"] = nil
    for key in ["tasks_from", "vars_from", "defaults_from", "handlers_from"] {
      guard let constant = task.arguments.values[key]?.constant, constant.string == nil else { continue }
      let place = task.arguments.spans[key] ?? task.arguments.span
      diagnostics.add(.error("Expected a string for \(key) but got something else: it takes the name of a file", at: place))
    }
    if let name = roleName(task) {
      task.arguments.values["role"] = nil
      task.arguments.values["name"] = name
    } else if task.arguments.variable == nil {
      diagnostics.add(.error("include_role needs 'name'", at: task.module.span))
    }
    return task
  }

  /// Reads `apply`, whose keywords are those of a block.
  func applied(_ node: YAMLNode?, in context: SourceContext, into diagnostics: inout Diagnostics) -> Keywords? {
    guard let node, !node.isNull else { return nil }
    guard let entries = node.entries else {
      diagnostics.add(.wrongKind("apply", "a mapping of keywords", node))
      return nil
    }
    var applied = Keywords()
    for entry in entries {
      let name = entry.key.text ?? ""
      if !KeywordNames.block.contains(name) || !keywords.read(entry, into: &applied, &diagnostics) {
        diagnostics.add(.unknownKeyword(name, of: "apply", KeywordNames.block, at: entry.key.span))
      }
    }
    resolveActionGroups(of: &applied, in: context, into: &diagnostics)
    return applied
  }

  private static let roleArguments: Set<String> = [
    "name", "role", "tasks_from", "vars_from", "defaults_from", "handlers_from", "public", "allow_duplicates",
    "rolespec_validate",
  ]

  private func roleName(_ task: RunbookTask) -> SourceValue? {
    task.arguments.values["name"] ?? task.arguments.values["role"]
  }

  private func choice(
    _ key: String, _ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> String? {
    guard let value = task.arguments.values[key] else { return nil }
    return staticName(value, key, at: task.arguments.spans[key] ?? task.arguments.span, in: context, into: &diagnostics)
  }

  private func refusesRoleHere(
    _ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> Bool {
    guard context.isHandlerList else { return false }
    diagnostics.add(.error("Using '\(task.module.short)' as a handler is not supported.", at: task.module.span))
    return true
  }

  private func checkIncludeArguments(_ task: RunbookTask, known: Set<String>, into diagnostics: inout Diagnostics) {
    for name in task.arguments.values.keys where !known.contains(name) {
      let advice = nearestName(to: name, among: known.sorted()).map { "did you mean '\($0)'?" }
      diagnostics.add(
        .error(
          "unknown parameter '\(name)' of \(task.module.short)", advice: advice ?? advised(name),
          at: task.arguments.spans[name] ?? task.arguments.span))
    }
  }

  private func advised(_ name: String) -> String? {
    name == "apply" ? "an import hands its own keywords down: put them beside it" : nil
  }
}

extension Diagnostic {
  fileprivate static func noFile(_ statement: String, at span: SourceSpan) -> Diagnostic {
    .error("\(statement) needs a file", advice: "write '\(statement): name.yml'", at: span)
  }

  fileprivate static func noSuchFile(_ name: String, _ places: [String], at span: SourceSpan) -> Diagnostic {
    .error("there is no file '\(name)'", advice: "looked for \(places.joined(separator: ", "))", at: span)
  }
}
