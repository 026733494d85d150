import Model
import OrderedCollections
import Templating
import YAML

extension RunbookParser {
  /// The plays of a file with those of its imports in place; nil if there is nothing to make plays of.
  func plays(
    ofFile path: String, chain: [String], variables: [OrderedDictionary<String, SourceValue>], at span: SourceSpan?,
    into diagnostics: inout Diagnostics
  ) -> [Play]? {
    guard let chain = extended(chain, by: path, at: span, into: &diagnostics) else { return nil }
    guard let document = document(path, at: span, into: &diagnostics) else { return nil }
    guard let items = document.items, !items.isEmpty else {
      diagnostics.add(document.isNull || document.items != nil ? .emptyRunbook(document) : .notPlays(document))
      return nil
    }
    let directory = SourcePath.directory(of: path)
    addLibrary(of: directory)
    return items.flatMap { item in
      guard let entries = item.entries else {
        diagnostics.add(.notAPlay(item))
        return [Play]()
      }
      if let name = entries.first(where: { ModuleName.builtin($0.key.text ?? "") == "import_playbook" }) {
        return importedPlays(item, name, directory: directory, chain: chain, variables: variables, into: &diagnostics)
      }
      return [play(item, entries, directory: directory, chain: chain, variables: variables, into: &diagnostics)]
    }
  }

  /// The chain with one more file; nil after a diagnostic if the file is in it already.
  func extended(
    _ chain: [String], by path: String, at span: SourceSpan?, into diagnostics: inout Diagnostics
  ) -> [String]? {
    let canonical = files.canonicalPath(path)
    if let start = chain.firstIndex(of: canonical) {
      diagnostics.add(.importsItself((chain[start...] + [canonical]).map(files.shownPath), at: span))
      return nil
    }
    return chain + [canonical]
  }

  private func importedPlays(
    _ item: YAMLNode, _ nameEntry: YAMLNode.Entry, directory: String, chain: [String],
    variables: [OrderedDictionary<String, SourceValue>], into diagnostics: inout Diagnostics
  ) -> [Play] {
    var own = Keywords()
    for entry in item.entries ?? [] where entry.key.text != nameEntry.key.text {
      let name = entry.key.text ?? ""
      if !KeywordNames.importPlaybook.contains(name) || !keywords.read(entry, into: &own, &diagnostics) {
        diagnostics.add(.unknownKeyword(name, of: "import_playbook", KeywordNames.importPlaybook, at: entry.key.span))
      }
    }
    var context = SourceContext(playDirectory: directory)
    context.variables = [own.vars] + variables
    guard let name = staticName(nameEntry.value, "import_playbook", in: context, into: &diagnostics) else { return [] }
    let path =
      collectionRunbook(name, chain) ?? SourcePath.normalized(SourcePath.joined(directory, SourcePath.expanded(name)))
    let imported = plays(
      ofFile: path, chain: chain, variables: context.variables, at: nameEntry.value.span, into: &diagnostics)
    return (imported ?? []).map { play in
      var play = play
      play.importKeywords.insert(own, at: 0)
      return play
    }
  }

  /// `namespace.collection.runbook`, with or without `.yml`.
  private func collectionRunbook(_ name: String, _ chain: [String]) -> String? {
    let suffixes = [".yml", ".yaml", ".json"]
    let written = suffixes.first { name.hasSuffix($0) }
    let parts = name.dropLast(written?.count ?? 0).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts.allSatisfy({ VariableName.isValid(String($0)) }) else { return nil }
    let folder = "\(parts[0])/\(parts[1])/playbooks/\(parts[2...].joined(separator: "/"))"
    let paths = CollectionSearch(settings: settings, chain: chain).folders.flatMap { base in
      (written.map { [$0] } ?? suffixes).map { SourcePath.joined(base, folder + $0) }
    }
    return paths.first { files.kind($0) == .file }
  }

