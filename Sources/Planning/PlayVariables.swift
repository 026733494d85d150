import Model
import OrderedCollections
import Parsing
import Synchronization
import Templating

/// What the hosts of a play share: its vars, prompts, roles, and who is still in it.
package final class PlayVariables: Sendable {
  package struct Membership: Sendable {
    package var all: [String] = []
    package var batch: [String] = []
    /// Hosts that failed or could not be reached.
    package var lost: Set<String> = []
    /// Roles of the play, in order of use.
    package var roles: [RoleUse] = []
    /// Roles whose defaults and vars the whole play sees, in order of use.
    package var publicRoles: [RoleUse] = []

    package init() {}
  }

  package let name: String
  package let directory: String
  package let vars: VariableMap
  package let prompted: [String: Value]
  private let membership = Mutex(Membership())

  package init(name: String, directory: String, vars: VariableMap, prompted: [String: Value] = [:]) {
    self.name = name
    self.directory = directory
    self.vars = vars
    self.prompted = prompted
  }

  package var current: Membership { membership.withLock { $0 } }

  package func update(_ body: (inout sending Membership) -> Void) {
    membership.withLock { body(&$0) }
  }
}
