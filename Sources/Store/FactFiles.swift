import Foundation
import Model

/// Facts as files of JSON, one for each host, as Ansible's `jsonfile` keeps them (up to ansible-core 2.18; later ones name their
/// files otherwise, so that neither trips over the other's).
package struct FactFiles: Sendable {
  private let folder: String
  private let prefix: String
  /// 0 never expires.
  private let expirySeconds: Int
  private let scrubber: SecretScrubber

  package init(folder: String, prefix: String, expirySeconds: Int, scrubber: SecretScrubber) {
    self.folder = folder
    self.prefix = prefix
    self.expirySeconds = expirySeconds
    self.scrubber = scrubber
  }

  /// The facts of a host; nil where there are none, or only expired ones.
  package func facts(of host: String, now: Double) throws -> Value.Dict? {
    var info = stat()
    guard stat(path(of: host), &info) == 0 else { return nil }
    if expirySeconds > 0, now - Double(info.st_mtim.tv_sec) > Double(expirySeconds) { return nil }
    return try Value(json: [UInt8](Data(contentsOf: URL(fileURLWithPath: path(of: host))))).dict
  }

  /// Keeps the facts in place of what was known, readable by their owner alone; secrets among them are kept as `***`.
  package func save(_ facts: Value.Dict, of host: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let text = scrubber.scrub(Value.dict(facts).json(.compact))
    let draft = "\(path(of: host)).\(getpid())"
    guard FileManager.default.createFile(atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]),
      rename(draft, path(of: host)) == 0
    else { throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path(of: host)]) }
  }

  package func forget(_ host: String) {
    unlink(path(of: host))
  }

  /// A host's name may hold what a path may not.
  private func path(of host: String) -> String {
    "\(folder)/\(prefix)\(host.replacingOccurrences(of: "/", with: "_"))"
  }
}
