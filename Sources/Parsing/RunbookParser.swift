import Model
import OrderedCollections
import Templating
import YAML

/// Reads runbooks, and at run time the task files, roles and variable files that they bring in. One parser serves a run:
/// it reads every file once. All its methods may be called from any thread.
package struct RunbookParser: Sendable {
  let files: any SourceFiles
  let modules: any ModuleIndex
  let settings: ParserSettings
  let cache = ParseCache()
  let values: SourceValueReader
  let keywords: KeywordReader

  package init(files: any SourceFiles, modules: any ModuleIndex, settings: ParserSettings = ParserSettings()) {
    self.files = files
    self.modules = modules
    self.settings = settings
    values = SourceValueReader(settings: settings)
    keywords = KeywordReader(values: values, modules: modules)
  }

  /// Whether a runbook is there: a folder is none.
  package func kind(ofRunbook path: String) -> FileKind? { files.kind(files.absolutePath(path)) }

  /// The plays of a runbook, and all mistakes in it and in what it imports. Where there are errors, the runbook holds what
  /// could be read of it; it is nil if that is nothing.
  package func parse(_ path: String) -> (runbook: Runbook?, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    guard let plays = plays(ofFile: files.absolutePath(path), chain: [], variables: [], at: nil, into: &diagnostics) else {
      return (nil, diagnostics)
    }
    let directory = SourcePath.directory(of: files.absolutePath(path))
    warnOfLoadedPlugins(beside: directory, into: &diagnostics)
    let plugins = PythonPluginSearch(files: files, settings: settings, context: SourceContext(playDirectory: directory))
    return (Runbook(path: path, plays: plays), diagnostics.naming(plugins, task: nil))
  }

  /// The tasks of a file that an `include_tasks` brings in, in the context of the including task (`SourceContext.including`).
  package func parseTaskFile(_ path: String, _ context: SourceContext) -> (tasks: [TaskNode], diagnostics: Diagnostics)
  {
    let key = ParseCache.TaskFileKey(
      path: path, role: context.role?.directory, includeDirectories: context.includeDirectories,
      collections: context.collections, scopeNumber: context.scopeNumber, flags: context.flags)
    return cache.taskFile(key) {
      var diagnostics = Diagnostics()
      let tasks = tasks(ofFile: path, in: context, at: nil, into: &diagnostics)
      return (tasks, diagnostics)
    }
  }

  /// Where the file of an `include_tasks` is, and the places looked at.
  package func findTaskFile(_ name: String, from context: SourceContext) -> (path: String?, places: [String]) {
    TaskFileSearch(files: files, context: context).find(name)
  }

  /// A role that an `include_role` brings in, in the context of the including task.
  package func loadRole(
    _ name: String, choices: RoleChoices = RoleChoices(), _ context: SourceContext, at span: SourceSpan? = nil
  ) -> (role: Role?, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let role = role(named: name, choices: choices, in: context, at: span, into: &diagnostics)
    return (role, diagnostics)
  }

  /// The variables of a YAML or JSON file, templates compiled.
  package func parseVariableFile(
    _ path: String
  ) -> (variables: OrderedDictionary<String, SourceValue>, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let variables = variables(ofFile: path, at: nil, into: &diagnostics)
    return (variables, diagnostics)
  }

  /// The one document of a file; nil after a diagnostic, a node of null for an empty file.
  func document(_ path: String, at span: SourceSpan?, into diagnostics: inout Diagnostics) -> YAMLNode? {
    guard let document = loadDocument(path, at: span, into: &diagnostics) else { return nil }
    diagnostics.add(contentsOf: document.diagnostics)
    return document.node
  }

  func loadDocument(_ path: String, at span: SourceSpan?, into diagnostics: inout Diagnostics) -> ParseCache.Document? {
    let document = cache.document(path) {
      switch files.read(path) {
      case .text(let text): return parsedDocument(path, text)
      case .missing, .unreadable: return nil
      }
    }
    if let document { return document }
    switch files.read(path) {
    case .unreadable(let reason): diagnostics.add(.error("cannot read '\(files.shownPath(path))': \(reason)", at: span))
    case .missing, .text: diagnostics.add(.error("there is no file '\(files.shownPath(path))'", at: span))
    }
    return nil
  }

  private func parsedDocument(_ path: String, _ text: String) -> ParseCache.Document {
    var diagnostics = Diagnostics()
    let isEncrypted = text.hasPrefix("$ANSIBLE_VAULT;")
    guard let plain = isEncrypted ? decrypted(path, text, into: &diagnostics) : text else {
      return ParseCache.Document(node: nil, diagnostics: diagnostics, isEncrypted: true)
    }
    let file = SourceFile(path: files.shownPath(path), text: plain, isSealed: isEncrypted)
    var found = Diagnostics()
    var node = YAMLDocuments.parseSingle(file, into: &found)
    for var diagnostic in found.all {
      if diagnostic.isDuplicateKey, settings.duplicateKeys == .ignore { continue }
      if diagnostic.isDuplicateKey, settings.duplicateKeys == .error { diagnostic.severity = .error }
      diagnostics.add(diagnostic)
    }
    if node == nil, !diagnostics.hasErrors {
      node = YAMLNode(.scalar("", .plain), at: SourceSpan(file: file, line: 1, column: 1))
    }
    return ParseCache.Document(node: node, diagnostics: diagnostics, isEncrypted: isEncrypted)
  }

  private func decrypted(_ path: String, _ text: String, into diagnostics: inout Diagnostics) -> String? {
    let span = SourceSpan(file: SourceFile(path: files.shownPath(path), text: text), line: 1, column: 1)
    guard let decrypt = settings.decrypt else {
      diagnostics.add(
        .error(
          "the file is encrypted and no vault password was given (Attempting to decrypt but no vault secrets found)",
          advice: "use --ask-vault-pass, --vault-password-file or --vault-id", at: span))
      return nil
    }
    do throws(VaultFailure) {
      return try decrypt(text)
    } catch {
      diagnostics.add(.locked(error, at: span))
      return nil
    }
  }
}
