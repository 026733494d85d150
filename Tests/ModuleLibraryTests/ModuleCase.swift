import Glibc
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
struct ModuleCase: Sendable {
  var module: String
  var name: String
  var place: String
  var before: Value.Dict
  var tools: Value.Dict
  var args: Value.Dict
  var environment: Value.Dict
  var result: Value.Dict
  var after: Value.Dict
  var calls: [String]?
  var runsAgain: Bool
  var runsCheck: Bool
  var needsRoot: Bool
  var sharesDirectory: Bool

  static let keys: Set<String> = [
    "name", "before", "tools", "args", "environment", "result", "after", "calls", "again", "check", "root", "setup",
  ]
  var setup: String

  static func all(of module: String, in folder: String) -> [ModuleCase] {
    entries(of: folder).filter { $0.hasSuffix(".yml") }.sorted().flatMap { name -> [ModuleCase] in
      let file = SourceFile(path: "\(folder)/\(name)", text: String(decoding: content(of: "\(folder)/\(name)"), as: UTF8.self))
      var diagnostics = Diagnostics()
      guard let node = YAMLDocuments.parseSingle(file, into: &diagnostics), let items = node.items else {
        fatalError("\(folder)/\(name) is not a list of cases: \(diagnostics.all)")
      }
      return items.map { ModuleCase(module: module, $0) }
    }
  }

  private init(module: String, _ node: YAMLNode) {
    let fields = node.value()
    let strangers = (fields.dict ?? [:]).keys.compactMap(\.string).filter { !Self.keys.contains($0) }
    precondition(strangers.isEmpty, "\(node.span): a case has no \(strangers)")
    self.module = module
    place = "\(node.span)"
    name = fields["name"]?.string ?? "unnamed"
    before = fields["before"]?.dict ?? [:]
    tools = fields["tools"]?.dict ?? [:]
    args = fields["args"]?.dict ?? [:]
    environment = fields["environment"]?.dict ?? [:]
    result = fields["result"]?.dict ?? [:]
    after = fields["after"]?.dict ?? [:]
    calls = fields["calls"]?.list?.compactMap(\.string)
    setup = fields["setup"]?.string ?? ""
    runsAgain = fields["again"] == nil
    runsCheck = fields["check"] == nil
    needsRoot = fields["root"]?.bool ?? false
    sharesDirectory = false
  }
}

func entries(of folder: String) -> [String] {
  guard let handle = opendir(folder) else { return [] }
  defer { closedir(handle) }
  var result: [String] = []
  while let entry = readdir(handle) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != "." && name != ".." { result.append(name) }
  }
  return result
}
