import Model
import OrderedCollections
import Templating
import YAML

extension RunbookParser {
  /// The tasks of a file.
  func tasks(
    ofFile path: String, in context: SourceContext, at span: SourceSpan?, into diagnostics: inout Diagnostics
  ) -> [TaskNode] {
    guard let document = document(path, at: span, into: &diagnostics) else { return [] }
    if document.isNull {
      diagnostics.add(.warning("the file is empty: there are no tasks in it", at: document.span))
      return []
    }
    return tasks(document, "a task file", in: context, into: &diagnostics)
  }

  /// - Parameter owner: the keyword or file whose tasks they are, for messages.
  func tasks(
    _ node: YAMLNode, _ owner: String, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> [TaskNode] {
    if node.isNull { return [] }
    guard let items = node.items else {
      // Of a scalar the reference's sentence: scripts look for it.
      let mistake =
        node.text.map { "\($0) should be a list or None but is \(node.kindName)" } ?? "it takes a list of tasks, not \(node.kindName)"
      let message = "A malformed block was encountered while loading \(owner): \(mistake)"
      diagnostics.add(.error(message, advice: "start each task with '- '", at: node.span))
      return []
    }
    return items.compactMap { taskNode($0, in: context, into: &diagnostics) }
  }

  private func taskNode(
    _ node: YAMLNode, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> TaskNode? {
    guard let entries = node.entries else {
      diagnostics.add(.error("a task is a mapping, not \(node.kindName)", advice: "write '- module: …'", at: node.span))
      return nil
    }
    let isBlock = entries.contains { ["block", "rescue", "always"].contains($0.key.text) }
    return isBlock
      ? block(node, entries, in: context, into: &diagnostics) : task(node, entries, in: context, into: &diagnostics)
  }

  private func block(
    _ node: YAMLNode, _ entries: [YAMLNode.Entry], in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> TaskNode? {
    guard !context.isHandlerList else {
      diagnostics.add(
        .error(
          "Using a block as a handler is not supported.", advice: "let several handlers 'listen' to one name instead", at: node.span))
      return nil
    }
    var block = TaskBlock(span: node.span, origin: .block, tasks: [])
    for entry in entries {
      let name = entry.key.text ?? ""
      if ["block", "rescue", "always"].contains(name) { continue }
      if KeywordNames.block.contains(name), keywords.read(entry, into: &block.keywords, &diagnostics) { continue }
      diagnostics.add(.unknownBlockKeyword(name, at: entry.key.span))
    }
    if node["block"] == nil {
      diagnostics.add(.error("'rescue' and 'always' need a 'block' beside them", at: node.span))
    }
    var inner = context
    adopt(&block.keywords, in: &inner, into: &diagnostics)
    var main = inner
    main.toleratesFailure = main.toleratesFailure || node["rescue"] != nil
    if let tasks = node["block"] { block.tasks = self.tasks(tasks, "block", in: main, into: &diagnostics) }
    if let tasks = node["rescue"] { block.rescue = self.tasks(tasks, "rescue", in: inner, into: &diagnostics) }
    if let tasks = node["always"] { block.always = self.tasks(tasks, "always", in: inner, into: &diagnostics) }
    return .block(block)
  }

  /// Lets what stands under these keywords see what it inherits.
  func adopt(_ keywords: inout Keywords, in context: inout SourceContext, into diagnostics: inout Diagnostics) {
    resolveActionGroups(of: &keywords, in: context, into: &diagnostics)
    if !keywords.vars.isEmpty {
      context.variables.insert(keywords.vars, at: 0)
      context.scopeNumber = cache.nextScopeNumber()
    }
    if let collections = keywords.collections { context.collections = collections }
    if keywords.ignoreErrors != nil { context.toleratesFailure = true }
    if !keywords.moduleDefaults.isEmpty { context.hasModuleDefaults = true }
  }

  private func task(
    _ node: YAMLNode, _ entries: [YAMLNode.Entry], in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> TaskNode? {
    var inner = context
    if let collections = node["collections"] {
      var ignored = Diagnostics()
      inner.collections = keywords.names(collections, "collections", &ignored)
    }
    let isTolerated = context.toleratesFailure || node["ignore_errors"] != nil || node["failed_when"] != nil
    var own = Diagnostics()
    defer {
      let title = node["name"]?.text ?? entries.first { isModule($0.key.text ?? "", in: inner) }?.key.text
      own = own.naming(PythonPluginSearch(files: files, settings: settings, context: inner), task: title)
      diagnostics.add(contentsOf: isTolerated ? own.tolerated : own)
    }
    guard var task = taskWithModule(node, entries, in: inner, into: &own) else { return nil }
    for entry in entries where entry.key.text != task.module.written {
      readTaskKeyword(entry, into: &task, in: inner, &own)
    }
    if node["local_action"] != nil { task.keywords.delegateTo = .value("localhost") }
    if let control = node["loop_control"] { readLoopControl(control, into: &task, &own) }
    adopt(&task.keywords, in: &inner, into: &own)
    task.context = inner
    return finished(task, node, in: inner, into: &own)
  }

  /// What the language's own statements become; any other task has its arguments checked.
  private func finished(
    _ task: RunbookTask, _ node: YAMLNode, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> TaskNode? {
    switch task.module.builtin {
    case "import_tasks": return importTasks(task, in: context, into: &diagnostics)
    case "import_role": return importRole(task, in: context, into: &diagnostics)
    case "include_tasks": return .task(includeTasks(task, in: context, into: &diagnostics))
    case "include_role": return .task(includeRole(task, in: context, into: &diagnostics))
    case "meta": checkMeta(task, in: context, into: &diagnostics)
    default: checkArguments(task, in: context, into: &diagnostics)
    }
    return .task(task)
  }

  private func checkArguments(_ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics) {
    guard task.moduleTemplate == nil, let manifest = manifest(of: task.module.written, in: context) else { return }
    let checks = ArgumentChecks(
      manifest: manifest, module: task.module, arguments: task.arguments, mayBeCompleted: context.hasModuleDefaults)
    for var diagnostic in checks.diagnostics() {
      diagnostic.isMetAtRun = true
      diagnostics.add(diagnostic)
    }
  }
}

extension Diagnostic {
  fileprivate static func unknownBlockKeyword(_ name: String, at span: SourceSpan) -> Diagnostic {
    if name == "loop" || name.hasPrefix("with_") {
      return .error(
        "a block cannot loop", advice: "put its tasks into a file of their own and loop over 'include_tasks'", at: span)
    }
    return .unknownKeyword(name, of: "block", KeywordNames.block, at: span)
  }
}
