import Model
import Planning
import Vault

/// Digests of what an inventory says, host by host, as it stands before anything runs.
struct PlanInventory {
  private let digests: [String: String]
  /// Of the values given by `-e`; empty where there are none.
  let extraVariables: String

  init(_ records: RunVariables, salt: String) {
    digests = records.current.hosts.reduce(into: [:]) { digests, host in
      let contents = host.value.snapshot
      let groups = Value.list(contents.groupNames.map(Value.string))
      // Secrets count as their mask: the file that holds one is among the plan's files, sealed.
      let value = Value.list([groups, .list(contents.inventory.map(Self.value))])
      digests[host.key] = ContentDigest.sha256(salt + value.json)
    }
    let extra = records.extraVariables
    let text = Self.value(extra).json(JSONEncoding(revealingSecrets: true))
    extraVariables = extra.isEmpty ? "" : ContentDigest.sha256(salt + text)
  }

  /// `hosts` by name, all others together as `*`.
  func sources(of hosts: [String]) -> [Plan.Source] {
    var sources = hosts.compactMap { host in digests[host].map { Plan.Source(path: host, digest: $0) } }
    let others = digests.filter { !hosts.contains($0.key) }.sorted { $0.key < $1.key }
    if !others.isEmpty {
      sources.append(Plan.Source(path: "*", digest: ContentDigest.sha256(others.map { $0.key + $0.value }.joined(separator: "\n"))))
    }
    return sources
  }

  private static func value(_ variables: VariableMap) -> Value {
    .dict(Value.Dict(variables.sorted { $0.key < $1.key }.map { (.string($0.key), $0.value.asWritten) }) { $1 })
  }
}
