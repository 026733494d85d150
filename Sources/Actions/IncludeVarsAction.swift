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
    let merges = step.text("hash_behaviour") == "merge"
    for path in paths { variables.merge(try step.readVariables(path)) { $1 } }
    let name = step.text("name").flatMap { $0.isEmpty ? nil : $0 }
    if let name {
      let entries = OrderedDictionary(uniqueKeysWithValues: variables.map { (Value.string($0.key), $0.value) })
      variables = [name: .folded(entries)]
    }
    if merges { variables = try merged(variables, step) }
    let facts = Value.Dict(uniqueKeysWithValues: variables.map { (.string($0.key), $0.value.asWritten) })
    let result: Value.Dict = [
      "ansible_facts": .dict(facts), "ansible_included_var_files": .list(paths.map(Value.string)), "changed": false,
    ]
    return ActionOutcome(
      StepResult(.ok, result), effects: [.includedVariables(variables)], isHidden: paths.contains(where: step.files.isSealed))
  }

  private func paths(of step: ActionStep) throws(ActionFailure) -> [String] {
    if let folder = step.text("dir") {
      return try filesIn(try step.files.require(folder, in: "vars"), step)
    }
    // Free text written over several lines ends in a line break.
    guard let file = (step.text("file") ?? step.text("_raw_params"))?.trimmingCharacters(in: .newlines) else {
      throw Self.failure("Could not find file: include_vars needs a file or a dir")
    }
    guard let path = step.files.find(file, in: "vars") else {
      let places = step.files.candidates(file, in: "vars").map { "\t\($0)" }.joined(separator: "\n")
      throw Self.failure("Could not find file '\(file)'\nSearched in:\n\(places)")
    }
    return [path]
  }

  /// Scripts read `message`; people read `msg`.
  private static func failure(_ text: String) -> ActionFailure {
    .failed(StepResult(.failed, ["message": .string(text), "msg": .string(text)]))
  }

  private func filesIn(_ folder: String, _ step: ActionStep) throws(ActionFailure) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw Self.failure("\(folder) is not a directory")
    }
    let depth = step.arguments["depth"]?.int ?? 0
    let ignored = try patterns(step.arguments["ignore_files"], suffix: "$")
    let wanted = try patterns(step.arguments["files_matching"], suffix: "")
    let extensions = step.arguments["extensions"]?.list?.compactMap(\.string) ?? ["yaml", "yml", "json"]
    let roleMain = step.task.context.role.map { "\($0.role.directory)/vars/main.yml" }
    var found: [String] = []
    for path in entries(of: folder, depth: depth == 0 ? .max : depth) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      if name.hasPrefix(".") || path == roleMain || matches(ignored, name) { continue }
      if !wanted.isEmpty {
        if matches(wanted, name) { found.append(path) }
        continue
      }
      guard extensions.contains(where: { $0.isEmpty ? !name.contains(".") : name.hasSuffix(".\($0)") }) else {
        if step.flag("ignore_unknown_extensions") { continue }
        throw Self.failure("\(path) does not have a valid extension: \(extensions.joined(separator: ", "))")
      }
      found.append(path)
    }
    return found
  }

  /// `hash_behaviour: merge`: dicts grow those that the step sees already.
  private func merged(_ variables: VariableMap, _ step: ActionStep) throws(ActionFailure) -> VariableMap {
    var merged = variables
    for (name, value) in variables {
      guard let known = step.scope.variable(named: name) else { continue }
      let before = try step.rendering(try step.renderer.value(of: known, in: step.scope))
      merged[name] = SourceValue.value(before).merged(under: value)
    }
    return merged
  }

  private func patterns(_ value: Value?, suffix: String) throws(ActionFailure) -> [PythonRegex] {
    let texts = value?.list?.compactMap(\.string) ?? value?.string.map { [$0] } ?? []
    var found: [PythonRegex] = []
    for text in texts where !text.isEmpty {
      do { found.append(try PythonRegex(text + suffix)) } catch { throw .message("'\(text)' is no regular expression: \(error)") }
    }
    return found
  }

  /// A name that takes the engine beyond its limits counts as no match.
  private func matches(_ patterns: [PythonRegex], _ name: String) -> Bool {
    patterns.contains { (try? $0.search(name)).flatMap { $0 } != nil }
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

extension SourceValue {
  /// This dict with another's entries over it, dicts within them likewise; the other where one of them is no dict.
  fileprivate func merged(under other: SourceValue) -> SourceValue {
    guard var entries = self.entries, let others = other.entries else { return other }
    for (key, value) in others { entries[key] = entries[key].map { $0.merged(under: value) } ?? value }
    return .folded(entries)
  }

  private var entries: OrderedDictionary<Value, SourceValue>? {
    switch self {
    case .dict(let entries): entries
    case .value(let value): value.dict.map { $0.mapValues { .value($0) } }
    case .template, .list: nil
    }
  }
}
