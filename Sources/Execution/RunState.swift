import Model
import Planning

/// Where every host of a play's batch stands, and what may start next. Pure: no clock, no network, no random, no templates.
///
/// The loop around it asks for rounds (`proposeRounds`), opens them, starts steps while there is room (`startable`), reports
/// each end (`stepEnded`), and closes the round when all of its steps ended. A round is one task on the hosts that run it
/// together: all hosts that stand there under `linear`, a single host under `free`.
package struct RunState: Sendable {
  package enum Strategy: String, Sendable, CaseIterable { case linear, free, hostPinned = "host_pinned" }

  package typealias HostIndex = Int
  package typealias RoundID = Int

  package struct Round: Sendable {
    package let id: RoundID
    package let task: PlannedTask
    package let isFlush: Bool
    package let hosts: [HostIndex]
    var waiting: [HostIndex] = []
    var running: Set<HostIndex> = []
    package internal(set) var ends: [HostIndex: StepEnd] = [:]
    var concurrencyMax = Int.max
  }

  /// What a step's end means for its host's way through the graph.
  package enum StepEnd: String, Sendable, Equatable {
    case passed
    /// A condition left it out; for a flush of handlers that means none runs.
    case skipped
    case failed
    case unreachable
  }

  package struct StepStart: Sendable, Hashable {
    package let round: RoundID
    package let host: HostIndex
  }

  package internal(set) var fragments: [Fragment]
  package internal(set) var cursors: [HostCursor]
  package let strategy: Strategy
  package private(set) var rounds: [RoundID: Round] = [:]
  private var nextRoundID = 0
  private var busyHosts: Set<HostIndex> = []
  let handlersFragment: Int?
  private let pinnedHostsMax: Int

  /// `fragments[0]` is the play itself; `handlers` is the index of the fragment of its handlers.
  package init(
    fragments: [Fragment], handlers: Int?, hostCount: Int, strategy: Strategy = .linear, pinnedHostsMax: Int = .max
  ) {
    self.fragments = fragments
    self.strategy = strategy
    self.pinnedHostsMax = pinnedHostsMax
    handlersFragment = handlers
    cursors = Array(repeating: HostCursor(), count: hostCount)
    for host in cursors.indices { settle(host) }
  }

  /// True once no host has anything left to do.
  package var isFinished: Bool { rounds.isEmpty && !cursors.contains { $0.status == .ready } }

  // MARK: asking

  /// Rounds that may open now. Each must be opened before the next call.
  package mutating func proposeRounds() -> [Round] {
    switch strategy {
    case .linear:
      guard rounds.isEmpty, let hosts = hostsAtEarliestPosition() else { return [] }
      return [makeRound(hosts)]
    case .free:
      return idleHosts.map { makeRound([$0]) }
    case .hostPinned:
      var room = pinnedHostsMax - cursors.count { $0.isStarted && !$0.isOver }
      return idleHosts.filter { host in
        if cursors[host].isStarted { return true }
        room -= 1
        return room >= 0
      }.map { makeRound([$0]) }
    }
  }

  /// Lets a proposed round's steps start; `hosts` may be fewer than proposed (`run_once` runs on the first).
  package mutating func open(_ round: Round, hosts: [HostIndex]? = nil, concurrencyMax: Int = .max) {
    var round = round
    round.waiting = (hosts ?? round.hosts).reversed()
    round.concurrencyMax = max(1, concurrencyMax)
    for host in round.hosts { cursors[host].isStarted = true }
    busyHosts.formUnion(round.hosts)
    rounds[round.id] = round
  }

  /// Steps that start now: at most `limit`, fewer where a round is throttled. They count as running from here on.
  package mutating func startable(limit: Int) -> [StepStart] {
    var starts: [StepStart] = []
    for id in rounds.keys.sorted() where starts.count < limit {
      while starts.count < limit, let host = rounds[id]?.startNext() {
        starts.append(StepStart(round: id, host: host))
      }
    }
    return starts
  }

  // MARK: telling

  /// Takes a step's end; returns the round if that was its last, to be closed by the caller.
  package mutating func stepEnded(_ start: StepStart, _ end: StepEnd) -> Round? {
    guard rounds[start.round]?.running.remove(start.host) != nil else {
      preconditionFailure("a step ended that was not running: this is a bug in Martlet")
    }
    rounds[start.round]?.ends[start.host] = end
    return rounds[start.round].flatMap { $0.isOver ? $0 : nil }
  }

  /// Forgets steps that have not started: the run is being interrupted. Returns rounds that are over by that.
  package mutating func cancelWaiting() -> [Round] {
    for id in rounds.keys { rounds[id]?.waiting = [] }
    return rounds.values.filter(\.isOver)
  }

  /// Moves the round's hosts on. Hosts that did not run (`run_once`) share the end of the one that did.
  package mutating func close(_ id: RoundID) {
    guard let round = rounds.removeValue(forKey: id) else {
      preconditionFailure("a round was closed that was not open: this is a bug in Martlet")
    }
    busyHosts.subtract(round.hosts)
    let shared = round.hosts.lazy.compactMap { round.ends[$0] }.first ?? .passed
    for host in round.hosts where cursors[host].status == .ready {
      // With `run_once` the role counts as begun only where it ran.
      if round.ends[host] == .passed || round.ends[host] == .failed { cursors[host].markRoleStarted() }
      switch round.ends[host] ?? shared {
      case .passed where round.isFlush: enterHandlers(host)
      case .passed, .skipped: moveOn(host)
      case .failed: fail(host)
      case .unreachable: cursors[host].status = .unreachable
      }
    }
  }

  /// Adds what an include brought; returns its index for `include`.
  package mutating func add(_ fragment: Fragment) -> Int {
    fragments.append(fragment)
    return fragments.count - 1
  }

  /// Sends a host into a fragment once its current round closes; into several, one after the other (a loop of includes).
  package mutating func include(_ fragment: Int, for host: HostIndex) {
    cursors[host].included.append(fragment)
  }

  /// Adds handlers that an included role brought; returns the index of the first.
  package mutating func addHandlers(_ nodes: [Fragment.Node]) -> Int {
    guard let handlersFragment else { preconditionFailure("a play has no fragment for handlers: this is a bug in Martlet") }
    fragments[handlersFragment].nodes += nodes
    return fragments[handlersFragment].nodes.count - nodes.count
  }

  /// The host's round has ended well for it, but what came of it did not: it fails when the round closes.
  package mutating func failLater(_ host: HostIndex) {
    for id in rounds.keys where rounds[id]?.ends[host] != nil { rounds[id]?.ends[host] = .failed }
  }

  /// Marks handlers (node indexes in the handlers' fragment) as due for a host.
  package mutating func notify(_ handlers: [Int], host: HostIndex) {
    cursors[host].notified.formUnion(handlers)
  }

  /// Fails every host that is still on its way: `any_errors_fatal`, `max_fail_percentage`. Rescue sections still see it;
  /// hosts that failed just now, or are on their way out through `always`, go on as they are.
  package mutating func failAll(except failed: Set<HostIndex> = []) {
    for host in cursors.indices where cursors[host].status == .ready && !busyHosts.contains(host) {
      if !failed.contains(host), !cursors[host].isLeavingAfterFailure { fail(host) }
    }
  }

  /// `meta: clear_host_errors`: failures on their way out are forgotten, and hosts that are out count as done.
  package mutating func forgetErrors() {
    for host in cursors.indices {
      if [.failed, .unreachable].contains(cursors[host].status) { cursors[host].status = .done }
      for frame in cursors[host].frames.indices {
        for block in cursors[host].frames[frame].open.indices
        where cursors[host].frames[frame].open[block].part == .always(isFailing: true) {
          cursors[host].frames[frame].open[block].part = .always(isFailing: false)
        }
      }
    }
  }

  /// Ends the play for a host without failure: `meta: end_host`, `end_play`, `end_batch`.
  package mutating func end(_ host: HostIndex) {
    if cursors[host].status == .ready { cursors[host].status = .ended }
  }

  /// Makes the host leave the innermost role that it is in when its round closes: `meta: end_role`.
  package mutating func leaveRole(_ host: HostIndex) {
    cursors[host].leavesRole = true
  }

  private var idleHosts: [HostIndex] {
    cursors.indices.filter { cursors[$0].status == .ready && !busyHosts.contains($0) }
  }

  private mutating func makeRound(_ hosts: [HostIndex]) -> Round {
    nextRoundID += 1
    switch node(of: hosts[0]) {
    case .task(let task): return Round(id: nextRoundID, task: task, isFlush: false, hosts: hosts)
    case .flushHandlers(let task): return Round(id: nextRoundID, task: task, isFlush: true, hosts: hosts)
    case .blockBegin, .bodyEnd, .rescueEnd, .blockEnd, .roleBegin, .roleEnd, nil:
      preconditionFailure("a host rests where there is no task: this is a bug in Martlet")
    }
  }

  /// The hosts whose position comes first in written order.
  private func hostsAtEarliestPosition() -> [HostIndex]? {
    var best: [HostIndex] = []
    for host in cursors.indices where cursors[host].status == .ready {
      guard let first = best.first else {
        best = [host]
        continue
      }
      switch cursors[host].order(against: cursors[first]) {
      case .before: best = [host]
      case .same: best.append(host)
      case .after: break
      }
    }
    return best.isEmpty ? nil : best
  }
}

extension RunState.Round {
  fileprivate var isOver: Bool { running.isEmpty && waiting.isEmpty }

  fileprivate mutating func startNext() -> RunState.HostIndex? {
    guard running.count < concurrencyMax, let host = waiting.popLast() else { return nil }
    running.insert(host)
    return host
  }
}
