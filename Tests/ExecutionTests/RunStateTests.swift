import Model
import Parsing
import Planning
import Simulation
import Templating
import Support
import Testing

@testable import Execution

/// Tables of `setup -> events`: a play in short words, which steps go wrong, and the order in which steps then run.
///
/// Words: `a` a task; `( … | … | … )` a block with rescue and always; `<x … >` a role x; `!` a flush of handlers;
/// `a*h` a task that notifies handler h. Handlers are listed behind the play. A step is `task@host`.
@Suite struct RunStateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var play: String
    var handlers = ""
    var hosts = 2
    var strategy = RunState.Strategy.linear
    var failing: Set<String> = []
    var unreachable: Set<String> = []
    var skipping: Set<String> = []
    var events: String
    var ends: String

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "linear keeps hosts in step", play: "a b", events: "a@0 a@1 b@0 b@1", ends: "done done"),
    Case(name: "free lets each host go on alone", play: "a b", strategy: .free, events: "a@0 a@1 b@0 b@1", ends: "done done"),
    Case(
      name: "a failed host stops, the others go on", play: "a b", failing: ["a@0"], events: "a@0 a@1 b@1",
      ends: "failed done"),
    Case(
      name: "an unreachable host is out, rescue or not", play: "( a | r | z ) b", unreachable: ["a@0"],
      events: "a@0 a@1 z@1 b@1", ends: "unreachable done"),
    Case(
      name: "rescue runs for the failed host only, always for both", play: "( a b | r | z ) c", failing: ["a@1"],
      events: "a@0 a@1 b@0 r@1 z@0 z@1 c@0 c@1", ends: "done done"),
    Case(
      name: "failure in rescue goes on outwards after always", play: "( a | r | z ) c", hosts: 1, failing: ["a@0", "r@0"],
      events: "a@0 r@0 z@0", ends: "failed"),
    Case(
      name: "failure without rescue waits on always", play: "( a | | z ) c", hosts: 1, failing: ["a@0"],
      events: "a@0 z@0", ends: "failed"),
    Case(
      name: "an outer rescue catches what an inner always passed on", play: "( ( a | | z ) b | r | ) c", hosts: 1,
      failing: ["a@0"], events: "a@0 z@0 r@0 c@0", ends: "done"),
    Case(
      name: "failure in always fails the block", play: "( a | r | z ) c", hosts: 1, failing: ["z@0"],
      events: "a@0 z@0", ends: "failed"),
    Case(
      name: "handlers run in the order of definition, once", play: "a*y b*x c*y !", handlers: "x y", hosts: 1,
      events: "a@0 b@0 c@0 x@0 y@0", ends: "done"),
    Case(
      name: "handlers run only where they were notified", play: "a*x ! b", handlers: "x", failing: ["a@1"],
      events: "a@0 a@1 x@0 b@0", ends: "done failed"),
    Case(
      name: "a handler may notify a later one", play: "a*x !", handlers: "x*y y", hosts: 1, events: "a@0 x@0 y@0",
      ends: "done"),
    Case(
      name: "a failed handler is rescued around the flush", play: "( a*x ! | r | ) b", handlers: "x", hosts: 1,
      failing: ["x@0"], events: "a@0 x@0 r@0 b@0", ends: "done"),
    Case(
      name: "a role runs once where it completed", play: "<x a > <x a > b", hosts: 1, events: "a@0 b@0", ends: "done"),
    Case(
      name: "a role that failed on one host did not complete there", play: "( <x a > | <x a > | ) b", failing: ["a@1"],
      events: "a@0 a@1 a@1 b@0", ends: "done failed"),
    Case(
      name: "a role that was skipped did not complete", play: "<x a > <x b > <x c >", hosts: 1, skipping: ["a@0"],
      events: "a@0 b@0", ends: "done"),
  ]

  @Test func `any_errors_fatal leaves a host that failed its always section`() {
    var state = RunState(fragments: [ShortPlay.fragment("( a b | | z ) c")], handlers: nil, hostCount: 2)
    let round = state.proposeRounds()[0]
    state.open(round)
    for start in state.startable(limit: 2) {
      if state.stepEnded(start, start.host == 0 ? .failed : .passed) != nil { state.close(round.id) }
    }
    state.failAll(except: [0])
    #expect(state.proposeRounds().map(\.hosts) == [[0, 1]])
    #expect(state.cursors.map(\.status) == [.ready, .ready])
  }

  @Test func `clear_host_errors lets a failed host go on behind its always section`() {
    var state = RunState(fragments: [ShortPlay.fragment("( a | | z ) b")], handlers: nil, hostCount: 1)
    for end in [RunState.StepEnd.failed, .passed] {
      let round = state.proposeRounds()[0]
      state.open(round)
      if end == .passed { state.forgetErrors() }
      for start in state.startable(limit: 1) where state.stepEnded(start, end) != nil { state.close(round.id) }
    }
    #expect(state.proposeRounds().map(\.task.module) == ["b"])
  }

  @Test(arguments: cases) func `steps run in this order and hosts end so`(_ given: Case) {
    var program = ShortPlay(given)
    let run = program.run()
    #expect(run.events == given.events)
    #expect(run.ends == given.ends)
  }

  @Test func `throttle and limit bound what runs at once`() {
    var state = RunState(fragments: [ShortPlay.fragment("a")], handlers: nil, hostCount: 5)
    let round = state.proposeRounds()[0]
    var limits = RunState.RoundLimits()
    limits.stepsMax = 2
    state.open(round, limits: limits)
    #expect(state.startable(limit: 10).map(\.host) == [0, 1])
    #expect(state.startable(limit: 10).isEmpty)
    #expect(state.stepEnded(.init(round: round.id, host: 0), .passed) == nil)
    #expect(state.startable(limit: 0).isEmpty)
    #expect(state.startable(limit: 1).map(\.host) == [2])
  }

  @Test func `a named limit is shared by rounds, a host's own by its rounds`() {
    var fragment = ShortPlay.fragment("a b")
    fragment.groups = [0: TaskGroup(range: 0..<2, after: [[], []])]
    var state = RunState(fragments: [fragment], handlers: nil, hostCount: 3, stepsPerHostMax: 1)
    for round in state.proposeRounds() {
      var limits = RunState.RoundLimits()
      for host in 0..<2 { limits.named[host] = .init(name: "pool", stepsMax: 1) }
      state.open(round, limits: limits)
    }
    let starts = state.startable(limit: 10)
    #expect(starts.map(\.host) == [0, 2])
    _ = state.stepEnded(starts[0], .passed)
    #expect(state.startable(limit: 10).map(\.host) == [1])
  }

  @Test func `tasks that need nothing run side by side, and a failure waits for what runs`() {
    var fragment = ShortPlay.fragment("a b c d")
    fragment.groups = [0: TaskGroup(range: 0..<4, after: [[], [], [0], [0, 1, 2]])]
    var state = RunState(fragments: [fragment], handlers: nil, hostCount: 1)
    for round in state.proposeRounds() { state.open(round) }
    let starts = state.startable(limit: 10)
    #expect(starts.compactMap { state.rounds[$0.round]?.task.module } == ["a", "b"])
    if let round = state.stepEnded(starts[1], .failed) { state.close(round.id) }
    #expect(state.proposeRounds().isEmpty && state.cursors[0].status == .ready)
    if let round = state.stepEnded(starts[0], .passed) { state.close(round.id) }
    #expect(state.proposeRounds().isEmpty && state.cursors[0].status == .failed && state.isFinished)
  }

  @Test(arguments: [("linear", false), ("free", false), ("host_pinned", false), ("linear", true), ("free", true)])
  func `in a simulated run no step is early, lost or doubled`(strategy: String, isGraph: Bool) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var simulation = RunSimulation(
      .init(
        hosts: 60, tasks: 40, strategy: try #require(RunState.Strategy(rawValue: strategy)), isGraph: isGraph, forks: 50,
        failuresPerMillion: 5000, seed: seed))
    simulation.run()
    #expect(simulation.violations.isEmpty, "seed \(seed)")
    #expect(simulation.stepCount > 60 * 20)
  }

  @Test func `run_once shares its end with the hosts that did not run`() {
    var state = RunState(fragments: [ShortPlay.fragment("a b")], handlers: nil, hostCount: 3)
    let round = state.proposeRounds()[0]
    state.open(round, hosts: [0])
    let start = state.startable(limit: 9)
    #expect(start.map(\.host) == [0])
    #expect(state.stepEnded(start[0], .failed) != nil)
    state.close(round.id)
    #expect(state.cursors.map(\.status) == [.failed, .failed, .failed])
  }

  @Test func `what is included runs before what follows, host by host as they included it`() {
    var state = RunState(fragments: [ShortPlay.fragment("i b")], handlers: nil, hostCount: 2)
    let round = state.proposeRounds()[0]
    state.open(round)
    for start in state.startable(limit: 9) { _ = state.stepEnded(start, .passed) }
    let one = state.add(ShortPlay.fragment("x")), other = state.add(ShortPlay.fragment("y"))
    state.include(one, for: 0)
    state.include(other, for: 1)
    state.close(round.id)
    var names: [String] = []
    while let round = state.proposeRounds().first {
      names.append("\(round.task.module)\(round.hosts)")
      state.open(round)
      for start in state.startable(limit: 9) { _ = state.stepEnded(start, .passed) }
      state.close(round.id)
    }
    #expect(names == ["x[0]", "y[1]", "b[0, 1]"])
  }

  @Test func `a loop of includes runs each to its end before the next`() {
    var state = RunState(fragments: [ShortPlay.fragment("i b")], handlers: nil, hostCount: 1)
    var names: [String] = []
    while let round = state.proposeRounds().first {
      names.append(round.task.module)
      state.open(round)
      for start in state.startable(limit: 9) { _ = state.stepEnded(start, .passed) }
      if names == ["i"] { for text in ["x y", "v w"] { state.include(state.add(ShortPlay.fragment(text)), for: 0) } }
      state.close(round.id)
    }
    #expect(names == ["i", "x", "y", "v", "w", "b"])
  }

  @Test func `host_pinned starts no more hosts than it may`() {
    var state = RunState(
      fragments: [ShortPlay.fragment("a b")], handlers: nil, hostCount: 3, strategy: .hostPinned, pinnedHostsMax: 1)
    var order: [Int] = []
    while let round = state.proposeRounds().first {
      state.open(round)
      for start in state.startable(limit: 9) {
        order.append(start.host)
        _ = state.stepEnded(start, .passed)
      }
      state.close(round.id)
    }
    #expect(order == [0, 0, 1, 1, 2, 2])
  }

  @Test(arguments: 0..<200) func `no step is lost, none runs twice, whatever fails`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let play = "a ( b c | d | e ) <r f ( g | | h ) > ( ( i | j | k ) l | m | n ) o"
    var given = Case(name: "", play: play, hosts: 4, strategy: seed % 2 == 0 ? .linear : .free, events: "", ends: "")
    for task in "abcdefghijklmno" {
      for host in 0..<4 where random.next() % 5 == 0 { given.failing.insert("\(task)@\(host)") }
    }
    var program = ShortPlay(given)
    let run = program.run()
    let events = run.events.split(separator: " ")
    #expect(Set(events).count == events.count)
    for host in 0..<4 {
      let mine = events.filter { $0.hasSuffix("@\(host)") }.map { $0.first! }
      #expect(mine == mine.sorted(), "host \(host) went backwards")
      let hasFailed = run.ends.split(separator: " ")[host] == "failed"
      #expect(hasFailed || mine.last == "o")
      #expect(!mine.contains("b") || mine.contains("e"))
      #expect(!mine.contains("i") || (mine.contains("k") && mine.contains("n")))
    }
  }
}
