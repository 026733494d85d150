import Foundation
import Glibc
import Model
import OrderedCollections
import Parsing
import Support
import Templating

/// An inventory read from marked text, as a test compares it.
struct ReadInventory {
  let inventory: Inventory
  let diagnostics: [String]

  /// `name` says by its extension how the text is read.
  init(_ text: String, as name: String = "hosts.ini", options: InventoryOptions = InventoryOptions()) async throws {
    let marked = MarkedText(text)
    (inventory, diagnostics) = try await ScratchFolder.with { folder in
      try write(marked.text, to: "\(folder)/\(name)")
      var found = Diagnostics()
      let loader = InventoryLoader(options: options, baseDirectory: folder)
      let inventory = loader.load([name], into: &found)
      return (inventory, marked.lines(of: found))
    }
  }

  /// `group: children > hosts`, in order, without `all` and an empty `ungrouped`.
  var groups: [String] { inventory.summary }

  /// A host's own variables as JSON, templates as their text.
  func variables(of host: String) -> String? {
    inventory.host(named: host).map { json(inventory[$0].variables) }
  }

  func variables(ofGroup group: String) -> String? {
    inventory.group(named: group).map { json(inventory[$0].variables) }
  }
}

extension Inventory {
  var summary: [String] {
    groups.dropFirst().filter { $0.name != "ungrouped" || !$0.hosts.isEmpty }.map { group in
      let children = group.children.map { self[$0].name + "/" }
      return "\(group.name): " + (children + group.hosts.map { self[$0].name }).joined(separator: " ")
    }
  }

  func names(_ hosts: [HostID]) -> String { hosts.map { self[$0].name }.joined(separator: " ") }
}

func json(_ variables: OrderedDictionary<String, SourceValue>) -> String {
  var dict: Value.Dict = [:]
  for (name, value) in variables { dict[.string(name)] = written(value) }
  return Value.dict(dict).json
}

private func written(_ value: SourceValue) -> Value {
  switch value {
  case .value(let value): value
  case .template(let template): .string("template " + template.source)
  case .list(let elements): .list(elements.map(written))
  case .dict(let entries): .dict(entries.mapValues(written))
  }
}

/// Writes a file of a scratch folder, with the folders above it.
func write(_ text: String, to path: String, isExecutable: Bool = false) throws {
  let folder = TextFile.directory(of: path)
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  // Closed on exec: a script that some other test starts meanwhile must not hold this one open.
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  precondition(descriptor >= 0, "can't write \(path)")
  defer { close(descriptor) }
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    precondition(count > 0, "can't write \(path)")
    rest = rest.dropFirst(count)
  }
  if isExecutable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path) }
}