  private func play(
    _ node: YAMLNode, _ entries: [YAMLNode.Entry], directory: String, chain: [String],
    variables: [OrderedDictionary<String, SourceValue>], into diagnostics: inout Diagnostics
  ) -> Play {
    var play = Play(span: node.span, directory: directory, hosts: .value(.null))
    if node["hosts"] == nil, looksLikeTask(entries) {
      let stranger = entries.compactMap(\.key.text).first { !KeywordNames.play.contains($0) }
      diagnostics.add(.taskAmongPlays(stranger ?? "", at: node.span))
      return play
    }
    play.hosts = hosts(node, into: &diagnostics)
    for entry in entries { readPlayKeyword(entry, into: &play, &diagnostics) }
    if node["user"] != nil, let remoteUser = entries.first(where: { $0.key.text == "remote_user" }) {
      diagnostics.add(.error(
        "both 'user' and 'remote_user' are set for this play. The use of 'user' is deprecated, and should be removed",
        at: remoteUser.key.span))
    }
    var context = SourceContext(playDirectory: directory)
    context.chain = chain
    context.scopeNumber = cache.nextScopeNumber()
    context.collections = (play.keywords.collections ?? []) + playCollections(directory)
    resolveActionGroups(of: &play.keywords, in: context, into: &diagnostics)
    context.hasModuleDefaults = !play.keywords.moduleDefaults.isEmpty
    context.toleratesFailure = play.keywords.ignoreErrors != nil
    context.variables = variables + [play.keywords.vars] + constantVariableFiles(play, into: &diagnostics)
    if let roles = node["roles"] { play.roles = roleUses(roles, in: context, into: &diagnostics) }
    if let tasks = node["pre_tasks"] { play.preTasks = self.tasks(tasks, "pre_tasks", in: context, into: &diagnostics) }
    if let tasks = node["tasks"] { play.tasks = self.tasks(tasks, "tasks", in: context, into: &diagnostics) }
    if let tasks = node["post_tasks"] {
      play.postTasks = self.tasks(tasks, "post_tasks", in: context, into: &diagnostics)
    }
    context.isHandlerList = true
    if let tasks = node["handlers"] { play.handlers = self.tasks(tasks, "handlers", in: context, into: &diagnostics) }
    return play
  }

  private func readPlayKeyword(_ entry: YAMLNode.Entry, into play: inout Play, _ diagnostics: inout Diagnostics) {
    let (node, span) = (entry.value, entry.key.span)
    switch entry.key.text {
    case "hosts", "roles", "pre_tasks", "tasks", "post_tasks", "handlers": break
    case "user": play.keywords.remoteUser = keywords.text(node, "user", &diagnostics)
    case "gather_facts": play.gatherFacts = keywords.typed(node, .bool, span, &diagnostics)
    case "gather_subset": play.gatherSubset = values.value(of: node, into: &diagnostics)
    case "gather_timeout": play.gatherTimeout = keywords.typed(node, .int, span, &diagnostics)
    case "fact_path": play.factPath = keywords.text(node, "fact_path", &diagnostics)
    case "vars_files": play.varsFiles = values.list(node, into: &diagnostics)
    case "vars_prompt": play.varsPrompts = varsPrompts(node, into: &diagnostics)
    case "strategy": play.strategy = keywords.text(node, "strategy", &diagnostics)
    case "serial": play.serial = values.list(node, into: &diagnostics)
    case "max_fail_percentage": play.maxFailPercentage = keywords.typed(node, .percent, span, &diagnostics)
    case "force_handlers": play.forceHandlers = keywords.typed(node, .bool, span, &diagnostics)
    case "order": play.order = keywords.text(node, "order", &diagnostics)
    case "id": play.id = node.text
    case "needs": play.needs = keywords.names(node, "needs", &diagnostics)
    case "on_failure": play.rollsBackOnFailure = rollsBack(node, &diagnostics)
    case "canary": play.canary = canary(node, &diagnostics)
    case let name?:
      if KeywordNames.play.contains(name), keywords.read(entry, into: &play.keywords, &diagnostics) { return }
      diagnostics.add(.unknownKeyword(name, of: "play", KeywordNames.play, at: span))
    case nil: break
    }
  }

  /// Something that a task has and a play has not.
  private func looksLikeTask(_ entries: [YAMLNode.Entry]) -> Bool {
    entries.contains { entry in
      let name = entry.key.text ?? ""
      if KeywordNames.play.contains(name) { return false }
      return KeywordNames.task.union(KeywordNames.block).contains(name)
        || isModule(name, in: SourceContext(playDirectory: ""))
    }
  }

  /// A pattern, or a list of patterns.
  private func hosts(_ play: YAMLNode, into diagnostics: inout Diagnostics) -> SourceValue {
    guard let node = play["hosts"] else {
      diagnostics.add(
        .error(
          "a play needs 'hosts'", advice: "write 'hosts: all', a group's name or any other pattern", at: play.span))
      return .value(.null)
    }
    for item in node.items ?? [node] where item.string == nil {
      diagnostics.add(.error("'hosts' takes a pattern or a list of patterns, not \(item.kindName)", at: item.span))
    }
    if node.items?.isEmpty == true || node.string?.isEmpty == true {
      let message = "Hosts list cannot be empty. Please check your playbook"
      diagnostics.add(.error(message, advice: "name a host, a group or 'all'", at: node.span))
    }
    return values.value(of: node, into: &diagnostics)
  }

