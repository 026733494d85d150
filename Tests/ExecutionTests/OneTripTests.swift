import Actions
import Model
import ModuleLibrary
import OrderedCollections
import Parsing
import Planning
import Support
import Templating
import Testing
import Transport

@testable import Execution
@testable import ModuleTesting

/// What a step that finds nothing to do costs, counted where Execution asks a session: one request, and no file, for every module that
/// runs on the host, by all its cases that can run again. `RoundTripTests` counts for actions.
struct OneTripTests {
  static let catalog = ModuleCatalog(moduleFolders: [SourceTree.root + "/Modules"])
  static let modules = catalog.names.filter { name in
    guard let manifest = catalog.manifest(named: name), manifest.name == name else { return false }
    return manifest.kind == .shell && ActionRegistry().action(named: name) == nil
  }

  @Test(arguments: modules)
  func `a module's step is one round trip, also where nothing is left to do`(module: String) async throws {
    var diagnostics = Diagnostics()
    let manifest = try #require(Self.catalog.manifest(named: module))
    let cases = ModuleCase.all(of: module, in: "\(manifest.directory)/cases", into: &diagnostics)
    for example in cases where !example.needsRoot && example.runsAgain && example.result["failed"] != true {
      let host = try CountingSession(example, manifest, Self.catalog)
      let step = StepOfCase(example, host.folder)
      _ = await step.run(Self.catalog, host)
      #expect(await host.trips <= 1, "\(example.name), the first run")
      let before = await host.trips
      let again = await step.run(Self.catalog, host)
      #expect(again.status == .ok || again.status == .skipped, "\(example.name): \(again)")
      #expect(await host.trips - before == 1, "\(example.name), the second run")
    }
  }
}

/// A host that is a shell on this machine, as a case wants it, and counts what it is asked.
private actor CountingSession: HostSession {
  let folder: String
  private let ground: CaseRun
  private let shell: ShellUnderTest
  private let stderrFile: String
  private(set) var trips = 0

  init(_ example: ModuleCase, _ manifest: ModuleManifest, _ catalog: ModuleCatalog) throws {
    ground = try CaseRun(example, of: manifest, shell: ["sh"], catalog: catalog)
    try ground.prepare()
    let scratch = ground.scratch
    folder = scratch.files
    let path = "\(scratch.tools):\(scratch.refusals):/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
    shell = try ShellUnderTest(["sh"], in: scratch, path: path)
    stderrFile = scratch.root + "/stderr"
  }

  func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    trips += 1
    do throws(CaseTrouble) { return try shell.run(request, stderrFile: stderrFile) } catch {
      throw TransportError(.run, host: "case", error.description)
    }
  }

  func upload(_ upload: FileUpload) async throws(TransportError) { throw refusal(.upload) }

  func download(path: String, become: Become?, bytesMax: Int) async throws(TransportError) -> [UInt8] { throw refusal(.download) }

  func close() async {}

  private func refusal(_ operation: TransportError.Operation) -> TransportError {
    trips += 1
    return TransportError(operation, host: "case", "a module moves no files")
  }
}

/// A case as a task of a play on one local host.
private struct StepOfCase {
  private let task: PlannedTask
  private let folder: String

  init(_ example: ModuleCase, _ folder: String) {
    self.folder = folder
    let span = SourceSpan(file: SourceFile(path: "case.yml", text: "-"), line: 1, column: 1)
    var arguments = TaskArguments(span: span)
    for (name, value) in example.args { arguments.values[name.pythonText] = .value(Self.placed(value, in: folder)) }
    var written = RunbookTask(span: span, module: ModuleName(written: example.module, span: span), arguments: arguments)
    let environment = Self.placed(.dict(example.environment), in: folder)
    written.keywords.environment = [.value(environment)]
    task = PlannedTask(
      reference: 0, task: written, context: TaskContext(.play, keywords: Keywords(), parent: nil, searchDirectory: folder),
      kind: .task, module: example.module, isImplicit: false, key: example.module)
  }

  func run(_ catalog: ModuleCatalog, _ host: any HostSession) async -> StepResult {
    let variables = RunVariables(extraVariables: [:], constants: [:], roster: RunVariables.Roster())
    let parser = RunbookParser(files: DiskFiles(), modules: catalog)
    var contents = HostRecord.Contents()
    contents.values["ansible_connection"] = "local"
    let environment = RunEnvironment(
      variables: variables, renderer: Renderer(), catalog: catalog, actions: ActionRegistry(), includes: IncludeReader(parser),
      options: RunOptions(), connection: ConnectionChoice(), openSession: { _ in host }, closeSession: { _ in })
    let gate = StartGate()
    gate.decide(mayStart: true)
    let runner = StepRunner(
      environment: environment, task: task, host: HostRecord(name: "case", contents: contents),
      play: PlayVariables(name: "play", directory: folder, vars: [:]), gate: gate, send: { _ in }, isGoing: { true })
    return await runner.run().outcome.result
  }

  private static func placed(_ value: Value, in folder: String) -> Value {
    switch value {
    case .string(let text): .string(text.replacing("{dir}", with: folder))
    case .list(let elements): .list(elements.map { placed($0, in: folder) })
    case .dict(let entries):
      .dict(Value.Dict(uniqueKeysWithValues: entries.map { (placed($0.key, in: folder), placed($0.value, in: folder)) }))
    default: value
    }
  }
}
