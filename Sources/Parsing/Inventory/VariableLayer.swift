import OrderedCollections
import Model
import Templating

/// Variables of one group, host or file. A layer exists once; hosts share it.
package final class VariableLayer: Sendable {
  /// Where the variables come from, in the order of precedence: later levels win.
  package enum Level: Int, Sendable, Comparable, CaseIterable {
    case inventoryAll, inventoryGroup
    case inventoryAllFile, playbookAllFile, inventoryGroupFile, playbookGroupFile
    case inventoryHost, inventoryHostFile, playbookHostFile

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  package let level: Level
  /// The group or host that the variables belong to.
  package let owner: String
  /// The file that holds them; for an inventory's own variables, the inventory.
  package let origin: String
  package let variables: OrderedDictionary<String, SourceValue>

  package init(level: Level, owner: String, origin: String, variables: OrderedDictionary<String, SourceValue>) {
    self.level = level
    self.owner = owner
    self.origin = origin
    self.variables = variables
  }
}

extension VariableLayer: CustomStringConvertible {
  /// As provenance output names it: `group_vars of web (site/group_vars/web.yml)`.
  package var description: String {
    switch level {
    case .inventoryAll, .inventoryGroup: "group \(owner) (\(origin))"
    case .inventoryAllFile, .playbookAllFile, .inventoryGroupFile, .playbookGroupFile: "group_vars of \(owner) (\(origin))"
    case .inventoryHost: "host \(owner) (\(origin))"
    case .inventoryHostFile, .playbookHostFile: "host_vars of \(owner) (\(origin))"
    }
  }
}
