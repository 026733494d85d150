import Model
import Templating
import YAML

extension RunbookParser {
  /// Statements that are the language's own, whether or not Modules/ describes them.
  private static let statements: Set<String> = [
    "import_tasks", "import_role", "include_tasks", "include_role", "include_vars", "meta", "set_fact",
  ]

  /// A task with its module and arguments, and nothing else yet; nil after a diagnostic.
  func taskWithModule(
    _ node: YAMLNode, _ entries: [YAMLNode.Entry], in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> RunbookTask? {
    let candidates = entries.filter { entry in
      guard let name = entry.key.text else { return false }
      return !KeywordNames.handler.contains(name) && !name.hasPrefix("with_")
    }
    let actions = entries.filter { $0.key.text == "action" || $0.key.text == "local_action" }
    if let action = actions.first {
      return actionTask(node, action, others: actions.dropFirst() + candidates, in: context, into: &diagnostics)
    }
    guard let entry = moduleEntry(candidates, of: node, in: context, into: &diagnostics) else { return nil }
    let name = entry.key.text ?? ""
    for other in candidates where other.key.text != name && isModule(other.key.text ?? "", in: context) {
      diagnostics.add(.conflict(name, other.key.text ?? "", at: other.key.span))
    }
    let arguments = TaskArgumentsReader(values: values).arguments(
      of: name, entry.value, args: node["args"], into: &diagnostics)
    var task = RunbookTask(
      span: node.span, module: ModuleName(written: name, span: entry.key.span), arguments: arguments)
    if task.isInclude { task.apply = applied(entry.value["apply"] ?? node["args"]?["apply"], in: context, into: &diagnostics) }
    return task
  }

  private func actionTask(
    _ node: YAMLNode, _ entry: YAMLNode.Entry, others: [YAMLNode.Entry], in context: SourceContext,
    into diagnostics: inout Diagnostics
  ) -> RunbookTask? {
    let name = entry.key.text ?? ""
    for other in others {
      let otherName = other.key.text ?? ""
      guard otherName == "action" || otherName == "local_action" || isModule(otherName, in: context) else { continue }
      diagnostics.add(.conflict(name, otherName, at: other.key.span))
    }
    guard
      let (module, arguments) = TaskArgumentsReader(values: values).action(
        entry.value, args: node["args"], into: &diagnostics)
    else { return nil }
    var task = RunbookTask(span: node.span, module: module, arguments: arguments)
    if case .template(let template) = values.text(module.written, at: module.span, into: &diagnostics) {
      task.moduleTemplate = template
    } else if !isModule(module.written, in: context) {
      diagnostics.add(unknownModule(module.written, in: context, at: module.span))
      return nil
    }
    return task
  }

  /// The entry that names the module: the one that is known, or else the first that looks like no misspelt keyword.
  private func moduleEntry(
    _ candidates: [YAMLNode.Entry], of task: YAMLNode, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> YAMLNode.Entry? {
    if let known = candidates.first(where: { isModule($0.key.text ?? "", in: context) }) { return known }
    let known = context.isHandlerList ? KeywordNames.handler : KeywordNames.task
    var isNamed = false
    for candidate in candidates {
      let name = candidate.key.text ?? ""
      let isKeyword = nearestName(to: name, among: modules.names) == nil && nearestName(to: name, among: known) != nil
      isNamed = isNamed || !isKeyword
      diagnostics.add(
        isKeyword
          ? .unknownKeyword(name, of: "task", known, at: candidate.key.span)
          : unknownModule(name, in: context, at: candidate.key.span))
    }
    if !isNamed { diagnostics.add(.error("the task names no module", advice: "write its name and what it takes, such as 'ping:' or 'debug: {msg: hello}'", at: task.span)) }
    return nil
  }

  func isModule(_ name: String, in context: SourceContext) -> Bool {
    if let builtin = ModuleName.builtin(name), Self.statements.contains(builtin) { return true }
    return manifest(of: name, in: context) != nil
  }

  /// The manifest of a module; a name without dots is looked for in the context's collections as well.
  func manifest(of name: String, in context: SourceContext) -> ModuleManifest? {
    if !context.collections.isEmpty, !name.utf8.contains(UInt8(ascii: ".")) {
      for collection in context.collections {
        if let manifest = modules.manifest(named: "\(collection).\(name)") { return manifest }
      }
    }
    return modules.manifest(named: name)
  }

  private func unknownModule(_ name: String, in context: SourceContext, at span: SourceSpan) -> Diagnostic {
    if let builtin = ModuleName.builtin(name) {
      if builtin == "include" {
        return .error("'include' is gone", advice: "use 'include_tasks', 'import_tasks' or 'import_playbook'", at: span)
      }
      if builtin == "import_playbook" {
        return .error("'import_playbook' stands among plays, not among tasks", at: span)
      }
    }
    let plugins = PythonPluginSearch(files: files, settings: settings, context: context)
    for kind in [MissingPlugin.Kind.action, .module] {
      guard let path = plugins.find(MissingPlugin(kind, name)) else { continue }
      return .error(
        "'\(name)' is the Python plugin '\(files.shownPath(path))', which cannot be loaded here",
        advice: "write it as a module: an executable in 'library/'", at: span)
    }
    if let advice = requirementsAdvice(on: name, in: context) {
      return .error("unknown module '\(name)'", advice: advice, at: span)
    }
    let short = ModuleName.short(name)
    if name != short, let other = modules.manifest(named: short) {
      return .error(
        "unknown module '\(name)'", advice: "there is '\(other.qualifiedNames.first ?? other.name)'", at: span)
    }
    let candidates = modules.names + Self.statements.sorted()
    let advice = nearestName(to: name, among: candidates).map { "did you mean '\($0)'?" }
    return .error("unknown module '\(name)'", advice: advice, at: span)
  }

  /// A collection that is asked for and not installed.
  func requirementsAdvice(on name: String, in context: SourceContext) -> String? {
    let parts = name.split(separator: ".")
    guard parts.count >= 3 else { return nil }
    let folders = CollectionSearch(settings: settings, chain: context.chain).folders
    guard folders.allSatisfy({ files.kind(SourcePath.joined($0, "\(parts[0])/\(parts[1])")) != .folder }) else { return nil }
    return Requirements(parser: self, directory: context.playDirectory)
      .adviceOnCollection("\(parts[0]).\(parts[1])", lookedIn: folders)
  }

  /// Makes the executables of `library/` known, beside a runbook or in a role.
  func addLibrary(of directory: String) {
    let folder = SourcePath.joined(directory, "library")
    if files.kind(folder) == .folder { modules.addLibraryFolder(folder) }
  }

  func checkMeta(_ task: RunbookTask, in context: SourceContext, into diagnostics: inout Diagnostics) {
    guard let what = task.arguments.freeForm?.constant?.string else {
      if task.arguments.freeForm == nil { diagnostics.add(.noMetaAction(at: task.module.span)) }
      return
    }
    if !Self.metaActions.contains(what) {
      let advice = nearestName(to: what, among: Self.metaActions.sorted()).map { "did you mean '\($0)'?" }
      diagnostics.add(.error("unknown meta action '\(what)'", advice: advice, at: task.arguments.span))
    }
    if what == "end_role", context.isHandlerList || context.role == nil {
      let place = context.isHandlerList ? "from a handler" : "from outside of a role"
      diagnostics.add(.error("Cannot execute 'end_role' \(place)", at: task.arguments.span))
    }
    if what == "flush_handlers", context.isHandlerList {
      diagnostics.add(.error("flush_handlers cannot be used as a handler", at: task.arguments.span))
    }
  }

  private static let metaActions: Set<String> = [
    "clear_facts", "clear_host_errors", "end_batch", "end_host", "end_play", "end_role", "flush_handlers", "noop",
    "refresh_inventory", "reset_connection",
  ]
}

extension Diagnostic {
  fileprivate static func conflict(_ first: String, _ second: String, at span: SourceSpan) -> Diagnostic {
    .error("a task does one thing, but here are '\(first)' and '\(second)'", advice: "make two tasks of them", at: span)
  }

  fileprivate static func noMetaAction(at span: SourceSpan) -> Diagnostic {
    .error("'meta' needs to know what to do", advice: "write 'meta: flush_handlers', for example", at: span)
  }
}
