import Model
import OrderedCollections
import Templating
import YAML

/// The files of a role's folder.
struct RoleFolder {
  let parser: RunbookParser
  let identity: SourceContext.RoleIdentity
  /// Where the role is asked for, for files that it should have.
  let span: SourceSpan?

  /// `defaults` or `vars`: one file, or all files of a folder `main/`.
  func variables(
    _ subfolder: String, _ choice: String?, into diagnostics: inout Diagnostics
  ) -> OrderedDictionary<String, SourceValue> {
    paths(subfolder, choice, allowsFolder: true, into: &diagnostics).reduce(into: [:]) { merged, path in
      merged.merge(parser.variables(ofFile: path, at: span, into: &diagnostics)) { _, last in last }
    }
  }

  func tasks(
    _ subfolder: String, _ choice: String?, in context: SourceContext, into diagnostics: inout Diagnostics
  ) -> [TaskNode] {
    guard let path = paths(subfolder, choice, allowsFolder: false, into: &diagnostics).first,
      let document = parser.document(path, at: span, into: &diagnostics)
    else { return [] }
    var context = context
    context.chain.append(parser.files.canonicalPath(path))
    return parser.tasks(
      document, subfolder == "tasks" ? "a task file" : "a handler file", in: context, into: &diagnostics)
  }

  /// `meta/main.yml`.
  func meta(into diagnostics: inout Diagnostics) -> YAMLNode? {
    guard let path = paths("meta", nil, allowsFolder: false, into: &diagnostics).first,
      let document = parser.document(path, at: span, into: &diagnostics), !document.isNull
    else { return nil }
    if document.entries == nil {
      diagnostics.add(.error("a role's metadata is a mapping, not \(document.kindName)", at: document.span))
    }
    return document
  }

  /// The entry of `meta/argument_specs.yml`, or else of `argument_specs` in `meta/main.yml`.
  func argumentSpec(_ meta: YAMLNode?, entryPoint: String, into diagnostics: inout Diagnostics) -> SourceValue? {
    var specs = meta?["argument_specs"]
    let folder = SourcePath.joined(identity.directory, "meta")
    let files = parser.variableFiles(
      "argument_specs", in: folder, extensions: [".yml", ".yaml", ".json"], allowsFolder: false)
    if let path = files.first { specs = parser.document(path, at: span, into: &diagnostics)?["argument_specs"] }
    guard let spec = specs?[entryPoint], spec.entries?.isEmpty == false else { return nil }
    return parser.values.value(of: spec, into: &diagnostics)
  }

  private func paths(
    _ subfolder: String, _ choice: String?, allowsFolder: Bool, into diagnostics: inout Diagnostics
  ) -> [String] {
    let folder = SourcePath.joined(identity.directory, subfolder)
    let extensions = choice == nil ? [".yml", ".yaml", ".json", ""] : ["", ".yml", ".yaml", ".json"]
    let found = parser.variableFiles(choice ?? "main", in: folder, extensions: extensions, allowsFolder: allowsFolder)
    if let choice, found.isEmpty {
      diagnostics.add(.error("role '\(identity.name)' has no file '\(subfolder)/\(choice)'", at: span))
    }
    for path in found where !SourcePath.isInside(path, folder) {
      diagnostics.add(.error("'\(path)' cannot be loaded, as it is not inside the expected role path '\(folder)'", at: span))
    }
    return found.filter { SourcePath.isInside($0, folder) }
  }
}