  /// A runbook inside a collection looks there first.
  private func playCollections(_ directory: String) -> [String] {
    let parts = directory.split(separator: "/")
    guard let start = parts.lastIndex(of: "ansible_collections"), parts.count > start + 2 else { return [] }
    return ["\(parts[start + 1]).\(parts[start + 2])"]
  }

  /// What constant `vars_files` say, last first. A missing file is a mistake; names with templates are left to the run.
  private func constantVariableFiles(
    _ play: Play, into diagnostics: inout Diagnostics
  ) -> [OrderedDictionary<String, SourceValue>] {
    var found: [OrderedDictionary<String, SourceValue>] = []
    for entry in play.varsFiles {
      guard let constant = entry.constant else { continue }
      let names = (constant.list ?? [constant]).compactMap(\.string)
      if let path = names.lazy.compactMap({ findVariableFile($0, playDirectory: play.directory).path }).first {
        found.insert(variables(ofFile: path, at: play.span, into: &diagnostics), at: 0)
      } else {
        diagnostics.add(.error("vars_files: there is no file \(ArgumentChecks.list(names))", at: play.span))
      }
    }
    return found
  }

  private func varsPrompts(_ node: YAMLNode, into diagnostics: inout Diagnostics) -> [VarsPrompt] {
    if node.isNull { return [] }
    return (node.items ?? [node]).compactMap { varsPrompt($0, into: &diagnostics) }
  }

  private func varsPrompt(_ node: YAMLNode, into diagnostics: inout Diagnostics) -> VarsPrompt? {
    guard let entries = node.entries, let name = node["name"]?.text else {
      diagnostics.add(.error("Invalid vars_prompt data structure, missing 'name' key", at: node.span))
      return nil
    }
    var prompt = VarsPrompt(name: name, prompt: .value(.string(name)))
    for entry in entries {
      let node = entry.value
      switch entry.key.text {
      case "name": break
      case "prompt": prompt.prompt = values.value(of: node, into: &diagnostics)
      case "default": prompt.defaultValue = values.value(of: node, into: &diagnostics)
      case "private": prompt.isPrivate = flag(node, "private", otherwise: true, &diagnostics)
      case "confirm": prompt.mustConfirm = flag(node, "confirm", otherwise: false, &diagnostics)
      case "unsafe": prompt.isUnsafe = flag(node, "unsafe", otherwise: false, &diagnostics)
      case "encrypt": prompt.encrypt = node.isNull ? nil : node.text
      case "salt": prompt.salt = node.isNull ? nil : node.text
      case "salt_size": prompt.saltSize = node.value().int ?? node.text.flatMap { Int($0) }
      case let key?:
        diagnostics.add(.unknownKeyword(key, of: "vars_prompt", KeywordNames.varsPrompt, at: entry.key.span))
      case nil: break
      }
    }
    return prompt
  }

  /// A constant boolean.
  func flag(_ node: YAMLNode, _ name: String, otherwise: Bool, _ diagnostics: inout Diagnostics) -> Bool {
    if node.isNull { return otherwise }
    let value = node.value()
    guard KeywordType.isBoolean(value) else {
      diagnostics.add(.wrongType(name, .bool, node))
      return otherwise
    }
    return value.bool
      ?? (value.int.map { $0 != 0 } ?? ["yes", "true", "on", "y", "t", "1"].contains(node.text?.lowercased()))
  }
}

extension Diagnostic {
  fileprivate static func emptyRunbook(_ node: YAMLNode) -> Diagnostic {
    .error("A playbook must contain at least one play", advice: "write a list of plays, each with 'hosts' and 'tasks'", at: node.span)
  }

  fileprivate static func notPlays(_ node: YAMLNode) -> Diagnostic {
    .error(
      "a runbook is a list of plays, not \(node.kindName)", advice: "start each play with '- hosts: …'", at: node.span)
  }

  fileprivate static func taskAmongPlays(_ stranger: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "'\(stranger)' is not a valid attribute for a Play: this is a task, but here stand plays",
      advice: "put it under 'tasks:' of a play, which starts with '- hosts: …'", at: span)
  }

  fileprivate static func notAPlay(_ node: YAMLNode) -> Diagnostic {
    .error("a play is a mapping with 'hosts', not \(node.kindName)", at: node.span)
  }

  static func importsItself(_ chain: [String], at span: SourceSpan?) -> Diagnostic {
    .error("the import goes in a circle: \(chain.joined(separator: " → "))", at: span)
  }

  static func unknownKeyword(
    _ name: String, of owner: String, _ known: Set<String>, at span: SourceSpan
  ) -> Diagnostic {
    let advice = nearestName(to: name, among: known.sorted()).map { "did you mean '\($0)'?" }
    return .error("unknown keyword '\(name)' of \(owner)", advice: advice, at: span)
  }
}
