import Model
import OrderedCollections
import Synchronization
import Templating

/// What all hosts and plays of a run share: host records, groups, `-e`, and the run's own facts.
package final class RunVariables: Sendable {
  package struct Roster: Sendable {
    /// In inventory order; `add_host` appends.
    package var hosts: OrderedDictionary<String, HostRecord>
    /// `groups`: every group's hosts, made once for all templates.
    package var groups: Value.Dict

    package init(hosts: OrderedDictionary<String, HostRecord> = [:], groups: Value.Dict = [:]) {
      self.hosts = hosts
      self.groups = groups
    }
  }

  package let extraVariables: VariableMap
  /// `ansible_check_mode`, `ansible_version`, … : the same for every host.
  package let constants: [String: Value]
  /// `hash_behaviour: merge`: dicts of the same name add up over the levels of precedence.
  package let mergesDicts: Bool
  private let roster: Mutex<Roster>
  /// Names for the controller that no inventory has; `groups` and `all` do not list them.
  private let implicitHosts: [String: HostRecord]

  package init(
    extraVariables: VariableMap, constants: [String: Value], roster: Roster, implicitHosts: [String: HostRecord] = [:],
    mergesDicts: Bool = false
  ) {
    self.extraVariables = extraVariables
    self.constants = constants
    self.roster = Mutex(roster)
    self.implicitHosts = implicitHosts
    self.mergesDicts = mergesDicts
  }

  package var current: Roster { roster.withLock { $0 } }

  package func update(_ body: (inout sending Roster) -> Void) {
    roster.withLock { body(&$0) }
  }

  /// The localhost that no inventory names.
  func implicitRecord(of host: String) -> HostRecord? { implicitHosts[host] }

  /// All hosts' records, those of implicit hosts too.
  package var allRecords: [HostRecord] { Array(current.hosts.values) + implicitHosts.values }

  package func record(of host: String) -> HostRecord? {
    roster.withLock { $0.hosts[host] } ?? implicitHosts[host]
  }
}
