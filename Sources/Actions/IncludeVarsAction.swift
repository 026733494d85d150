import Foundation
import Model
import OrderedCollections
import Parsing
import Planning
import Templating

/// `include_vars`: variables from a file, or from the files of a folder, for the rest of the run.
package struct IncludeVarsAction: Action {
  package static let name = "include_vars"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    let paths = try paths(of: step)
    var variables = VariableMap()
    for path in paths { variables.merge(try step.readVariables(path)) { $1 } }
    let name = step.text("name").flatMap { $0.isEmpty ? nil : $0 }
    if let name {
      let entries = OrderedDictionary(uniqueKeysWithValues: variables.map { (Value.string($0.key), $0.value) })
      variables = [name: .folded(entries)]
    }
    let facts = Value.Dict(uniqueKeysWithValues: variables.map { (.string($0.key), $0.value.asWritten) })
    let result: Value.Dict = [
      "ansible_facts": .dict(facts), "ansible_included_var_files": .list(paths.map(Value.string)), "changed": false,
    ]
    return ActionOutcome(StepResult(.ok, result), effects: [.includedVariables(variables)])
  }

  private func paths(of step: ActionStep) throws(ActionFailure) -> [String] {
    if let folder = step.text("dir") {
      return try filesIn(try step.files.require(folder, in: "vars"), step)
    }
    guard let file = step.text("file") ?? step.text("_raw_params") else {
      throw .message("include_vars needs a file or a dir")
    }
    return [try step.files.require(file, in: "vars")]
  }

  private func filesIn(_ folder: String, _ step: ActionStep) throws(ActionFailure) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw .message("\(folder) is not a directory")
    }
    let depth = step.arguments["depth"]?.int ?? 0
    let ignored = step.arguments["ignore_files"]?.list?.compactMap(\.string) ?? []
    let extensions = step.arguments["extensions"]?.list?.compactMap(\.string) ?? ["yaml", "yml", "json"]
    var found: [String] = []
    for path in entries(of: folder, depth: depth == 0 ? .max : depth) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if ignored.contains(name) || name.hasPrefix(".") { continue }
      guard extensions.contains(where: { $0.isEmpty ? !name.contains(".") : name.hasSuffix(".\($0)") }) else {
        if step.flag("ignore_unknown_extensions") { continue }
        throw .message("\(path) does not have a valid extension: \(extensions.joined(separator: ", "))")
      }
      found.append(path)
    }
    return found
  }

  /// Files of a folder, level by level, each level sorted.
  private func entries(of folder: String, depth: Int) -> [String] {
    guard depth > 0, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
    var files: [String] = [], folders: [String] = []
    for name in names.sorted() {
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      if isFolder.boolValue { folders.append(path) } else { files.append(path) }
    }
    return files + folders.flatMap { entries(of: $0, depth: depth - 1) }
  }
}
