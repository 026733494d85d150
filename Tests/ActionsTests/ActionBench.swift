import Foundation
import Model
import ModuleLibrary
import OrderedCollections
import Parsing
import Planning
import Synchronization
import Templating
import Transport

@testable import Actions

/// Runs actions against this machine by its own shell, in a folder of the test's.
struct ActionBench: Sendable {
  static let loops = EventLoops(count: 2)
  static let threads = BlockingThreads()
  static let modules = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Modules"
  static let catalog = ModuleCatalog(moduleFolders: [modules])

  let folder: String
  var host: any ActionHost
  var hostName = "web1"
  var isCheck = false
  var variables: [String: Value] = [:]

  /// A bench over a local shell.
  static func with(_ body: (inout ActionBench) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "martlet-actions-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: folder + "/files", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder + "/host", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = LocalSession.make(loop: loops.next(), threads: threads)
    var bench = ActionBench(folder: folder, host: SessionHost(session: session))
    try await body(&bench)
    await session.close()
  }

  private init(folder: String, host: any ActionHost) {
    self.folder = folder
    self.host = host
  }

  /// Runs a task and gives its result, a failure's too. `{dir}` in texts is the host's folder.
  func run(_ name: String, _ arguments: Value.Dict) async throws -> StepResult {
    let manifest = Self.catalog.manifest(named: name)!
    let filled = arguments.mapValues(inFolder)
    let checked = try ArgumentCheck(manifest).checked(filled)
    let action = ActionRegistry().action(named: name)!
    let step = step(name, Value.Dict(uniqueKeysWithValues: checked.map { (.string($0.key), $0.value) }))
    do throws(ActionFailure) {
      return try await action.run(step).result
    } catch {
      switch error {
      case .failed(let result): return result
      case .template(let error): return .failed(error.diagnostic.message)
      case .transport(let error): return .unreachable(error.description)
      }
    }
  }

  private func inFolder(_ value: Value) -> Value {
    value.string.map { .string($0.replacing("{dir}", with: folder + "/host")) } ?? value
  }

  private func step(_ name: String, _ arguments: Value.Dict) -> ActionStep {
    let span = SourceSpan(file: SourceFile(path: folder + "/site.yml", text: "-"), line: 1, column: 1)
    let task = RunbookTask(span: span, module: ModuleName(written: name, span: span), arguments: TaskArguments(span: span))
    let context = TaskContext(.play, keywords: Keywords(), parent: nil, searchDirectory: folder)
    let planned = PlannedTask(
      reference: 0, task: task, context: context, kind: .task, module: name, isImplicit: false, key: name)
    var contents = HostRecord.Contents()
    for (name, value) in variables { contents.values[name] = value }
    let record = HostRecord(name: hostName, contents: contents)
    let run = RunVariables(extraVariables: [:], constants: [:], roster: RunVariables.Roster())
    let play = PlayVariables(name: "play", directory: folder, vars: [:])
    var host = host
    if var session = host as? SessionHost {
      session.isCheck = isCheck
      host = session
    }
    return ActionStep(
      task: planned, arguments: arguments, scope: StepScope(run: run, play: play, host: record, task: planned),
      renderer: Renderer(), host: host, files: ControllerFiles(directories: [folder]), catalog: Self.catalog,
      readVariables: { path throws(ActionFailure) in throw .message("no variables in \(path)") }, isCheck: isCheck,
      isDiff: false, verbosity: 0)
  }

  // MARK: files

  func write(_ text: String, to name: String, mode: Int = 0o644) throws {
    let path = "\(folder)/\(name)"
    try FileManager.default.createDirectory(
      atPath: String(path[..<path.lastIndex(of: "/")!]), withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  func link(_ target: String, at name: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: target)
  }

  func read(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }

  func mode(_ name: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)"))?[.posixPermissions] as? Int
  }

  /// Every path below a folder, sorted.
  func tree(_ name: String) -> [String] {
    (FileManager.default.enumerator(atPath: "\(folder)/\(name)")?.compactMap { $0 as? String } ?? []).sorted()
  }
}

/// A host reached by a session, as Execution's link makes one.
struct SessionHost: ActionHost {
  let session: any HostSession
  let roundTrips = RoundTrips()
  var variables: OrderedDictionary<String, String> = [:]
  var isLocal = false
  var delegate: String?
  var programConnection: ProgramConnection?
  var isCheck = false

  func runOnController(_ request: ShellRequest) async throws(TransportError) -> ShellResponse { try await session.run(request) }

  func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    roundTrips.add()
    return try await session.run(request)
  }

  func upload(_ upload: FileUpload) async throws(TransportError) { try await session.upload(upload) }

  func download(path: String, bytesMax: Int) async throws(TransportError) -> [UInt8] {
    try await session.download(path: path, become: nil, bytesMax: bytesMax)
  }

  func runModule(_ name: String, _ arguments: Value.Dict) async -> StepResult {
    do {
      let manifest = ActionBench.catalog.manifest(named: name)!
      var invocation = ShellModule.Invocation(manifest, try ArgumentCheck(manifest).checked(arguments))
      invocation.isCheck = isCheck
      let module = ShellModule(invocation, libraries: try ActionBench.catalog.libraries(for: manifest))
      return module.result(of: try await run(module.request))
    } catch { return .failed("\(error)") }
  }

  func reconnect() async {}
}

/// How many requests a host has had.
final class RoundTrips: Sendable {
  private let total = Mutex(0)
  var count: Int { total.withLock { $0 } }
  func add() { total.withLock { $0 += 1 } }
}
