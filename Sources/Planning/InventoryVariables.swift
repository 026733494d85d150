import Model
import OrderedCollections
import Parsing
import Templating

/// A host's or group's variables as their sources have them: templates show as text, nothing is rendered.
package struct InventoryVariables {
  package let inventory: Inventory
  package let files: VariableFiles
  package var playbookDirectories: [String]
  /// `-e`: beats all.
  package var extra: OrderedDictionary<String, SourceValue>
  /// What was wrong with the files read so far.
  package private(set) var diagnostics = Diagnostics()

  package init(
    of inventory: Inventory, files: VariableFiles, playbookDirectories: [String] = [],
    extra: OrderedDictionary<String, SourceValue> = [:]
  ) {
    self.inventory = inventory
    self.files = files
    self.playbookDirectories = playbookDirectories
    self.extra = extra
  }

  /// All that applies to a host; with `ownOnly`, what groups give it is left out.
  package mutating func variables(of host: HostID, ownOnly: Bool = false) -> Value.Dict {
    let layers = ownOnly
      ? files.hostLayers(of: host, in: inventory, playbookDirectories: playbookDirectories, into: &diagnostics)
      : files.layers(of: host, in: inventory, playbookDirectories: playbookDirectories, into: &diagnostics)
    return merged(layers.map(\.variables) + (ownOnly ? [] : [extra]))
  }

  package mutating func variables(of group: GroupID) -> Value.Dict {
    let layers = files.ownLayers(
      of: group, in: inventory, playbookDirectories: playbookDirectories, into: &diagnostics)
    return merged(layers.map(\.variables))
  }

  private func merged(_ layers: [OrderedDictionary<String, SourceValue>]) -> Value.Dict {
    var merged: OrderedDictionary<String, SourceValue> = [:]
    for (name, value) in layers.joined() {
      merged[name] = value.replacing(merged[name], merging: inventory.options.mergesDicts)
    }
    var written = Value.Dict(minimumCapacity: merged.count)
    for (name, value) in merged { written[.string(name)] = value.asWritten }
    return written
  }
}

extension SourceValue {
  /// The value with templates as the text that they were compiled from.
  package var asWritten: Value {
    switch self {
    case .value(let value): value
    case .template(let template): .string(template.source)
    case .list(let elements): .list(elements.map(\.asWritten))
    case .dict(let entries): .dict(entries.mapValues(\.asWritten))
    }
  }
}
