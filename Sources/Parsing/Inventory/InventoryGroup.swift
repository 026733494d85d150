import OrderedCollections
import Model
import Templating

/// A group of an inventory by its place in it.
package struct GroupID: Sendable, Hashable, Comparable {
  package let index: Int32

  package init(_ index: Int) { self.index = Int32(index) }

  package static let all = GroupID(0)
  package static let ungrouped = GroupID(1)

  package static func < (left: GroupID, right: GroupID) -> Bool { left.index < right.index }
}

/// A group: its own hosts and child groups in the order in which they were written.
package struct InventoryGroup: Sendable {
  package let name: String
  package internal(set) var hosts: [HostID] = []
  package internal(set) var children: [GroupID] = []
  package internal(set) var parents: [GroupID] = []
  package internal(set) var variables: OrderedDictionary<String, SourceValue> = [:]
  /// Longest way from `all`; deeper groups' variables win.
  package internal(set) var depth = 0
  /// `ansible_group_priority`: decides between groups of one depth.
  package internal(set) var priority = 1
  /// The inventory's variables of this group, shared by all hosts in it; nil where it has none.
  package internal(set) var layer: VariableLayer?
  /// The inventory file that named the group first.
  var origin: Int32?

  init(name: String, origin: Int32?) {
    self.name = name
    self.origin = origin
  }
}
