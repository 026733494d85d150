import OrderedCollections
import Model
import Templating

/// A host of an inventory by its place in it; stays valid while the inventory grows.
package struct HostID: Sendable, Hashable, Comparable {
  package let index: Int32

  package init(_ index: Int) { self.index = Int32(index) }

  package static func < (left: HostID, right: HostID) -> Bool { left.index < right.index }
}

/// A host as the inventory has it. What hosts have in common (groups, their variables) stands elsewhere, once.
package struct InventoryHost: Sendable {
  package let name: String
  /// Groups that name the host themselves; hosts of the same groups share the array.
  package internal(set) var groups: [GroupID] = []
  /// Variables that the inventory gives to the host itself.
  package internal(set) var variables: OrderedDictionary<String, SourceValue> = [:]
  /// Index of the file that named the host first; nil for implicit hosts and those that a run adds.
  package internal(set) var origin: Int32?
  /// Not in the inventory: `localhost`, there for the asking, and in no group.
  package internal(set) var isImplicit = false
  var membership: Int32 = 0

  init(name: String, origin: Int32?) {
    self.name = name
    self.origin = origin
  }

  /// The name up to its first dot, or the whole of an address.
  package var shortName: String {
    if HostAddress.isIPv4(name) || HostAddress.isIPv6(name) { return name }
    return String(name.prefix { $0 != "." })
  }

  /// Names for the controller itself that match even where no inventory has them.
  package static let localNames = ["localhost", "127.0.0.1", "::1"]
}
