/// How much a document may hold, so that a hostile or broken file ends in a message and not in the machine's memory.
package struct YAMLLimits: Sendable {
  /// Nodes of one file, those that aliases repeat included.
  package var nodesMax = 20_000_000
  /// Nodes that aliases and merge keys may repeat in one file.
  package var aliasNodesMax = 2_000_000
  /// Collections inside collections.
  package var depthMax = 200

  package init() {}
}
