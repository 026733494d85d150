import Actions
import Model
import ModuleLibrary
import OrderedCollections
import Parsing
import Planning
import Templating
import Transport

/// A step's way to its host: session, become, environment and deadline chosen once, the connection opened on first use.
struct HostLink: ActionHost {
  let environment: RunEnvironment
  let settings: ConnectionSettings
  let become: Become?
  let variables: OrderedDictionary<String, String>
  let timeoutSeconds: Double?
  private static let timeoutSecondsMax = 100_000_000.0
  let reference: StepReference
  let label: String
  let isCheck: Bool
  let isDiff: Bool
  /// What hosts keep under for `undo`.
  private let undoName: String
  /// What commands print is shown while they run; never with `no_log`.
  private let showsOutput: Bool
  let send: @Sendable (StepMessage) -> Void
  /// Why there is no way to the host; only what needs one fails by it.
  let problem: TransportError?
  /// The target's variables.
  private let scope: StepScope
  let delegate: String?

  init(
    environment: RunEnvironment, keywords: StepKeywords, target: HostRecord, isDelegated: Bool,
    reference: StepReference, isCheck: Bool, isDiff: Bool, send: @escaping @Sendable (StepMessage) -> Void
  ) throws(ActionFailure) {
    self.environment = environment
    self.reference = reference
    undoName = keywords.task.undoName(on: reference.host)
    self.isCheck = isCheck
    self.isDiff = isDiff
    self.send = send
    // A `no_log` that can't be read hides.
    delegate = isDelegated ? target.name : nil
    showsOutput = environment.options.showsLiveOutput && (try? keywords.hidesResult(environment.options)) == false
    var scope = keywords.scope
    if isDelegated { scope = StepScope(run: scope.run, play: scope.play, host: target, task: scope.task) }
    self.scope = scope
    do throws(ActionFailure) {
      (settings, become) = try environment.connection.choose(keywords, scope: scope, isDelegated: isDelegated)
      problem = nil
    } catch .failed(let result) {
      (settings, become) = (ConnectionSettings(kind: .local, host: "localhost"), nil)
      problem = TransportError(.connect, host: target.name, result.message ?? "")
    }
    for secret in [settings.password, settings.privateKeyPassphrase, become?.password] {
      if let secret { environment.registerSecret(secret) }
    }
    variables = OrderedDictionary(
      try rendering(try keywords.environment()).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    let timeout = try rendering(try keywords.number(\.timeoutSeconds))
    if let timeout, !(0...Self.timeoutSecondsMax).contains(timeout) {
      throw .message("Task failed: Timeout \(Int(timeout)) is invalid, it must be between 0 and 100000000.")
    }
    timeoutSeconds = timeout.flatMap { $0 > 0 ? $0 : nil }
    label = "\(target.name): \(keywords.task.module)"
  }

  func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    var request = request
    request.become = request.become ?? become
    request.timeoutSeconds = request.timeoutSeconds ?? timeoutSeconds
    request.label = label
    if let run = environment.options.undoRun, !isCheck {
      // What modules replace they keep on the host under this name, for `martlet undo`.
      request.script = "m_undo=\(ShellText.quoted(run)) m_undo_step=\(ShellText.quoted(undoName))\n" + request.script
    }
    tellBecoming(request.become)
    return try await session().run(request)
  }

  /// At `-vvvv`: how the user changes.
  private func tellBecoming(_ become: Become?) {
    guard environment.options.verbosity > 3, let become else { return }
    send(.message(RunMessage(kind: .debug, text: "EXEC \(become.commandLine)", host: reference.host)))
  }

  func upload(_ upload: FileUpload) async throws(TransportError) {
    var upload = upload
    upload.become = upload.become ?? become
    if showsOutput {
      let progress = UploadProgress()
      upload.onProgress = { sent, total in
        if let line = progress.line(sent, of: total) { show(OutputChunk(stream: .stdout, bytes: Array(line.utf8))) }
      }
    }
    try await session().upload(upload)
  }

  func download(path: String, bytesMax: Int) async throws(TransportError) -> [UInt8] {
    try await session().download(path: path, become: become, bytesMax: bytesMax)
  }

