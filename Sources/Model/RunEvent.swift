import OrderedCollections

/// What happens in a run, in order. Events go first to the journal, then to the reporters; both see only these.
/// Results inside events are already censored where `no_log` asks for it.
package enum RunEvent: Sendable {
  case runStarted(RunHeader)
  case playStarted(PlayHeader)
  /// A play whose pattern matched no host.
  case playSkipped(PlayHeader, reason: String)
  /// The first host reaches a task: what a reporter prints a banner for.
  case taskStarted(TaskHeader)
  /// Journaled before the step is sent: after a crash, a step that started and did not finish is in doubt.
  case stepStarted(StepReference)
  /// Output of a command that still runs, as it arrives; never of a step with `no_log`, whose output is nobody's to see.
  case stepOutput(StepReference, OutputChunk)
  case itemFinished(StepReference, item: ItemOutcome)
  /// An attempt of `until` failed; `remaining` more follow.
  case stepRetrying(StepReference, item: ItemOutcome, remaining: Int)
  case stepFinished(StepReference, StepOutcome)
  case message(RunMessage)
  /// All hosts of the play are done with it, or out of it.
  case playFinished(PlayReference)
  case runFinished(RunSummary)
}

package typealias PlayReference = Int

/// A task of the run's graph; ids are dense and grow as includes add tasks.
package typealias TaskReference = Int

package struct RunHeader: Sendable, Equatable {
  /// Sorts by time: `20260131T235900Z-1a2b3c`.
  package var id: String
  package var runbooks: [String]
  package var inventories: [String]
  package var command: [String]
  package var user: String
  package var isCheck: Bool

  package init(
    id: String, runbooks: [String], inventories: [String], command: [String], user: String, isCheck: Bool
  ) {
    self.id = id
    self.runbooks = runbooks
    self.inventories = inventories
    self.command = command
    self.user = user
    self.isCheck = isCheck
  }
}

package struct PlayHeader: Sendable, Equatable {
  package var play: PlayReference
  package var name: String
  package var hosts: [String]
  package var place: String
  /// `linear`, `free`, `host_pinned`: outside of linear, reporters repeat a task's banner where results mix.
  package var strategy: String
  package var isCheck: Bool
  /// The file, as given on the command line, that brought this play.
  package var runbook: String?
  /// How many plays that file has.
  package var runbookPlayCount: Int

  package init(
    play: PlayReference, name: String, hosts: [String], place: String, strategy: String = "linear",
    isCheck: Bool = false, runbook: String? = nil, runbookPlayCount: Int = 1
  ) {
    self.play = play
    self.name = name
    self.hosts = hosts
    self.place = place
    self.strategy = strategy
    self.isCheck = isCheck
    self.runbook = runbook
    self.runbookPlayCount = runbookPlayCount
  }
}

package struct TaskHeader: Sendable, Equatable {
  package enum Kind: String, Sendable { case task, handler, cleanup }

  package var task: TaskReference
  package var play: PlayReference
  package var kind: Kind
  /// Without the role; templates in it are rendered as far as they can be.
  package var name: String
  package var role: String?
  /// The module's name as written, such as `ansible.builtin.copy`.
  package var module: String
  /// `roles/web/tasks/main.yml:12`.
  package var place: String
  /// Stable between runs of an unchanged runbook: what resume and history match tasks by.
  package var key: String
  package var isCheck: Bool
  /// A step of it may run again where nobody knows whether it ran: its module looks first, or its author says so.
  package var isRepeatable = true

  package init(
    task: TaskReference, play: PlayReference, kind: Kind, name: String, role: String?, module: String, place: String,
    key: String, isCheck: Bool = false
  ) {
    self.task = task
    self.play = play
    self.kind = kind
    self.name = name
    self.role = role
    self.module = module
    self.place = place
    self.key = key
    self.isCheck = isCheck
  }

  /// `role : name`, as banners show it.
  package var title: String { role.map { "\($0) : \(name)" } ?? name }

  /// The module without its collection: `copy` for `ansible.builtin.copy`.
  package var moduleShortName: Substring { module.split(separator: ".").last ?? "" }
}

package struct StepReference: Sendable, Hashable {
  package var task: TaskReference
  package var host: String

  package init(task: TaskReference, host: String) {
    self.task = task
    self.host = host
  }
}

package struct OutputChunk: Sendable, Equatable {
  package enum Stream: String, Sendable { case stdout, stderr }
  package var stream: Stream
  package var bytes: [UInt8]

  package init(stream: Stream, bytes: [UInt8]) {
    self.stream = stream
    self.bytes = bytes
  }
}

