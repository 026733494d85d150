import Model
import ModuleLibrary
import OrderedCollections
import Parsing
import Planning
import Templating
import Transport

/// A task that runs, wholly or partly, on the controller.
package protocol Action: Sendable {
  /// The short name by which runbooks know it.
  static var name: String { get }
  /// Arguments that the action takes as written, to render them itself.
  static var unrenderedArguments: Set<String> { get }
  init()
  func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome
}

extension Action {
  package static var unrenderedArguments: Set<String> { [] }
}

/// What an action is given: its task, arguments and variables, and a way to its host.
package struct ActionStep: Sendable {
  package let task: PlannedTask
  /// Rendered and checked against the module's manifest; `omit` is gone.
  package let arguments: Value.Dict
  package let scope: StepScope
  package let renderer: Renderer
  package let host: any ActionHost
  package let files: ControllerFiles
  package let catalog: ModuleCatalog
  /// Reads a file of variables, templates compiled.
  package let readVariables: @Sendable (_ path: String) throws(ActionFailure) -> VariableMap
  package var inventory = InventoryChanges()
  package let isCheck: Bool
  package let isDiff: Bool
  package let verbosity: Int

  package init(
    task: PlannedTask, arguments: Value.Dict, scope: StepScope, renderer: Renderer, host: any ActionHost,
    files: ControllerFiles, catalog: ModuleCatalog,
    readVariables: @escaping @Sendable (_ path: String) throws(ActionFailure) -> VariableMap, isCheck: Bool,
    isDiff: Bool, verbosity: Int
  ) {
    self.task = task
    self.arguments = arguments
    self.scope = scope
    self.renderer = renderer
    self.host = host
    self.files = files
    self.catalog = catalog
    self.readVariables = readVariables
    self.isCheck = isCheck
    self.isDiff = isDiff
    self.verbosity = verbosity
  }

  package func text(_ name: Value) -> String? { arguments[name]?.string }
  package func flag(_ name: Value) -> Bool { arguments[name]?.bool ?? false }
}

/// Adds to the run's inventory at once, and says whether that changed anything.
package struct InventoryChanges: Sendable {
  package var addHost: @Sendable (_ name: String, _ groups: [String], _ variables: VariableMap) -> Bool = { _, _, _ in true }
  package var addToGroup: @Sendable (_ host: String, _ group: String, _ parents: [String]) -> Bool = { _, _, _ in true }

  package init() {}
}

/// The host of a step, as an action sees it: connection, become, environment and deadline are already chosen.
package protocol ActionHost: Sendable {
  /// The `environment` keyword, rendered.
  var variables: OrderedDictionary<String, String> { get }
  /// The host is the controller itself.
  var isLocal: Bool { get }
  /// The host that `delegate_to` names, if the step is for another.
  var delegate: String? { get }
  /// How a program of the controller reaches the host by itself; nil where the host is the controller.
  var programConnection: ProgramConnection? { get }
  /// Runs shell text on the controller as its own user.
  func runOnController(_ request: ShellRequest) async throws(TransportError) -> ShellResponse
  /// Runs shell text as the step's user.
  func run(_ request: ShellRequest) async throws(TransportError) -> ShellResponse
  func upload(_ upload: FileUpload) async throws(TransportError)
  func download(path: String, bytesMax: Int) async throws(TransportError) -> [UInt8]
  /// Runs another module on the host with these arguments, as `package` does with `apt`.
  func runModule(_ name: String, _ arguments: Value.Dict) async -> StepResult
  /// Closes the connection; the next request opens a new one. A reboot and `meta: reset_connection` need it.
  func reconnect() async
}

/// What came of an action, and what the run must do about it.
package struct ActionOutcome: Sendable {
  package var result: StepResult
  package var effects: [StepEffect]
  /// As with `no_log`: it comes from a sealed file.
  package var isHidden: Bool

  package init(_ result: StepResult, effects: [StepEffect] = [], isHidden: Bool = false) {
    self.result = result
    self.effects = effects
    self.isHidden = isHidden
  }
}

/// An action's own complaint, or what rendering or the host threw at it: the step fails, or its host is unreachable.
package enum ActionFailure: Error, Sendable {
  case failed(StepResult)
  case template(TemplateError)
  case transport(TransportError)

  package static func message(_ text: String) -> ActionFailure { .failed(.failed(text)) }
}

/// What a step changes in the run besides its host. Only the loop carries effects out, one after the other.
package enum StepEffect: Sendable {
  /// `set_fact`; cacheable ones are facts as well.
  case values(Value.Dict, isCacheable: Bool)
  case facts(Value.Dict)
  case includedVariables(VariableMap)
  case includeTasks(IncludeTasks)
  case includeRole(IncludeRole)
  case addHost(name: String, groups: [String], variables: Value.Dict)
  case addToGroup(name: String, parents: [String])
  case meta(MetaAction)
  case stats(Value.Dict, aggregates: Bool, isPerHost: Bool)
  /// What was learned about another host: `delegate_facts`.
  indirect case about(host: String, StepEffect)
}

extension StepEffect {
  /// Variables and facts are that host's then; all else is as it was.
  package func learned(about host: String) -> StepEffect {
    switch self {
    case .values, .facts, .includedVariables: .about(host: host, self)
    case .includeTasks, .includeRole, .addHost, .addToGroup, .meta, .stats, .about: self
    }
  }
}

package struct IncludeTasks: Sendable, Equatable {
  /// The file as the task names it, rendered.
  package var name: String
  /// Loop variables that the included tasks see.
  package var variables: [String: Value]

  package init(name: String, variables: [String: Value] = [:]) {
    self.name = name
    self.variables = variables
  }
}

package struct IncludeRole: Sendable, Equatable {
  package var name: String
  package var tasksFrom: String?
  package var varsFrom: String?
  package var defaultsFrom: String?
  package var handlersFrom: String?
  /// Nil where the settings decide.
  package var isPublic: Bool?
  package var allowsDuplicates: Bool
  package var validatesArguments: Bool
  package var variables: [String: Value]
}

/// What `meta` can do. `MetaTaskAction.swift` has its words for it.
package enum MetaAction: String, Sendable, CaseIterable {
  case noop
  case flushHandlers = "flush_handlers"
  case refreshInventory = "refresh_inventory"
  case clearFacts = "clear_facts"
  case clearHostErrors = "clear_host_errors"
  case endBatch = "end_batch"
  case endHost = "end_host"
  case endPlay = "end_play"
  case endRole = "end_role"
  case resetConnection = "reset_connection"
}
