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
    /// The task's place in a group that `needs` orders.
    let offset: Int?
    var waiting: [HostIndex] = []
    var running: Set<HostIndex> = []
    package internal(set) var ends: [HostIndex: StepEnd] = [:]
    var limits = RoundLimits()

    /// Further rounds of the same hosts may be open.
    package var isInGroup: Bool { offset != nil }
  }

  /// How many steps of a round run at once.
  package struct RoundLimits: Sendable {
    /// `throttle`.
    package var stepsMax = Int.max
    /// `concurrency`: a limit that steps of several rounds share by its name.
    package var named: [HostIndex: NamedLimit] = [:]

    package init() {}
  }

  package struct NamedLimit: Sendable, Equatable {
    package var name: String
    package var stepsMax: Int

    package init(name: String, stepsMax: Int) {
      self.name = name
      self.stepsMax = stepsMax
    }
  }

  /// What a step's end means for its host's way through the graph.
  package enum StepEnd: String, Sendable, Equatable {
    case passed
    /// A condition left it out; for a flush of handlers that means none runs.
    case skipped
    case failed
    case unreachable
  }

  private struct WaitingRound {
    let id: RoundID
    /// Under free strategies rounds have one host: whether it has room is told without a look at the round.
    let onlyHost: HostIndex?
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
  /// How many open rounds each host is in.
  private var openRoundCounts: [Int]
  /// Steps that run, by host and by named limit.
  private var runningCounts: [Int]
  private var namedCounts: [String: Int] = [:]
  /// Hosts that may have come to rest outside of any round since rounds were last proposed.
  private var restingHosts: [HostIndex]
  /// Rounds with steps that have not started, the oldest first, from `firstWaiting` on; nil for one whose steps have all started
  /// since. These are taken out many at a time.
  private var waitingRounds: [WaitingRound?] = []
  private var firstWaiting = 0
  private var spentRounds = 0
  /// The hosts that go through a group together, under `linear`.
  private var cohort: [HostIndex] = []
  let handlersFragment: Int?
  private let pinnedHostsMax: Int
  private let stepsPerHostMax: Int

  /// `fragments[0]` is the play itself; `handlers` is the index of the fragment of its handlers.
  package init(
    fragments: [Fragment], handlers: Int?, hostCount: Int, strategy: Strategy = .linear, pinnedHostsMax: Int = .max,
    stepsPerHostMax: Int = .max
  ) {
    self.fragments = fragments
    self.strategy = strategy
    self.pinnedHostsMax = pinnedHostsMax
    self.stepsPerHostMax = max(1, stepsPerHostMax)
    handlersFragment = handlers
    openRoundCounts = Array(repeating: 0, count: hostCount)
    runningCounts = openRoundCounts
    restingHosts = Array(0..<hostCount)
    cursors = Array(repeating: HostCursor(), count: hostCount)
    for host in cursors.indices { settle(host) }
  }

  /// True once no host has anything left to do.
  package var isFinished: Bool { rounds.isEmpty && !cursors.contains { $0.status == .ready } }

  // MARK: asking

  /// Rounds that may open now. Each must be opened before the next call.
  package mutating func proposeRounds() -> [Round] {
    switch strategy {
    case .linear: return proposeTogether()
    case .free: return takeRestingHosts().flatMap { proposeAlone($0) }
    case .hostPinned:
      var room = pinnedHostsMax - cursors.count { $0.isStarted && !$0.isOver }
      return takeRestingHosts().flatMap { host -> [Round] in
        if !cursors[host].isStarted {
          guard room > 0 else {
            restingHosts.append(host)
            return []
          }
          room -= 1
        }
        return proposeAlone(host)
      }
    }
  }

  /// All hosts that stand at the earliest place, in one round; in a group, a round for each task whose needs are met.
  private mutating func proposeTogether() -> [Round] {
    if !isInGroup {
      cohort = []
      guard rounds.isEmpty, let hosts = hostsAtEarliestPosition() else { return [] }
      guard let group = group(of: hosts[0]) else { return [makeRound(hosts)] }
      for host in hosts { cursors[host].group = .init(group) }
      cohort = hosts
    }
    // A round ends for all of its hosts at once: those that did not fail are equally far.
    guard let first = cohort.first(where: { cursors[$0].group?.isStopping == false }), let offsets = cursors[first].group?.ready,
      !offsets.isEmpty
    else { return [] }
    let hosts = cohort.filter { cursors[$0].group?.isStopping == false }
    return offsets.map { makeRound(hosts, offset: $0) }
  }

  private mutating func proposeAlone(_ host: HostIndex) -> [Round] {
    if cursors[host].group == nil, let group = group(of: host) { cursors[host].group = .init(group) }
    guard let progress = cursors[host].group else { return [makeRound([host])] }
    if progress.isStopping { return [] }
    return progress.ready.map { makeRound([host], offset: $0) }
  }

  /// Under `linear` all hosts are looked at for every round anyway.
  mutating func rest(_ host: HostIndex) {
    if strategy != .linear { restingHosts.append(host) }
  }

  /// Hosts that wait for a round, each once.
  private mutating func takeRestingHosts() -> [HostIndex] {
    var seen = Set<HostIndex>()
    defer { restingHosts = [] }
    return restingHosts.filter { host in
      guard seen.insert(host).inserted, cursors[host].status == .ready else { return false }
      return openRoundCounts[host] == 0 || cursors[host].group != nil
    }
  }

  /// Lets a proposed round's steps start; `hosts` may be fewer than proposed (`run_once` runs on the first).
  package mutating func open(_ round: Round, hosts: [HostIndex]? = nil, limits: RoundLimits = RoundLimits()) {
    var round = round
    round.waiting = (hosts ?? round.hosts).reversed()
    round.limits = limits
    for host in round.hosts {
      cursors[host].isStarted = true
      openRoundCounts[host] += 1
      if let offset = round.offset { cursors[host].group?.open(offset) }
    }
    rounds[round.id] = round
    guard let first = round.waiting.first else { return }
    waitingRounds.append(WaitingRound(id: round.id, onlyHost: round.waiting.count == 1 ? first : nil))
  }

  /// Steps that start now: at most `limit`, fewer where a round, a host or a named limit has no room. They count as running
  /// from here on.
  package mutating func startable(limit: Int) -> [StepStart] {
    var starts: [StepStart] = []
    dropSpentRounds()
    var index = firstWaiting
    while starts.count < limit, index < waitingRounds.count {
      if let waiting = waitingRounds[index], waiting.onlyHost.map({ runningCounts[$0] < stepsPerHostMax }) ?? true {
        while starts.count < limit, let host = startNext(waiting.id) { starts.append(StepStart(round: waiting.id, host: host)) }
        if rounds[waiting.id]?.waiting.isEmpty ?? true { spend(index) }
      }
      index += 1
    }
    return starts
  }

  private mutating func spend(_ index: Int) {
    waitingRounds[index] = nil
    spentRounds += 1
    while firstWaiting < waitingRounds.count, waitingRounds[firstWaiting] == nil { firstWaiting += 1 }
  }

  private mutating func dropSpentRounds() {
    guard spentRounds > 64, spentRounds > waitingRounds.count / 2 else { return }
    waitingRounds.removeAll { $0 == nil }
    (firstWaiting, spentRounds) = (0, 0)
  }

  private mutating func startNext(_ id: RoundID) -> HostIndex? {
    // No copy of the round is alive here: its hosts are moved in place.
    guard let index = nextWaiting(in: id), let host = rounds[id]?.waiting.remove(at: index) else { return nil }
    rounds[id]?.running.insert(host)
    runningCounts[host] += 1
    if let limit = rounds[id]?.limits.named[host] { namedCounts[limit.name, default: 0] += 1 }
    return host
  }

  private func nextWaiting(in id: RoundID) -> Int? {
    guard let round = rounds[id], round.running.count < round.limits.stepsMax else { return nil }
    return round.waiting.lastIndex { hasRoom($0, round.limits) }
  }

  private func hasRoom(_ host: HostIndex, _ limits: RoundLimits) -> Bool {
    guard runningCounts[host] < stepsPerHostMax else { return false }
    guard let limit = limits.named[host] else { return true }
    return namedCounts[limit.name] ?? 0 < limit.stepsMax
  }

  /// A group is under way, for whichever host.
  package var isInGroup: Bool { cohort.contains { cursors[$0].group != nil } }

  /// The tasks of the group that a host is in, in written order.
  package func groupTasks(of host: HostIndex) -> [TaskReference] {
    guard let range = cursors[host].group?.group.range, let frame = cursors[host].frames.last else { return [] }
    return fragments[frame.fragment].nodes[range].compactMap { if case .task(let task) = $0 { task.reference } else { nil } }
  }

  // MARK: telling

  /// Takes a step's end; returns the round if that was its last, to be closed by the caller.
  package mutating func stepEnded(_ start: StepStart, _ end: StepEnd) -> Round? {
    guard rounds[start.round]?.running.remove(start.host) != nil else {
      preconditionFailure("a step ended that was not running: this is a bug in Martlet")
    }
    runningCounts[start.host] -= 1
    if let limit = rounds[start.round]?.limits.named[start.host] { namedCounts[limit.name, default: 1] -= 1 }
    rounds[start.round]?.ends[start.host] = end
    return rounds[start.round].flatMap { $0.isOver ? $0 : nil }
  }

  /// Forgets steps that have not started: the run is being interrupted. Returns rounds that are over by that.
  package mutating func cancelWaiting() -> [Round] {
    for id in rounds.keys { rounds[id]?.waiting = [] }
    waitingRounds = []
    (firstWaiting, spentRounds) = (0, 0)
    return rounds.values.filter(\.isOver)
  }

  /// Moves the round's hosts on. Hosts that did not run (`run_once`) share the end of the one that did.
  package mutating func close(_ id: RoundID) {
    guard let round = rounds.removeValue(forKey: id) else {
      preconditionFailure("a round was closed that was not open: this is a bug in Martlet")
    }
    for host in round.hosts {
      openRoundCounts[host] -= 1
      rest(host)
    }
    let shared = round.hosts.lazy.compactMap { round.ends[$0] }.first ?? .passed
    for host in round.hosts where cursors[host].status == .ready {
      // With `run_once` the role counts as begun only where it ran.
      if round.ends[host] == .passed || round.ends[host] == .failed { cursors[host].markRoleStarted() }
      if let offset = round.offset {
        take(round.ends[host] ?? shared, of: offset, on: host)
        continue
      }
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
    cursors[host].frames[cursors[host].frames.count - 1].included.append(fragment)
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
    for host in cursors.indices where cursors[host].status == .ready && !failed.contains(host) {
      if openRoundCounts[host] > 0 {
        // In a group it fails once what runs has ended.
        cursors[host].group?.isFailing = true
      } else if !cursors[host].isLeavingAfterFailure, !cursors[host].isRollingBack {
        cursors[host].group = nil
        fail(host)
        rest(host)
      }
    }
  }

  /// `meta: clear_host_errors`: failures on their way out are forgotten, and hosts that are out count as done.
  package mutating func forgetErrors() {
    for host in cursors.indices {
      if cursors[host].status == .failed { cursors[host].status = .done }
      if cursors[host].status == .unreachable { revive(host) }
      for frame in cursors[host].frames.indices {
        for block in cursors[host].frames[frame].open.indices
        where cursors[host].frames[frame].open[block].part == .always(isFailing: true) {
          cursors[host].frames[frame].open[block].part = .always(isFailing: false)
        }
      }
    }
  }

  /// A host that was lost goes on behind the task where it was.
  private mutating func revive(_ host: HostIndex) {
    cursors[host].status = .ready
    moveOn(host)
    rest(host)
  }

  /// Ends the play for a host without failure: `meta: end_host`, `end_play`, `end_batch`.
  package mutating func end(_ host: HostIndex) {
    if cursors[host].status == .ready { cursors[host].status = .ended }
  }

  /// Makes the host leave the innermost role that it is in when its round closes: `meta: end_role`.
  package mutating func leaveRole(_ host: HostIndex) {
    cursors[host].leavesRole = true
  }

  private mutating func makeRound(_ hosts: [HostIndex], offset: Int? = nil) -> Round {
    nextRoundID += 1
    switch node(of: hosts[0], offset: offset ?? 0) {
    case .task(let task): return Round(id: nextRoundID, task: task, isFlush: false, hosts: hosts, offset: offset)
    case .flushHandlers(let task): return Round(id: nextRoundID, task: task, isFlush: true, hosts: hosts, offset: nil)
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
}
