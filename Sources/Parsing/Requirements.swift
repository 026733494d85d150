import Model
import YAML

/// `requirements.yml`, beside a runbook or in its folders of roles and collections: what is to be installed.
struct Requirements {
  let parser: RunbookParser
  let directory: String

  private static let files = ["requirements.yml", "roles/requirements.yml", "collections/requirements.yml"]
    .flatMap { [$0, $0.replacing(".yml", with: ".yaml")] }

  /// Why a role is not there, where a file asks for it.
  func adviceOnRole(_ name: String, lookedIn folders: [String]) -> String? {
    advice(on: name, "role", folders) { node in
      (node.items ?? node["roles"]?.items ?? []).first { Self.roleName($0) == name }
    }
  }

  /// Why what a collection would hold is not there, where a file asks for the collection.
  func adviceOnCollection(_ name: String, lookedIn folders: [String]) -> String? {
    advice(on: name, "collection", folders) { node in
      (node["collections"]?.items ?? []).first { Self.collectionName($0) == name }
    }
  }

  private func advice(on name: String, _ what: String, _ folders: [String], _ entry: (YAMLNode) -> YAMLNode?) -> String? {
    for file in Self.files {
      let path = SourcePath.joined(directory, file)
      var ignored = Diagnostics()
      guard parser.files.kind(path) == .file, let document = parser.document(path, at: nil, into: &ignored),
        let found = entry(document)
      else { continue }
      let version = found["version"]?.text.map { " (version \($0))" } ?? ""
      let shown = parser.files.shownPath(path)
      let places = folders.map(parser.files.shownPath).joined(separator: ", ")
      return "\(shown) names the \(what) \(name)\(version), which is not installed in \(places): "
        + "ansible-galaxy \(what) install -r \(shown)"
    }
    return nil
  }

  /// A text, or a mapping with `name`, or with `src` whose last part counts.
  private static func roleName(_ node: YAMLNode) -> String? {
    if let name = node["name"]?.text { return name }
    guard let source = (node["src"]?.text ?? node.text)?.split(separator: ",").first.map(String.init) else { return nil }
    guard source.contains("://") || source.contains("@") else { return source }
    var name = SourcePath.name(of: source)
    for suffix in [".git", ".tar.gz"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
    return name
  }

  private static func collectionName(_ node: YAMLNode) -> String? {
    (node["name"]?.text ?? node.text)?.split(separator: ":").first.map(String.init)
  }
}