package struct ItemOutcome: Sendable, Equatable {
  /// What banners show after `item=`: the item, or `loop_control.label`.
  package var label: Value
  package var outcome: StepOutcome

  package init(label: Value, outcome: StepOutcome) {
    self.label = label
    self.outcome = outcome
  }
}

package struct StepOutcome: Sendable, Equatable {
  package var result: StepResult
  /// The failure does not count: `ignore_errors`, `ignore_unreachable`.
  package var isIgnored: Bool
  /// The failure was caught by a block's `rescue`.
  package var isRescued = false
  /// The task has a loop: its items were reported one by one.
  package var isLoop: Bool
  /// Where the step really ran, if not on its host.
  package var delegatedTo: String?
  /// Whom the step became, where it may have changed something: the host keeps for each user apart what `undo` puts back.
  package var becomeUsers: [String] = []
  /// `no_log`: the result is already replaced by a note that says so.
  package var isCensored: Bool
  /// Handlers that this step notified.
  package var notified: [String]
  package var durationSeconds: Double
  /// Why the step failed, with the task's place: what reporters print as `[ERROR]:` above the result.
  package var failure: Diagnostic?
  /// Diff mode is on for this step. Where it is off, diffs are journaled but not printed.
  package var isDiffShown: Bool
  /// All that a resumed run needs in place of running the step again. For the journal alone, which seals it.
  package var memory: Secret?
  /// While a plan is made: what the step waits for, where nobody can tell before what it will do.
  package var knownAfterApply: String?
  /// What the step put or kept in a state on its host; it is recorded apart, not with the outcome.
  package var resources: [ManagedResource] = []
  /// Handlers that hosts are owed since the step, or no longer; recorded apart, too.
  package var debts = HandlerDebts()

  package init(
    result: StepResult, isIgnored: Bool = false, isLoop: Bool = false, delegatedTo: String? = nil,
    isCensored: Bool = false, notified: [String] = [], durationSeconds: Double = 0, failure: Diagnostic? = nil,
    isDiffShown: Bool = true
  ) {
    self.result = result
    self.isIgnored = isIgnored
    self.isLoop = isLoop
    self.delegatedTo = delegatedTo
    self.isCensored = isCensored
    self.notified = notified
    self.durationSeconds = durationSeconds
    self.failure = failure
    self.isDiffShown = isDiffShown
  }
}

package struct RunMessage: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case warning, error, deprecation, meta, rescued, debug
    /// `included: FILE for h1, h2`; see `RunMessage.included`.
    case included
    /// What a run waits for between two batches: whoever watches sees that it has not stopped.
    case progress
    /// Every host of the play has failed.
    case noHostsLeft
  }
  package var kind: Kind
  package var text: String
  package var host: String?

  package init(kind: Kind, text: String, host: String? = nil) {
    self.kind = kind
    self.text = text
    self.host = host
  }
}

extension RunMessage {
  /// Says that hosts take the tasks of a file; `item` is the label where the include has a loop. It follows the results of
  /// the include's steps.
  package static func included(_ path: String, hosts: [String], item: String? = nil) -> RunMessage {
    let label = item.map { " => (item=\($0))" } ?? ""
    return RunMessage(kind: .included, text: "included: \(path) for \(hosts.joined(separator: ", "))\(label)")
  }

  package static let noHostsLeft = RunMessage(kind: .noHostsLeft, text: "no more hosts left")
}

/// A line of PLAY RECAP.
package struct HostSummary: Sendable, Equatable {
  package var ok = 0, changed = 0, unreachable = 0, failed = 0, skipped = 0, rescued = 0, ignored = 0
  package init() {}
}

package struct RunSummary: Sendable, Equatable {
  package enum Ending: String, Sendable { case completed, interrupted, crashed }
  package var ending: Ending
  /// Hosts in the order in which the run met them.
  package var hosts: OrderedDictionary<String, HostSummary>
  package var exitStatus: Int32
  /// What `set_stats` gathered: by host, and under `_run` for the whole run.
  package var customStats: OrderedDictionary<String, Value>

  package init(
    ending: Ending, hosts: OrderedDictionary<String, HostSummary>, exitStatus: Int32,
    customStats: OrderedDictionary<String, Value> = [:]
  ) {
    self.ending = ending
    self.hosts = hosts
    self.exitStatus = exitStatus
    self.customStats = customStats
  }
}
