import Model
import OrderedCollections

/// The counts of PLAY RECAP, and what they make of the exit status.
struct RunTally: Sendable {
  private(set) var hosts: OrderedDictionary<String, HostSummary> = [:]
  var customStats: OrderedDictionary<String, Value> = [:]
  var hasFailed = false
  /// The run could not go on as it is written.
  var refusalStatus: Int32?
  /// What `meta: clear_host_errors` took back: it stays in the recap, and no longer counts for the exit status.
  private var forgiven: OrderedDictionary<String, HostSummary> = [:]

  mutating func forgive() { forgiven = hosts }

  mutating func count(_ outcome: StepOutcome, host: String) {
    var summary = hosts[host] ?? HostSummary()
    switch outcome.result.status {
    case .ok: summary.ok += 1
    case .changed:
      summary.ok += 1
      summary.changed += 1
    case .skipped: summary.skipped += 1
    case .failed where outcome.isIgnored:
      summary.ok += 1
      summary.ignored += 1
      if outcome.result.fields["changed"]?.bool == true { summary.changed += 1 }
    case .failed where outcome.isRescued: summary.rescued += 1
    case .failed: summary.failed += 1
    case .unreachable where outcome.isIgnored:
      summary.ok += 1
      summary.ignored += 1
    case .unreachable: summary.unreachable += 1
    }
    hosts[host] = summary
  }

  /// A further file of one include's loop.
  mutating func countInclude(host: String) { hosts[host, default: HostSummary()].ok += 1 }

  /// That of a refusal, else 4 where a host could not be reached, else 2 where one failed, else 0.
  var exitStatus: Int32 {
    if let refusalStatus { return refusalStatus }
    if hosts.contains(where: { $0.value.unreachable > forgiven[$0.key]?.unreachable ?? 0 }) { return 4 }
    return hasFailed || hosts.contains { $0.value.failed > forgiven[$0.key]?.failed ?? 0 } ? 2 : 0
  }

  mutating func add(_ stats: Value.Dict, aggregates: Bool, host: String?) {
    let key = host ?? "_run"
    var known = customStats[key]?.dict ?? [:]
    for (name, value) in stats {
      known[name] = aggregates ? known[name].flatMap { Self.sum($0, value) } ?? value : value
    }
    customStats[key] = .dict(known)
  }

  private static func sum(_ left: Value, _ right: Value) -> Value? {
    switch (left, right) {
    case (.int(let left), .int(let right)): .int(left + right)
    case (.float(let left), .float(let right)): .float(left + right)
    case (.string(let left), .string(let right)): .string(left + right)
    case (.list(let left), .list(let right)): .list(left + right)
    case (.dict(let left), .dict(let right)): .dict(left.merging(right) { $1 })
    default: nil
    }
  }
}
