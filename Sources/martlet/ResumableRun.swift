import Foundation
import Model

/// How a run was called: what its journal keeps, sealed, so that it can be called again.
struct ResumableRun {
  private static let namesMax = 10

  var words: [String]
  var directory: String
  /// The files that it was made from: digests by path. Those that its includes read come in while it runs.
  var sources: [String: String]
  /// The hosts of its inventory, in order.
  var hosts: [String]

  init(words: [String], directory: String, sources: [String: String], hosts: [String]) {
    self.words = words
    self.directory = directory
    self.sources = sources
    self.hosts = hosts
  }

  var value: Value {
    [
      "words": .list(words.map(Value.string)), "directory": .string(directory), "hosts": .list(hosts.map(Value.string)),
      "sources": .dict(Value.Dict(sources.map { (.string($0.key), .string($0.value)) }, uniquingKeysWith: { $1 })),
    ]
  }

  init?(_ value: Value) {
    guard let words = value["words"]?.list?.compactMap(\.string), let directory = value["directory"]?.string,
      let sources = value["sources"]?.dict
    else { return nil }
    self.init(
      words: words, directory: directory,
      sources: Dictionary(sources.map { ($0.key.asText, $0.value.asText) }, uniquingKeysWith: { $1 }),
      hosts: value["hosts"]?.list?.compactMap(\.string) ?? [])
  }

  /// The run as it goes on: called as it was, from what there is now.
  func goingOn(sources now: [String: String], hosts: [String]) -> ResumableRun {
    let earlier = sources.keys.map { ($0, now[$0] ?? RecordingFiles.digest(of: $0)) }
    let all = now.merging(earlier) { $1 }.filter { !$0.value.isEmpty }
    return ResumableRun(words: words, directory: directory, sources: all, hosts: hosts)
  }

  /// What is not as it was, a line each.
  func changes(to now: ResumableRun) -> [String] {
    // What an earlier Martlet began does not say which hosts there were, nor names every file.
    let knowsAll = !hosts.isEmpty
    let paths = Set(sources.keys).union(now.sources.keys).sorted()
    let files = paths.compactMap { path -> String? in
      guard let before = sources[path] else { return knowsAll ? "\(path) is new" : nil }
      guard let after = now.sources[path] else { return "\(path) is gone" }
      return before == after ? nil : "\(path) has changed"
    }
    guard knowsAll else { return files }
    let before = Set(hosts), after = Set(now.hosts)
    return files + Self.line(hosts.filter { !after.contains($0) }, "not in the inventory any more")
      + Self.line(now.hosts.filter { !before.contains($0) }, "new in the inventory")
  }

  private static func line(_ names: [String], _ what: String) -> [String] {
    guard !names.isEmpty else { return [] }
    let rest = names.count > namesMax ? " and \(names.count - namesMax) more" : ""
    return ["\(names.prefix(namesMax).joined(separator: ", "))\(rest): \(what)"]
  }
}