  private func session() async throws(TransportError) -> any HostSession {
    if let problem { throw problem }
    return try await environment.openSession(settings)
  }

  func reconnect() async { await environment.closeSession(settings) }

  func runModule(_ name: String, _ arguments: Value.Dict) async -> StepResult {
    guard let manifest = environment.catalog.manifest(named: name) else {
      return .failed("no module named '\(name)' was found")
    }
    do throws(ArgumentProblem) {
      return try await run(manifest, checked: ArgumentCheck(manifest).checked(arguments))
    } catch {
      return .failed(error.message)
    }
  }

  private func run(_ manifest: ModuleManifest, checked arguments: CheckedArguments) async -> StepResult {
    do throws(ActionFailure) {
      return try await run(manifest, arguments)
    } catch {
      return error.result(on: reference.host)
    }
  }

  /// Runs a module that is shell text: one round trip.
  func run(_ manifest: ModuleManifest, _ arguments: CheckedArguments) async throws(ActionFailure) -> StepResult {
    switch manifest.kind {
    case .shell:
      return try await runShell(manifest, arguments)
    case .executable:
      return try await runForeign(manifest, arguments)
    case .action:
      throw .message("module '\(manifest.name)' is not supported yet: Martlet knows its parameters but cannot run it")
    }
  }

  private func runShell(
    _ manifest: ModuleManifest, _ arguments: CheckedArguments
  ) async throws(ActionFailure) -> StepResult {
    let module = try shellModule(manifest, arguments)
    do throws(TransportError) {
      return module.result(of: try await run(showsOutput ? module.request(showing: show) : module.request))
    } catch {
      throw .transport(error)
    }
  }

  private func show(_ chunk: OutputChunk) { send(.output(reference, chunk)) }

  /// A module's call, ready to be sent.
  func shellModule(_ manifest: ModuleManifest, _ arguments: CheckedArguments) throws(ActionFailure) -> ShellModule {
    var invocation = ShellModule.Invocation(manifest, arguments)
    invocation.isCheck = isCheck
    invocation.wantsDiff = isDiff
    invocation.environment = variables
    invocation.become = become
    invocation.timeoutSeconds = timeoutSeconds
    let libraries: [ShellLibrary]
    do throws(ModuleCatalogError) {
      libraries = try environment.catalog.libraries(for: manifest)
    } catch {
      throw .message(error.message)
    }
    return ShellModule(invocation, libraries: libraries)
  }

  private func runForeign(
    _ manifest: ModuleManifest, _ arguments: CheckedArguments
  ) async throws(ActionFailure) -> StepResult {
    guard let program = ModuleCatalog.bytes(of: manifest.directory) else {
      throw .message("cannot read the module \(manifest.directory)")
    }
    var invocation = ForeignModule.Invocation(name: manifest.name, arguments: arguments)
    invocation.isCheck = isCheck
    invocation.wantsDiff = isDiff
    invocation.verbosity = environment.options.verbosity
    invocation.environment = variables
    invocation.interpreters = try interpreters()
    let module: ForeignModule
    do throws(ArgumentProblem) {
      module = try ForeignModule(invocation, program: program)
    } catch {
      throw .message(error.message)
    }
    do throws(TransportError) {
      return module.result(of: try await run(module.request))
    } catch {
      throw .transport(error)
    }
  }

  /// `ansible_python_interpreter` and its like.
  private func interpreters() throws(ActionFailure) -> [String: String] {
    var result: [String: String] = [:]
    for kind in ["python", "perl", "ruby", "bash", "sh", "node"] {
      guard let variable = scope.variable(named: "ansible_\(kind)_interpreter") else { continue }
      result[kind] = try rendering(try environment.renderer.value(of: variable, in: scope)).string
    }
    return result
  }

  var isLocal: Bool { settings.kind == .local }

  var programConnection: ProgramConnection? { ProgramConnection(settings, become: become) }

  func runOnController(_ request: ShellRequest) async throws(TransportError) -> ShellResponse {
    var request = request
    request.timeoutSeconds = request.timeoutSeconds ?? timeoutSeconds
    request.label = label
    return try await environment.openSession(ConnectionSettings(kind: .local, host: "localhost")).run(request)
  }
}
