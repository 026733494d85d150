import Model
import OrderedCollections
import Synchronization
import Templating

package typealias VariableMap = OrderedDictionary<String, SourceValue>

/// A host's variables in a run: what the inventory says (shared by hosts), and what the run has learned about it.
///
/// Steps of several hosts run at once and read each other's records (`hostvars`): contents change under a lock, and each
/// read takes a snapshot.
package final class HostRecord: Sendable {
  package struct Contents: Sendable {
    /// As modules returned them, most with the prefix `ansible_`.
    package var facts: Value.Dict = [:]
    /// `set_fact` and `register`.
    package var values: [String: Value] = [:]
    /// While a plan is made: what is not, or not wholly, known of `values` before it is applied.
    package var predictions: [String: Prediction] = [:]
    /// While a plan is made: what earlier steps would change on the host.
    package var pendingChanges: [PendingChange] = []
    /// `include_vars`.
    package var included: VariableMap = [:]
    /// The play's `vars_files` as this host resolves them, lowest first.
    package var playFiles: [VariableMap] = []
    /// Inventory layers, lowest precedence first; `add_host` and `group_by` change them.
    package var inventory: [VariableMap] = []
    package var groupNames: [String] = []
    /// Why the inventory's variables can't be known: which file is sealed, and what would open it.
    package var lock: String?

    package init() {}
  }

  package let name: String
  package let isImplicit: Bool
  private let contents: Mutex<Contents>

  package init(name: String, isImplicit: Bool = false, contents: Contents) {
    self.name = name
    self.isImplicit = isImplicit
    self.contents = Mutex(contents)
  }

  package var snapshot: Contents { contents.withLock { $0 } }

  package func update(_ body: (inout sending Contents) -> Void) {
    contents.withLock { body(&$0) }
  }
}
