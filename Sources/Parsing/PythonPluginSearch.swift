import Model

/// Where Python plugins lie beside runbooks, in roles and in collections. None can be loaded: messages say which file it would be.
struct PythonPluginSearch {
  let files: any SourceFiles
  let settings: ParserSettings
  let context: SourceContext

  /// The file of the plugin; nil where there is none.
  func find(_ plugin: MissingPlugin) -> String? {
    let parts = plugin.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let short = parts.last ?? ""
    guard VariableName.isValid(short) else { return nil }
    if parts.count >= 3 {
      return inCollection(parts[0], parts[1], plugin.kind, parts[2...].joined(separator: "/"), short)
    }
    let found = folders(of: plugin.kind).lazy.compactMap { file(in: $0, short, plugin.kind) }.first
    return found ?? context.collections.lazy.compactMap { collection in
      let names = collection.split(separator: ".").map(String.init)
      return names.count == 2 ? inCollection(names[0], names[1], plugin.kind, short, short) : nil
    }.first
  }

  private func folders(of kind: MissingPlugin.Kind) -> [String] {
    let owners = [context.playDirectory] + ([context.role].compactMap(\.self) + context.parentRoles).map(\.directory)
    return owners.map { SourcePath.joined($0, kind.folderBesideRunbooks) }
      + ["~/.ansible/plugins", "/usr/share/ansible/plugins"].map { SourcePath.expanded("\($0)/\(kind.folderInCollections)") }
  }

  private func inCollection(
    _ namespace: String, _ collection: String, _ kind: MissingPlugin.Kind, _ path: String, _ short: String
  ) -> String? {
    for root in CollectionSearch(settings: settings, chain: context.chain).folders {
      let folder = SourcePath.joined(root, "\(namespace)/\(collection)/plugins/\(kind.folderInCollections)")
      let own = "\(folder)/\(path).py"
      if files.kind(own) == .file { return own }
      if let found = file(in: folder, short, kind) { return found }
    }
    return nil
  }

  /// A file of filters or tests holds several, each by its name in quotes.
  private func file(in folder: String, _ name: String, _ kind: MissingPlugin.Kind) -> String? {
    let own = SourcePath.joined(folder, "\(name).py")
    if files.kind(own) == .file { return own }
    guard kind == .filter || kind == .test else { return nil }
    return files.names(in: folder).filter { $0.hasSuffix(".py") }.sorted().map { SourcePath.joined(folder, $0) }.first { path in
      guard case .text(let text) = files.read(path) else { return false }
      return text.contains("'\(name)'") || text.contains("\"\(name)\"")
    }
  }
}

extension MissingPlugin.Kind {
  fileprivate var folderBesideRunbooks: String { "\(rawValue)_plugins" }
  fileprivate var folderInCollections: String { self == .module ? "modules" : rawValue }
}

extension Diagnostics {
  /// With the files of the plugins that are missing, and the task that uses them.
  func naming(_ search: PythonPluginSearch, task: String?) -> Diagnostics {
    guard all.contains(where: { $0.missingPlugin != nil }) else { return self }
    var named = Diagnostics()
    for var diagnostic in all {
      if let plugin = diagnostic.missingPlugin, let path = search.find(plugin) {
        let shown = search.files.shownPath(path)
        diagnostic.message = "the \(plugin.kind) '\(plugin.name)' is the Python plugin '\(shown)', which cannot be loaded here"
        diagnostic.advice = task.map { "the task '\($0)' uses it" }
        diagnostic.missingPlugin = nil
      }
      named.add(diagnostic)
    }
    return named
  }
}

extension RunbookParser {
  /// What a step that failed for want of a plugin is told besides: which file the plugin is.
  package func pluginAdvice(for message: String, in context: SourceContext) -> String? {
    guard let plugin = MissingPlugin(namedIn: message) else { return nil }
    let search = PythonPluginSearch(files: files, settings: settings, context: context)
    return search.find(plugin).map { "it is the Python plugin '\(files.shownPath($0))', which cannot be loaded here" }
  }

  /// Plugins that Ansible loads without being asked: what they would do does not happen.
  func warnOfLoadedPlugins(beside directory: String, into diagnostics: inout Diagnostics) {
    let actions = SourcePath.joined(directory, "action_plugins")
    for name in files.names(in: actions).sorted() where name.hasSuffix(".py") {
      guard let module = modules.manifest(named: String(name.dropLast(3))) else { continue }
      let path = files.shownPath(SourcePath.joined(actions, name))
      diagnostics.add(.warning(
        "the action plugin '\(path)' is written in Python and cannot stand in for the module '\(module.name)' here", at: nil))
    }
    for kind in ["callback", "vars"] {
      let folder = SourcePath.joined(directory, "\(kind)_plugins")
      for name in files.names(in: folder).sorted() where name.hasSuffix(".py") && name != "__init__.py" {
        let path = files.shownPath(SourcePath.joined(folder, name))
        diagnostics.add(.warning("the \(kind) plugin '\(path)' is written in Python and cannot be loaded here", at: nil))
      }
    }
  }
}
