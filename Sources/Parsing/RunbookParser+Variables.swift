import Model
import OrderedCollections
import Templating
import YAML

extension RunbookParser {
  /// Where a file of `vars_files` is: `vars/` beside the runbook comes first.
  package func findVariableFile(_ name: String, playDirectory: String) -> (path: String?, places: [String]) {
    let name = SourcePath.expanded(name)
    let places =
      name.hasPrefix("/")
      ? [name]
      : (name.hasPrefix("vars/") ? [name] : ["vars/" + name, name]).map { SourcePath.joined(playDirectory, $0) }
    return (places.first { files.kind($0) == .file }, places)
  }

  func variables(
    ofFile path: String, at span: SourceSpan?, into diagnostics: inout Diagnostics
  ) -> OrderedDictionary<String, SourceValue> {
    var missing = Diagnostics()
    let variables = cache.variables(path) {
      guard let document = loadDocument(path, at: span, into: &missing) else { return nil }
      var found = document.diagnostics
      var variables = document.node.map { self.variables(of: $0, into: &found) } ?? [:]
      // A broken template in a file of variables matters only where the variable is used.
      found = found.tolerated
      if document.isEncrypted { variables = variables.mapValues { $0.secret(settings) } }
      return ParseCache.Variables(values: variables, diagnostics: found)
    }
    diagnostics.add(contentsOf: missing)
    diagnostics.add(contentsOf: variables?.diagnostics ?? Diagnostics())
    return variables?.values ?? [:]
  }

  /// A mapping, or a list of mappings of which later ones win.
  private func variables(of node: YAMLNode, into diagnostics: inout Diagnostics) -> OrderedDictionary<
    String, SourceValue
  > {
    if node.isNull { return [:] }
    if let items = node.items, items.allSatisfy({ $0.entries != nil }) {
      return items.reduce(into: [:]) { merged, item in
        merged.merge(self.variables(of: item, into: &diagnostics)) { _, last in last }
      }
    }
    guard let entries = node.entries else {
      diagnostics.add(.error("a variable file holds a mapping of names to values, not \(node.kindName)", at: node.span))
      return [:]
    }
    var variables = OrderedDictionary<String, SourceValue>(minimumCapacity: entries.count)
    for entry in entries { variables[entry.key.text ?? ""] = values.value(of: entry.value, into: &diagnostics) }
    return variables
  }

  /// The files of a name that may stand for a file with or without extension, or for a folder of files.
  func variableFiles(_ name: String, in folder: String, extensions: [String], allowsFolder: Bool) -> [String] {
    for suffix in extensions {
      let path = SourcePath.joined(folder, name + suffix)
      switch files.kind(path) {
      case .file: return [path]
      case .folder where allowsFolder: return filesBelow(path, extensions: extensions)
      case .folder, nil: continue
      }
    }
    return []
  }

  /// Hidden files and backups don't count; of folders only those without an extension.
  private func filesBelow(_ folder: String, extensions: [String]) -> [String] {
    files.names(in: folder).filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.flatMap { name -> [String] in
      let path = SourcePath.joined(folder, name)
      let suffix = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
      switch files.kind(path) {
      case .folder: return suffix.isEmpty ? filesBelow(path, extensions: extensions) : []
      case .file: return suffix.isEmpty || extensions.contains(suffix) ? [path] : []
      case nil: return []
      }
    }
  }
}
