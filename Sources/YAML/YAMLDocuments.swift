import Model

/// The way from text to nodes.
package enum YAMLDocuments {
  /// All documents of a file. After broken YAML there are those that stand before the mistake.
  package static func parse(
    _ file: SourceFile, into diagnostics: inout Diagnostics, limits: YAMLLimits = YAMLLimits()
  ) -> [YAMLNode] {
    if let node = JSONReader.parse(file, depthMax: limits.depthMax) { return [node] }
    var composer = YAMLComposer(file, limits: limits)
    let documents = composer.documents()
    diagnostics.add(contentsOf: composer.diagnostics)
    return documents
  }

  /// The one document of a file that should have one; nil if it is broken or empty. A second document is a mistake.
  package static func parseSingle(
    _ file: SourceFile, into diagnostics: inout Diagnostics, limits: YAMLLimits = YAMLLimits()
  ) -> YAMLNode? {
    var found = Diagnostics()
    let documents = parse(file, into: &found, limits: limits)
    diagnostics.add(contentsOf: found)
    if documents.count > 1 {
      diagnostics.add(
        .error(
          "a second document starts in this file", advice: "it may hold only one: remove the '---' before this line",
          at: documents[1].span))
    }
    return found.hasErrors ? nil : documents.first
  }
}
