import Glibc
import Model
import ModuleLibrary
import Parsing

/// One case on one shell: check mode predicts and touches nothing, the run does it, a second run finds nothing left to do.
package struct CaseRun {
  let example: ModuleCase
  private let manifest: ModuleManifest
  private let catalog: ModuleCatalog
  private let shell: ShellUnderTest
  private let shellName: String
  package let scratch: Scratch

  package init(
    _ example: ModuleCase, of manifest: ModuleManifest, shell: [String], catalog: ModuleCatalog, interruption: CaseInterruption? = nil
  ) throws(CaseTrouble) {
    self.example = example
    self.manifest = manifest
    self.catalog = catalog
    scratch = try Scratch()
    let path = "\(scratch.tools):\(scratch.refusals):\(Self.path)"
    self.shell = try ShellUnderTest(shell, in: scratch, path: path, interruption: interruption)
    shellName = shell.joined(separator: " ")
  }

  /// What the host's own commands are found on: a case's setup may use them all.
  private static let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"

  /// What differed, in the order of the runs; nothing where all is as the case says.
  package func findings() -> [CaseFinding] {
    var found: [String] = []
    do { try perform(into: &found) } catch { found.append(error.description) }
    return found.map { CaseFinding(place: example.place, name: example.name, shell: shellName, text: $0) }
  }

  private func perform(into found: inout [String]) throws(CaseTrouble) {
    if example.runsCheck { try foretell(into: &found) }
    try prepare()
    _ = scratch.takeCalls()
    let result = try run(isCheck: false)
    for (key, value) in expected where !fits(result[key], value) {
      found.append("\(key.pythonText) is not \(value.json) in \(result.json)")
    }
    checkCalls(into: &found)
    checkFiles(into: &found)
    guard example.runsAgain, expected["failed"] != true else { return }
    let again = try run(isCheck: false)
    if again["changed"] != false || again["failed"] != false { found.append("the second run: \(again.json)") }
    guard manifest.hasQuickLook, let whole = try run(isCheck: false, mayLookQuickly: false).dict, let again = again.dict else { return }
    for key in Set(again.keys).union(whole.keys) where again[key] != whole[key] {
      found.append("a quick look tells \(again[key]?.json ?? "nothing") for \(key.pythonText), the module \(whole[key]?.json ?? "nothing")")
    }
  }

  private func foretell(into found: inout [String]) throws(CaseTrouble) {
    try prepare()
    let before = scratch.snapshot()
    let predicted = try run(isCheck: true)
    if let changed = expected["changed"], predicted["changed"] != changed {
      found.append("in check mode changed is not \(changed.json): \(predicted.json)")
    }
    if scratch.snapshot() != before { found.append("check mode touched something") }
  }

  /// Makes the scratch directory as it is before the module runs.
  package func prepare() throws(CaseTrouble) {
    try scratch.prepare(example.before, tools: example.tools)
    guard !example.setup.isEmpty else { return }
    _ = try shell.run(.init(script: "PATH='\(Self.path)'; cd '\(scratch.files)'\n" + example.setup), stderrFile: scratch.root + "/stderr")
  }

  /// Runs the module with the case's arguments, or with others.
  package func run(
    isCheck: Bool, with args: Value.Dict? = nil, mayLookQuickly: Bool = true
  ) throws(CaseTrouble) -> Value {
    let arguments: CheckedArguments
    do {
      arguments = try ArgumentCheck(manifest).checked(inDirectory(.dict(args ?? example.args)).dict ?? [:])
    } catch {
      return ["failed": true, "changed": false, "msg": .string(error.message)]
    }
    var invocation = ShellModule.Invocation(manifest, arguments)
    invocation.isCheck = isCheck
    invocation.wantsDiff = true
    invocation.mayLookQuickly = mayLookQuickly
    for (name, value) in example.environment { invocation.environment[name.pythonText] = inDirectory(value).pythonText }
    let module: ShellModule
    do {
      module = ShellModule(invocation, libraries: try catalog.libraries(for: manifest))
    } catch {
      throw CaseTrouble(error.message)
    }
    return Self.value(of: module.result(of: try shell.run(module.request, stderrFile: scratch.root + "/stderr")))
  }

  private static func value(of result: StepResult) -> Value {
    var fields = result.fields
    fields["changed"] = fields["changed"] ?? .bool(result.status == .changed)
    fields["failed"] = .bool(result.status == .failed)
    fields["skipped"] = .bool(result.status == .skipped)
    fields["diffs"] = .list(result.diffs.map { diff in
      switch diff.body {
      case .text(let before, let after): ["before": .string(before), "after": .string(after)]
      case .note(let text), .prepared(let text): .string(text)
      }
    })
    return .dict(fields)
  }

  private var expected: Value.Dict { inDirectory(.dict(example.result)).dict ?? [:] }

  private func inDirectory(_ value: Value) -> Value {
    switch value {
    case .string(let text): .string(text.replacing("{dir}", with: scratch.files))
    case .list(let elements): .list(elements.map(inDirectory))
    case .dict(let entries):
      .dict(Value.Dict(uniqueKeysWithValues: entries.map { (inDirectory($0.key), inDirectory($0.value)) }))
    default: value
    }
  }
}

// What is compared.
extension CaseRun {
  /// A dict fits with more keys than asked for; text that starts with `~` must be contained.
  private func fits(_ value: Value?, _ wanted: Value) -> Bool {
    if let entries = wanted.dict { return entries.allSatisfy { key, wanted in fits(value?[key], wanted) } && value?.dict != nil }
    if let text = wanted.string, text.hasPrefix("~") { return value?.string?.contains(text.dropFirst()) ?? false }
    if wanted == .null { return value == nil || value == .null }
    if let elements = wanted.list, let found = value?.list {
      return elements.count == found.count && zip(found, elements).allSatisfy { fits($0, $1) }
    }
    return value == wanted && (value?.bool == nil) == (wanted.bool == nil)
  }

  private func checkCalls(into found: inout [String]) {
    let calls = scratch.takeCalls()
    guard let wanted = example.calls?.map({ $0.replacing("{dir}", with: scratch.files) }), calls != wanted else { return }
    found.append("the tools were called with \(calls), not \(wanted)")
  }

  private func checkFiles(into found: inout [String]) {
    for (key, wanted) in example.after {
      let name = key.pythonText
      switch (scratch.entry(name), wanted) {
      case (nil, .null): continue
      case (_?, .null): found.append("\(name) is there")
      case (nil, _): found.append("\(name) is not there")
      case (let entry?, _): check(entry, name, wanted, into: &found)
      }
    }
  }

  private func check(_ entry: Scratch.Entry, _ name: String, _ wanted: Value, into found: inout [String]) {
    func compare(_ what: String, _ value: String, _ wanted: String?) {
      guard let wanted = wanted?.replacing("{dir}", with: scratch.files), value != wanted else { return }
      found.append("\(what) of \(name) is \(Value.string(value).json), not \(Value.string(wanted).json)")
    }
    compare("the content", entry.content, (wanted["content"] ?? wanted).string)
    if let target = wanted["link"]?.string {
      compare("the kind", entry.kind, "link")
      compare("the target", entry.content, target)
    }
    compare("the mode", ShellText.octal(entry.mode), wanted["mode"]?.string)
    compare("the kind", entry.kind, wanted["kind"]?.string)
  }
}
