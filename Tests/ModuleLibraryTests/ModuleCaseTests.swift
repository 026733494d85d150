import Glibc
import Model
import ModuleLibrary
import Parsing
import Testing
import Transport

let modulesFolder = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Modules"

/// Commands that BusyBox's shell has inside.
private let applets: Set<String> = {
  let shell = ShellUnderTest(["sh"], directory: "/")
  let list = shell.run(ShellRequest(script: "busybox --list"), stderrFile: "/dev/null").stdout
  return Set(String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init))
}()

/// Every case of every module, on every shell: check mode predicts and touches nothing, the run does it, a second run finds
/// nothing left to do.
@Suite struct ModuleCaseTests {
  static let catalog = ModuleCatalog(moduleFolders: [modulesFolder])
  static let only = getenv("MARTLET_CASE").map { String(cString: $0) }

  static var cases: [ModuleCase] {
    entries(of: modulesFolder).sorted().filter { only == nil || $0 == only }
      .flatMap { ModuleCase.all(of: $0, in: "\(modulesFolder)/\($0)/cases") }
  }

  @Test(arguments: ShellUnderTest.kinds, cases)
  func `a module does on each shell what its case says`(shell: [String], example: ModuleCase) throws {
    if example.needsRoot && geteuid() != 0 { return }
    // BusyBox runs its own applets whatever is on PATH: nothing can stand in for them.
    if shell[0] == "busybox", !applets.isDisjoint(with: example.tools.keys.compactMap(\.string)) { return }
    try CaseRun(example, shell: shell, catalog: Self.catalog).perform()
  }

  @Test func `each module description reads without a mistake`() {
    let catalog = ModuleCatalog(moduleFolders: [modulesFolder])
    for name in catalog.names { #expect(catalog.manifest(named: name) != nil, "\(name)") }
    #expect(catalog.diagnostics.all.map(\.description) == [])
  }

  @Test func `each module on the host has cases`() {
    for name in Self.catalog.names {
      guard let manifest = Self.catalog.manifest(named: name), manifest.kind == .shell, manifest.name == name else { continue }
      #expect(!ModuleCase.all(of: name, in: "\(modulesFolder)/\(name)/cases").isEmpty, "\(name) has no case")
    }
  }
}

/// One case on one shell.
struct CaseRun {
  let example: ModuleCase
  let catalog: ModuleCatalog
  let scratch = Scratch()
  let shell: ShellUnderTest
  let place: Comment

  init(_ example: ModuleCase, shell: [String], catalog: ModuleCatalog) {
    self.example = example
    self.catalog = catalog
    self.shell = ShellUnderTest(shell, directory: scratch.root)
    place = "\(example.place): \(example.name), on \(shell.joined(separator: " "))"
  }

  func perform() throws {
    if example.runsCheck {
      prepare()
      let before = scratch.snapshot()
      let predicted = try run(isCheck: true)
      #expect(predicted["changed"] == (expected["changed"] ?? predicted["changed"]), "in check mode: \(predicted.json), \(place)")
      #expect(scratch.snapshot() == before, "check mode touched something, \(place)")
    }
    prepare()
    _ = scratch.takeCalls()
    let result = try run(isCheck: false)
    for (key, value) in expected {
      #expect(fits(result[key], value), "\(key.pythonText) is not \(value.json) in \(result.json), \(place)")
    }
    checkCalls()
    checkFiles()
    guard example.runsAgain, expected["failed"] != true else { return }
    let again = try run(isCheck: false)
    #expect(again["changed"] == false && again["failed"] == false, "the second run: \(again.json), \(place)")
  }

  func prepare() {
    scratch.prepare(example.before, tools: example.tools)
    if !example.setup.isEmpty {
      let request = ShellRequest(script: "cd '\(scratch.files)'\n" + example.setup)
      _ = shell.run(request, stderrFile: scratch.root + "/stderr")
    }
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

  /// Runs the module with the case's arguments, or with others.
  func run(isCheck: Bool, with args: Value.Dict? = nil) throws -> Value {
    let manifest = try #require(catalog.manifest(named: example.module))
    let arguments: CheckedArguments
    do {
      arguments = try ArgumentCheck(manifest).checked(inDirectory(.dict(args ?? example.args)).dict ?? [:])
    } catch {
      return ["failed": true, "changed": false, "msg": .string(error.message)]
    }
    var invocation = ShellModule.Invocation(manifest, arguments)
    invocation.isCheck = isCheck
    invocation.wantsDiff = true
    invocation.environment["PATH"] = scratch.tools + ":" + scratch.refusals + ":" + (getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")
    for (name, value) in example.environment { invocation.environment[name.pythonText] = inDirectory(value).pythonText }
    let module = ShellModule(invocation, libraries: try catalog.libraries(for: manifest))
    return Self.value(of: module.result(of: shell.run(module.request, stderrFile: scratch.root + "/stderr")))
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

  private func checkCalls() {
    let calls = scratch.takeCalls()
    guard let wanted = example.calls else { return }
    #expect(calls == wanted.map { $0.replacing("{dir}", with: scratch.files) }, place)
  }

  private func checkFiles() {
    for (name, wanted) in example.after {
      let name = name.pythonText
      let entry = scratch.entry(name)
      if wanted == .null {
        #expect(entry == nil, "\(name) is there, \(place)")
        continue
      }
      guard let entry else {
        Issue.record("\(name) is not there, \(place)")
        continue
      }
      if let text = (wanted["content"] ?? wanted).string {
        #expect(entry.content == text.replacing("{dir}", with: scratch.files), "\(name), \(place)")
      }
      if let target = wanted["link"]?.string {
        #expect(entry.kind == "link" && entry.content == target.replacing("{dir}", with: scratch.files), "\(name), \(place)")
      }
      if let mode = wanted["mode"]?.string { #expect(ShellText.octal(entry.mode) == mode, "\(name), \(place)") }
      if let kind = wanted["kind"]?.string { #expect(entry.kind == kind, "\(name), \(place)") }
    }
  }
}

extension ModuleCase: CustomTestStringConvertible {
  var testDescription: String { "\(module): \(name)" }
}
