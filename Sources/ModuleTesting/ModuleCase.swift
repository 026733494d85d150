import Model
import YAML

/// One case of a module, from a YAML file in its folder `cases/`:
///
///     - name: makes a directory
///       before: {d: {}, "d/f": {content: x, mode: "0600"}, l: {link: d/f}}
///       tools: {useradd: 'exit 0'}       # commands that stand in for the host's; their calls are recorded
///       args: {path: "{dir}/e", state: directory}
///       result: {changed: true}          # keys that must be so; changed, failed and skipped among them
///       after: {e: {mode: "0755"}, d: null}
///       calls: [useradd -m joe]          # what the tools were called with, in order
///       again: changed                   # the second run is not expected to find nothing to do
///       check: differs                   # check mode cannot tell
package struct ModuleCase: Sendable {
  package let module: String
  package let name: String
  package let place: SourceSpan
  package let before: Value.Dict
  package let tools: Value.Dict
  package var args: Value.Dict
  package let environment: Value.Dict
  package let result: Value.Dict
  package let after: Value.Dict
  package let calls: [String]?
  package let setup: String
  package var runsAgain: Bool
  package let runsCheck: Bool
  package let needsRoot: Bool

  /// The cases in all files of a folder, in the order of the files' names.
  package static func all(of module: String, in folder: String, into diagnostics: inout Diagnostics) -> [ModuleCase] {
    var cases: [ModuleCase] = []
    for name in LocalFile.entries(of: folder).filter({ $0.hasSuffix(".yml") }).sorted() {
      let path = "\(folder)/\(name)"
      let file = SourceFile(path: path, text: String(decoding: LocalFile.content(of: path), as: UTF8.self))
      cases += read(file, of: module, into: &diagnostics)
    }
    return cases
  }

  private static func read(_ file: SourceFile, of module: String, into diagnostics: inout Diagnostics) -> [ModuleCase] {
    guard let node = YAMLDocuments.parseSingle(file, into: &diagnostics) else { return [] }
    guard let items = node.items else {
      diagnostics.add(.error("the file is \(node.kindName), not a list of cases", advice: caseForm, at: node.span))
      return []
    }
    return items.compactMap { item in
      guard let fields = CaseFields(item, into: &diagnostics) else { return nil }
      return ModuleCase(module: module, fields)
    }
  }

  private init(module: String, _ fields: CaseFields) {
    self.module = module
    place = fields.place
    name = fields.text("name")
    before = fields.dict("before")
    tools = fields.dict("tools")
    args = fields.dict("args")
    environment = fields.dict("environment")
    result = fields.dict("result")
    after = fields.dict("after")
    calls = fields["calls"]?.list?.compactMap(\.string)
    setup = fields.text("setup")
    runsAgain = fields["again"] == nil
    runsCheck = fields["check"] == nil
    needsRoot = fields["root"]?.bool ?? false
  }
}

let caseForm = "a case is a mapping such as {name: makes it, args: {…}, result: {changed: true}}"
