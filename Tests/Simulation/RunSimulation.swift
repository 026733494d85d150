import Execution
import Model
import Parsing
import Planning

// A run with nothing but `RunState`: a virtual clock, random delays and failures, and a check of every start.

/// Repeatable random numbers (SplitMix64).
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

package struct RunSimulation {
  package struct Setup: Sendable {
    package var hosts: Int
    package var tasks: Int
    package var strategy: RunState.Strategy
    /// Each task needs up to three random earlier ones, and no other.
    package var isGraph: Bool
    package var forks: Int
    package var failuresPerMillion: Int
    package var seed: UInt64

    package init(
      hosts: Int, tasks: Int, strategy: RunState.Strategy, isGraph: Bool = false, forks: Int = 500,
      failuresPerMillion: Int = 1000, seed: UInt64
    ) {
      (self.hosts, self.tasks, self.strategy, self.isGraph) = (hosts, tasks, strategy, isGraph)
      (self.forks, self.failuresPerMillion, self.seed) = (forks, failuresPerMillion, seed)
    }
  }

  package private(set) var state: RunState
  package private(set) var stepCount = 0
  package private(set) var failedHosts = 0
  package private(set) var virtualMilliseconds = 0
  /// What went against the rules; empty in a sound scheduler.
  package private(set) var violations: [String] = []

  private let setup: Setup
  private let after: [[Int]]
  private var random: SeededRandom
  /// By host and task: 0 not started, 1 running, 2 passed, 3 failed.
  private var marks: [UInt8]
  private var endedPerTask: [Int]
  private var lost: Set<Int> = []
  private var clock = EventQueue()

  package init(_ setup: Setup) {
    self.setup = setup
    random = SeededRandom(seed: setup.seed)
    after = Self.edges(setup, &random)
    var fragment = Fragment(nodes: (0..<setup.tasks).map { .task(Self.task($0)) })
    if setup.isGraph { fragment.groups = [0: TaskGroup(range: 0..<setup.tasks, after: after)] }
    marks = Array(repeating: 0, count: setup.hosts * setup.tasks)
    endedPerTask = Array(repeating: 0, count: setup.tasks)
    state = RunState(
      fragments: [fragment, Fragment()], handlers: 1, hostCount: setup.hosts, strategy: setup.strategy, stepsPerHostMax: 14)
  }

  /// Runs to the end.
  package mutating func run() {
    while !state.isFinished {
      openRounds()
      for start in state.startable(limit: setup.forks - clock.count) { begin(start) }
      guard let (time, start) = clock.popFirst() else {
        violations.append("stuck after \(stepCount) steps")
        return
      }
      virtualMilliseconds = time
      end(start)
    }
    checkEnds()
  }

  private mutating func openRounds() {
    while true {
      let rounds = state.proposeRounds()
      if rounds.isEmpty { return }
      for round in rounds { state.open(round) }
      return
    }
  }

  private mutating func begin(_ start: RunState.StepStart) {
    guard let task = state.rounds[start.round]?.task.reference else { return }
    stepCount += 1
    let index = start.host * setup.tasks + task
    if marks[index] != 0 { violations.append("task \(task) started twice on host \(start.host)") }
    // What a group had due when the host failed still runs: it does not depend on what failed.
    if !setup.isGraph, lost.contains(start.host) {
      violations.append("task \(task) started on host \(start.host), which had failed")
    }
    marks[index] = 1
    for earlier in after[task] where marks[start.host * setup.tasks + earlier] != 2 {
      violations.append("task \(task) started on host \(start.host) before task \(earlier) had passed")
    }
    if setup.strategy == .linear {
      for earlier in after[task] where endedPerTask[earlier] < setup.hosts - lost.count {
        violations.append("task \(task) started before all hosts were done with task \(earlier)")
      }
    }
    clock.insert(start, at: virtualMilliseconds + Int.random(in: 1...1000, using: &random))
  }

  private mutating func end(_ start: RunState.StepStart) {
    guard let task = state.rounds[start.round]?.task.reference else { return }
    let chance = Int.random(in: 0..<1_000_000, using: &random)
    let end: RunState.StepEnd = chance >= setup.failuresPerMillion ? .passed : chance % 10 == 0 ? .unreachable : .failed
    marks[start.host * setup.tasks + task] = end == .passed ? 2 : 3
    if end != .passed { lose(start.host) } else if !lost.contains(start.host) { endedPerTask[task] += 1 }
    if let round = state.stepEnded(start, end) { state.close(round.id) }
  }

  /// Nothing rescues here: a host whose step failed starts nothing more, and nobody waits for it.
  private mutating func lose(_ host: Int) {
    guard lost.insert(host).inserted else { return }
    for task in 0..<setup.tasks where marks[host * setup.tasks + task] == 2 { endedPerTask[task] -= 1 }
  }

  private mutating func checkEnds() {
    for host in 0..<setup.hosts {
      let own = marks[host * setup.tasks..<(host + 1) * setup.tasks]
      if own.contains(1) { violations.append("a step of host \(host) never ended") }
      switch state.cursors[host].status {
      case .done where own.contains { $0 != 2 }: violations.append("host \(host) is done, but not with all its tasks")
      case .failed where !own.contains(3), .unreachable where !own.contains(3):
        violations.append("host \(host) is lost, but no step of it failed")
      case .ready, .ended: violations.append("host \(host) is left over")
      case .done: break
      case .failed, .unreachable: failedHosts += 1
      }
    }
  }

  private static func edges(_ setup: Setup, _ random: inout SeededRandom) -> [[Int]] {
    (0..<setup.tasks).map { task in
      guard setup.isGraph else { return task == 0 ? [] : [task - 1] }
      guard task > 0 else { return [] }
      return Set((0..<Int.random(in: 0...3, using: &random)).map { _ in Int.random(in: 0..<task, using: &random) }).sorted()
    }
  }

  private static func task(_ number: Int) -> PlannedTask {
    let span = SourceSpan(file: SourceFile(path: "simulated.yml", text: ""), line: number + 1, column: 1)
    let task = RunbookTask(
      span: span, module: ModuleName(written: "command", span: span), arguments: TaskArguments(span: span))
    return PlannedTask(
      reference: number, task: task, context: TaskContext(.play, keywords: Keywords(), parent: nil), kind: .task,
      module: "command", isImplicit: false, key: "\(number)")
  }
}

/// Ends of steps by their time: a binary heap.
private struct EventQueue {
  private var entries: [(time: Int, start: RunState.StepStart)] = []

  var count: Int { entries.count }

  mutating func insert(_ start: RunState.StepStart, at time: Int) {
    entries.append((time, start))
    var child = entries.count - 1
    while child > 0, entries[child].time < entries[(child - 1) / 2].time {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> (Int, RunState.StepStart)? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    if entries.isEmpty { return first }
    entries[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && entries[child].time < entries[least].time {
        least = child
      }
      if least == parent { return first }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
