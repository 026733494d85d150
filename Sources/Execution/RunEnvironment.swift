import Actions
import Model
import ModuleLibrary
import Parsing
import Planning
import Templating
import Transport

/// What every step of a run shares. The command line puts it together.
package struct RunEnvironment: Sendable {
  package var variables: RunVariables
  package var renderer: Renderer
  package var catalog: ModuleCatalog
  package var actions: ActionRegistry
  package var includes: IncludeReader
  package var options: RunOptions
  package var openSession: @Sendable (ConnectionSettings) async throws(TransportError) -> any HostSession
  package var closeSession: @Sendable (ConnectionSettings) async -> Void
  /// Changes to the inventory that tasks make: the command line keeps it.
  package var inventory = InventoryChanges()
  /// Told of every password and secret argument before it is used: output is scanned for them.
  package var registerSecret: @Sendable (Secret) -> Void = { _ in }
  package var factCache: FactCache?
  package var refreshInventory: @Sendable () -> Void = {}
  /// `--step`: asks whether to run a task; nil where there is nobody to ask.
  package var askBefore: @Sendable (_ title: String) -> StepAnswer = { _ in .skip }
  /// What earlier sittings of the run have done; nil for a new run.
  package var replay: RunReplay?
  /// Handlers that earlier runs left and this one takes up, by host.
  package var owedHandlers: [String: [OwedHandler]] = [:]
  /// Told of every file of the controller that a task uses.
  package var noteFile: @Sendable (String) -> Void = { _ in }
  /// Opens what a vault sealed.
  package var unseal: ControllerFiles.Unsealing = { _ throws(VaultFailure) in
    throw VaultFailure("there is no vault password", advice: nil)
  }
  /// How a host is reached and as whom its step runs, from its variables and the task's keywords.
  package var connection: ConnectionChoice

  package init(
    variables: RunVariables, renderer: Renderer, catalog: ModuleCatalog, actions: ActionRegistry,
    includes: IncludeReader, options: RunOptions,
    connection: ConnectionChoice,
    openSession: @escaping @Sendable (ConnectionSettings) async throws(TransportError) -> any HostSession,
    closeSession: @escaping @Sendable (ConnectionSettings) async -> Void
  ) {
    self.variables = variables
    self.renderer = renderer
    self.catalog = catalog
    self.actions = actions
    self.includes = includes
    self.options = options
    self.connection = connection
    self.openSession = openSession
    self.closeSession = closeSession
  }

  /// A host that no inventory names: `delegate_to` may ask for any address.
  func makeStranger(_ name: String) -> HostRecord {
    HostRecord(name: name, contents: HostRecord.Contents())
  }
}

/// What whoever watches a run answers to `--step`.
package enum StepAnswer: Sendable {
  case run
  case skip
  /// Runs this task and all that follow.
  case runAll
}

/// A run's own settings, from flags, environment and configuration.
package struct RunOptions: Sendable {
  package var isCheck = false
  package var isDiff = false
  /// A plan is being made: check mode that never guesses. What depends on a change not made yet is known after apply.
  package var isPlanning = false
  package var verbosity = 0
  /// `ANSIBLE_DEBUG`: says also what the run does of itself.
  package var isDebug = false
  /// Steps that run at the same time, over all hosts.
  package var forks = 64
  /// Steps of one host that run at the same time, where `needs` allows it.
  package var stepsPerHost = 14
  package var forcesHandlers = false
  package var anyErrorsFatal = false
  package var gathering = "implicit"
  /// `no_log` where tasks do not say.
  package var isNoLog = false
  package var defaultStrategy = "linear"
  package var startAtTask: String?
  /// `--step`
  package var asksBeforeTasks = false
  package var tags = TagSelection()
  /// Flags choose among the tasks.
  package var leavesTasksOut: Bool { startAtTask != nil || tags.only != ["all"] || !tags.skip.isEmpty }
  /// Who asks before tasks, begins at one, or makes a plan goes through plays in order.
  package var isOnePlayAtATime: Bool { asksBeforeTasks || startAtTask != nil || isPlanning }
  package var factSubset: [String]?
  package var failsOnMissingHandler = true
  /// `private_role_vars`, where it is set.
  package var hidesRoleVariables: Bool?
  /// Output of commands is passed on while they run, to whoever shows what runs.
  package var showsLiveOutput = false
  /// What steps came to is told to the journal so that the run can be resumed.
  package var keepsMemory = false
  /// The run's name, where hosts are to keep what it replaces: digits, letters and `-`.
  package var undoRun: String?

  package init() {}
}
