import Foundation
import Model
import Parsing
import Vault

/// How a run was called: what its journal keeps, sealed, so that it can be called again.
struct ResumableRun {
  var words: [String]
  var directory: String
  /// The files that it was made from: digests by path.
  var sources: [String: String]

  init(words: [String], directory: String, sources: [String: String]) {
    self.words = words
    self.directory = directory
    self.sources = sources
  }

  var value: Value {
    [
      "words": .list(words.map(Value.string)), "directory": .string(directory),
      "sources": .dict(Value.Dict(sources.map { (.string($0.key), .string($0.value)) }, uniquingKeysWith: { $1 })),
    ]
  }

  init?(_ value: Value) {
    guard let words = value["words"]?.list?.compactMap(\.string), let directory = value["directory"]?.string,
      let sources = value["sources"]?.dict
    else { return nil }
    self.init(
      words: words, directory: directory,
      sources: Dictionary(sources.map { ($0.key.asText, $0.value.asText) }, uniquingKeysWith: { $1 }))
  }

  /// What is not as the run began with it, a line each.
  var changes: [String] {
    let files = DiskFiles()
    return sources.keys.sorted().compactMap { path in
      guard case .text(let text) = files.read(path) else { return "\(path) is gone" }
      return ContentDigest.sha256(text) == sources[path] ? nil : "\(path) has changed"
    }
  }
}
