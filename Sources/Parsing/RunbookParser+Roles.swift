import Model
import OrderedCollections
import Templating
import YAML

extension RunbookParser {
  /// The entries of `roles:` or `dependencies:`.
  func roleUses(_ node: YAMLNode, in context: SourceContext, into diagnostics: inout Diagnostics) -> [RoleUse] {
    if node.isNull { return [] }
    guard let items = node.items else {
      let message = "A malformed role declaration was encountered. roles are a list, not \(node.kindName)"
      diagnostics.add(.error(message, advice: "write '- name'", at: node.span))
      return []
    }
    return items.compactMap { roleUse($0, in: context, into: &diagnostics) }
  }

  private func roleUse(_ node: YAMLNode, in context: SourceContext, into diagnostics: inout Diagnostics) -> RoleUse? {
    guard let nameNode = roleNameNode(node), !nameNode.isNull, nameNode.text != nil else {
      diagnostics.add(.error("a role is a name, or a mapping with 'role'", at: node.span))
      return nil
    }
    if node.entries == nil, let name = nameNode.text, name.contains(",") {
      diagnostics.add(.error("Invalid old style role requirement: \(name)", advice: "write one role per entry", at: node.span))
      return nil
    }
    var own = Keywords()
    var parameters: OrderedDictionary<String, SourceValue> = [:]
    for entry in node.entries ?? [] {
      let name = entry.key.text ?? ""
      if name == "role" || name == "name" && node["role"] == nil { continue }
      if KeywordNames.roleUse.contains(name), keywords.read(entry, into: &own, &diagnostics) { continue }
      parameters[name] = values.value(of: entry.value, into: &diagnostics)
    }
    var inner = context
    if !parameters.isEmpty {
      inner.variables.insert(parameters, at: 0)
      inner.scopeNumber = cache.nextScopeNumber()
    }
    adopt(&own, in: &inner, into: &diagnostics)
    guard let name = staticName(nameNode, "roles", in: inner, into: &diagnostics),
      let role = role(named: name, choices: RoleChoices(), in: inner, at: nameNode.span, into: &diagnostics)
    else { return nil }
    return RoleUse(role: role, keywords: own, parameters: parameters, span: node.span)
  }

  /// `src` is how requirement files name a role; dependencies may be written that way.
  private func roleNameNode(_ node: YAMLNode) -> YAMLNode? {
    if node.text != nil { return node }
    if let name = node["role"] ?? node["name"] { return name }
    guard let source = node["src"], var text = source.text else { return nil }
    text = text.split(separator: ",").first.map(String.init) ?? text
    if text.contains("://") || text.contains("@") {
      text = SourcePath.name(of: text)
      for suffix in [".git", ".tar.gz"] where text.hasSuffix(suffix) { text.removeLast(suffix.count) }
    }
    return YAMLNode(.scalar(text, .plain), tag: .str, at: source.span)
  }

  func role(
    named name: String, choices: RoleChoices, in context: SourceContext, at span: SourceSpan?,
    into diagnostics: inout Diagnostics
  ) -> Role? {
    let search = RoleSearch(files: files, settings: settings, context: context)
    guard let place = search.find(name) else {
      let wanted = requirementsAdvice(on: name, in: context)
        ?? Requirements(parser: self, directory: context.playDirectory).adviceOnRole(name, lookedIn: search.folders)
      diagnostics.add(.noSuchRole(name, search, wanted, at: span))
      return nil
    }
    let link = "role \(place.name)" + (choices.tasks.map { " (\($0))" } ?? "")
    if let start = context.chain.firstIndex(of: link) {
      diagnostics.add(.importsItself(context.chain[start...] + [link], at: span))
      return nil
    }
    let key = ParseCache.RoleKey(
      directory: place.directory, name: place.name, choices: choices,
      parents: ([context.role].compactMap(\.self) + context.parentRoles).map(\.directory),
      scopeNumber: context.scopeNumber,
      flags: context.flags)
    let found = cache.role(key) {
      var inner = context
      inner.chain.append(link)
      var found = Diagnostics()
      let role = role(at: place, choices: choices, in: inner, at: span, into: &found)
      inner.role = place
      return (role, found.naming(PythonPluginSearch(files: files, settings: settings, context: inner), task: nil))
    }
    diagnostics.add(contentsOf: found.diagnostics)
    return found.role
  }

  private func role(
    at place: SourceContext.RoleIdentity, choices: RoleChoices, in context: SourceContext, at span: SourceSpan?,
    into diagnostics: inout Diagnostics
  ) -> Role? {
    addLibrary(of: place.directory)
    let reader = RoleFolder(parser: self, identity: place, span: span)
    let vars = reader.variables("vars", choices.vars, into: &diagnostics)
    let defaults = reader.variables("defaults", choices.defaults, into: &diagnostics)
    let meta = reader.meta(into: &diagnostics)
    var inner = context
    inner.parentRoles = [context.role].compactMap(\.self) + context.parentRoles
    inner.role = place
    inner.includeDirectories = []
    inner.isHandlerList = false
    inner.variables = [vars] + context.variables + [defaults]
    inner.scopeNumber = cache.nextScopeNumber()
    inner.collections = roleCollections(place, meta, outer: context)
    let dependencies = meta?["dependencies"].map { roleUses($0, in: inner, into: &diagnostics) } ?? []
    let tasks = reader.tasks("tasks", choices.tasks, in: inner, into: &diagnostics)
    let spec = reader.argumentSpec(meta, entryPoint: choices.tasks ?? "main", into: &diagnostics)
    inner.isHandlerList = true
    let handlers = reader.tasks("handlers", choices.handlers, in: inner, into: &diagnostics)
    return Role(
      name: place.name, directory: place.directory, tasks: tasks, handlers: handlers, defaults: defaults, vars: vars,
      dependencies: dependencies,
      allowsDuplicates: meta?["allow_duplicates"].map { flag($0, "allow_duplicates", otherwise: false, &diagnostics) }
        ?? false,
      collection: place.collection, argumentSpec: spec, choices: choices)
  }

  /// A role does not inherit its user's collections: it has its own, and those of its metadata.
  private func roleCollections(
    _ place: SourceContext.RoleIdentity, _ meta: YAMLNode?, outer: SourceContext
  ) -> [String] {
    var ignored = Diagnostics()
    let named = meta?["collections"].map { keywords.names($0, "collections", &ignored) } ?? []
    return [place.collection].compactMap(\.self) + named
  }
}

extension Diagnostic {
  fileprivate static func noSuchRole(
    _ name: String, _ search: RoleSearch, _ wanted: String?, at span: SourceSpan?
  ) -> Diagnostic {
    let advice =
      if let wanted {
        wanted
      } else if let near = nearestName(to: name, among: search.knownNames) {
        "did you mean '\(near)'?"
      } else {
        "looked in \(search.folders.map(search.files.shownPath).joined(separator: ", "))"
      }
    return .error("there is no role '\(name)'", advice: advice, at: span)
  }
}
