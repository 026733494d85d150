import Execution
import Foundation
import Model
import Parsing
import Planning
import Store

/// Where a run keeps its facts, by the setting `fact_caching`.
struct FactCaching {
  let settings: Settings
  let scrubber: SecretScrubber
  let environment: [String: String]

  /// Nil for `memory`: facts end with the run, as with Ansible.
  func cache() throws(CommandFailure) -> FactCache? {
    let name = settings.factCache
    switch name.split(separator: ".").last {
    case "memory": return nil
    case "jsonfile": return try files()
    case "martlet": return try database()
    default:
      throw CommandFailure(
        exitStatus: 1, "the fact cache '\(name)' is a Python plugin, which cannot be loaded here: "
          + "fact_caching is memory, jsonfile or martlet (the state database)")
    }
  }

  /// What is cached becomes known to the hosts; `isFlushing` forgets it instead.
  func load(_ cache: FactCache, into hosts: some Sequence<HostRecord>, isFlushing: Bool) {
    for host in hosts {
      if isFlushing { cache.forget(host.name) } else if let facts = cache.load(host.name) { host.update { $0.facts = facts } }
    }
  }

  private func files() throws(CommandFailure) -> FactCache {
    guard let folder = settings.factCacheConnection else {
      throw CommandFailure(
        exitStatus: 1, "fact_caching is jsonfile, but fact_caching_connection (ANSIBLE_CACHE_PLUGIN_CONNECTION) names no folder")
    }
    let files = FactFiles(
      folder: PosixHome.expanded(folder, environment), prefix: settings.isSet("CACHE_PLUGIN_PREFIX") ? settings.factCachePrefix : "",
      expirySeconds: settings.factCacheTimeoutSeconds, scrubber: scrubber)
    return FactCache(
      load: { host in told("read", host) { try files.facts(of: host, now: Date().timeIntervalSince1970) } ?? nil },
      save: { facts, host in told("write", host) { try files.save(facts, of: host) } },
      forget: { files.forget($0) })
  }

  private func database() throws(CommandFailure) -> FactCache {
    guard let folder = StateDatabase.folder(environment: environment) else {
      throw CommandFailure(exitStatus: 1, "no folder for the fact cache: neither MARTLET_HOME nor HOME is set")
    }
    let store: StateDatabase
    do { store = try StateDatabase.open(inFolder: folder, scrubber: scrubber) } catch {
      throw CommandFailure(exitStatus: 1, "\(error)")
    }
    let expiry = Double(settings.factCacheTimeoutSeconds)
    return FactCache(
      load: { host in
        let oldest = expiry > 0 ? Date().timeIntervalSince1970 - expiry : -.infinity
        return told("read", host) { try store.facts(of: host, notBefore: oldest)?.facts } ?? nil
      },
      save: { facts, host in
        told("write", host) {
          try store.save(CachedFacts(facts: facts, gatheredAt: Date().timeIntervalSince1970), of: host)
        }
      },
      forget: { host in told("forget", host) { try store.forgetFacts(of: host) } })
  }
}

/// A cache that can't be used is worth a warning: the run itself goes on without it.
@discardableResult
private func told<Outcome>(_ verb: String, _ host: String, _ body: () throws -> Outcome) -> Outcome? {
  do { return try body() } catch {
    StandardError.write("[WARNING]: can't \(verb) cached facts of \(host): \(error)\n")
    return nil
  }
}

/// A path that may begin with `~`.
private enum PosixHome {
  static func expanded(_ path: String, _ environment: [String: String]) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
  }
}
