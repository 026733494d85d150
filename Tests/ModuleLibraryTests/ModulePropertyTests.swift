import Glibc
import Model
import ModuleLibrary
import ModuleTesting
import Parsing
import Support
import Testing

/// Whatever a host looks like before: check mode touches nothing and says of `changed` what the run then does, and a second run
/// changes nothing. States and arguments are drawn from a module's cases and from the choices in its module.yml.
///
/// `MARTLET_SEED` repeats a run, `MARTLET_ROUNDS` sets how many states each module is tried in, `MARTLET_CASE` names one module.
@Suite struct ModulePropertyTests {
  static let seed = number("MARTLET_SEED") ?? UInt64.random(in: 1...999_999)
  static let rounds = Int(number("MARTLET_ROUNDS") ?? 3)

  static var modules: [String] {
    let catalog = ModuleCaseTests.catalog
    return LocalFile.entries(of: modulesFolder).sorted().filter { name in
      guard ModuleCaseTests.only == nil || name == ModuleCaseTests.only, let manifest = catalog.manifest(named: name) else { return false }
      return manifest.kind == .shell && manifest.name == name && manifest.checksFully && !ModuleDraw(name).cases.isEmpty
    }
  }

  /// Modules on the host that no state can be drawn for, and why.
  static let without: [String: String] = [
    "backup_verify": "restores for real, also in check mode",
    "command": "nobody knows what a command does: check mode only looks at creates and removes",
    "composer": "composer says itself what it would do",
    "docker_container": "some of its options can't be foreseen",
    "docker_container_exec": "nobody knows what a command does",
    "docker_image": "what a registry has is known after asking it",
    "docker_image_pull": "what a registry has is known after asking it",
    "docker_prune": "what nobody needs is known to docker only",
    "expect": "runs what it is told each time",
    "get_certificate": "only looks",
    "get_url": "what a server has is known after asking it",
    "locale_gen": "works on /etc, which is this machine's own",
    "mail": "sends, and has no state",
    "mysql_query": "nobody knows what a statement does",
    "nagios": "writes commands into a pipe: each is a change",
    "postgresql_query": "a statement is rolled back by a server",
    "raw": "nobody knows what a command does",
    "shell": "nobody knows what a command does",
    "tempfile": "makes something new each time",
    "timezone": "works on /etc, which is this machine's own",
    "unarchive": "has partial check mode with the reference; its cases compare both runs",
    "uri": "nobody knows what a request does",
    "wait_for": "only waits",
  ]

  @Test func `each module on the host is in this property, or it is said why not`() {
    guard ModuleCaseTests.only == nil else { return }
    let onHosts = LocalFile.entries(of: modulesFolder).filter {
      guard let manifest = ModuleCaseTests.catalog.manifest(named: $0) else { return false }
      return manifest.kind == .shell && manifest.name == $0
    }
    #expect(Set(onHosts).subtracting(Self.modules).sorted() == Self.without.keys.sorted())
  }

  @Test(arguments: modules)
  func `check mode foretells the run, and a second run changes nothing`(module: String) throws {
    print("property of \(module): MARTLET_SEED=\(Self.seed) MARTLET_ROUNDS=\(Self.rounds)")
    var draw = ModuleDraw(module)
    var random = SplitMix(seed: Self.seed ^ module.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
    for round in 0..<Self.rounds {
      guard let example = draw.next(&random) else { return }
      try hold(example, warmedUpBy: draw.before(example, &random), "\(example.module), seed \(Self.seed), round \(round): \(Value.dict(example.args).json)")
    }
  }

  private func hold(_ example: ModuleCase, warmedUpBy earlier: Value.Dict?, _ place: Comment) throws {
    let manifest = try #require(ModuleCaseTests.catalog.manifest(named: example.module))
    let run = try CaseRun(example, of: manifest, shell: ["dash"], catalog: ModuleCaseTests.catalog)
    try run.prepare()
    if let earlier { _ = try run.run(isCheck: false, with: earlier) }
    let before = run.scratch.snapshot()
    let predicted = try run.run(isCheck: true)
    #expect(run.scratch.snapshot() == before, "check mode touched something: \(place)")
    let result = try run.run(isCheck: false)
    guard result["failed"] != true else { return }
    #expect(predicted["failed"] == false, "check mode fails, the run does not: \(predicted.json) \(place)")
    #expect(predicted["changed"] == result["changed"], "check mode: \(predicted["changed"]!.json), the run: \(result.json) \(place)")
    guard example.runsAgain else { return }
    let again = try run.run(isCheck: false)
    #expect(again["changed"] == false && again["failed"] == false, "the second run: \(again.json) \(place)")
  }

  private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
}

/// Draws states and arguments for one module from its cases.
private struct ModuleDraw {
  let manifest: ModuleManifest?
  let cases: [ModuleCase]
  /// Words that are changes by their nature, as cases with `again: changed` show: `state: touch`, `force: true`.
  private let everChanging: [(option: Value, value: Value)]

  init(_ module: String) {
    manifest = ModuleCaseTests.catalog.manifest(named: module)
    let all = ModuleCaseTests.cases(of: module)
    cases = all.filter { $0.runsCheck && $0.result["failed"] != true && (!$0.needsRoot || geteuid() == 0) }
    let options = manifest?.options ?? [:]
    everChanging = all.filter { !$0.runsAgain }.flatMap { example in
      example.args.filter { name, value in
        guard let option = options[name.string ?? ""] else { return false }
        return (!option.choices.isEmpty || option.kind == .bool) && option.defaultValue != value
      }.map { ($0.key, $0.value) }
    }
  }

  /// A case of the module with some of its words exchanged. Stand-ins for tools only know the words of their own case, and a case that
  /// names no path of its scratch directory may mean the host's own files.
  mutating func next(_ random: inout SplitMix) -> ModuleCase? {
    guard var example = cases.randomElement(using: &random), let manifest else { return nil }
    guard example.isConfined else { return example }
    for (name, option) in manifest.options where option.unsupported == nil && !option.isRequired {
      guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
      let key = Value.string(name)
      if option.kind == .bool {
        example.args[key] = .bool(Bool.random(using: &random))
      } else if let choice = option.choices.randomElement(using: &random) {
        example.args[key] = choice
      }
    }
    if everChanging.contains(where: { example.args[$0.option] == $0.value }) { example.runsAgain = false }
    return example
  }

  /// Arguments that an earlier run had: another case's, half of the time.
  func before(_ example: ModuleCase, _ random: inout SplitMix) -> Value.Dict? {
    guard example.isConfined, Bool.random(using: &random) else { return nil }
    return cases.filter { $0.isConfined && $0.setup.isEmpty }.randomElement(using: &random)?.args
  }
}

extension ModuleCase {
  /// Works on the scratch directory with the host's own tools.
  fileprivate var isConfined: Bool { tools.isEmpty && args.values.contains { $0.json.contains("{dir}") } }
}
