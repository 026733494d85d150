import Simulation
import Testing

@testable import Execution

/// Plays that run side by side: what may start, and how they share the room for steps.
struct PlayScheduleTests {
  /// Each play has its hosts; plays end in the order in which they started.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var after: [[Int]]
    var hosts: [String]
    var isOneByOne = false
    /// What starts together.
    var starts: [[Int]]

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "a chain", after: [[], [0], [1]], hosts: ["a", "b", "c"], starts: [[0], [1], [2]]),
    Case(name: "roots on other hosts", after: [[], [], [0, 1]], hosts: ["a", "b", "ab"], starts: [[0, 1], [], [2]]),
    Case(name: "roots on the same host", after: [[], [], []], hosts: ["a", "ab", "b"], starts: [[0, 2], [], [1]]),
    Case(name: "one by one", after: [[1], [], []], hosts: ["a", "b", "c"], isOneByOne: true, starts: [[1], [0], [2]]),
    Case(name: "no hosts at all", after: [[], []], hosts: ["", ""], starts: [[0, 1]]),
  ]

  @Test(arguments: cases)
  func `plays start when their needs have ended, on hosts that are free`(_ given: Case) {
    var schedule = PlaySchedule(after: given.after, isOneByOne: given.isOneByOne)
    var starts: [[Int]] = [], running: [Int] = []
    repeat {
      starts.append(start(&schedule, given.hosts.map { $0.map(String.init) }))
      running += starts[starts.count - 1]
      if !running.isEmpty { schedule.end(running.removeFirst()) }
    } while !running.isEmpty || !schedule.due.isEmpty
    #expect(starts.filter { !$0.isEmpty } == given.starts.filter { !$0.isEmpty })
  }

  private func start(_ schedule: inout PlaySchedule, _ hosts: [[String]]) -> [Int] {
    var started: [Int] = []
    for play in schedule.due where schedule.due.contains(play) && schedule.isFree(hosts[play]) {
      schedule.begin(play, on: hosts[play])
      started.append(play)
    }
    return started
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func `random plays on random hosts: none starts early, none shares a host, none is lost`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let count = 60
    let after = (0..<count).map { play in
      play == 0 ? [] : Set((0..<Int.random(in: 0...3, using: &random)).map { _ in Int.random(in: 0..<play, using: &random) }).sorted()
    }
    let hosts = (0..<count).map { _ in (0..<Int.random(in: 0...3, using: &random)).map { _ in "h\(Int.random(in: 0..<12, using: &random))" } }
    var schedule = PlaySchedule(after: after, isOneByOne: false), running: [Int] = [], ended: Set<Int> = []
    while ended.count < count {
      for play in start(&schedule, hosts) {
        #expect(ended.isSuperset(of: after[play]), "play \(play) started before \(after[play]) had ended")
        #expect(!running.contains { !Set(hosts[$0]).isDisjoint(with: hosts[play]) }, "play \(play) shares a host")
        running.append(play)
      }
      guard let index = running.indices.randomElement(using: &random) else {
        Issue.record("stuck after \(ended.count) plays")
        return
      }
      let play = running.remove(at: index)
      ended.insert(play)
      schedule.end(play)
    }
    #expect(schedule.due.isEmpty)
  }

  @Test func `a play that found no room is woken by what another gives back, and nobody wakes itself`() {
    var budget = StepBudget(3)
    #expect(budget.take() == 3)
    #expect(budget.giveBack(0, from: 0).isEmpty)
    #expect(budget.take() == 0)
    budget.wantsMore(1)
    budget.wantsMore(0)
    #expect(budget.giveBack(1, from: 0) == [1])
    #expect(budget.take() == 1)
    #expect(budget.giveBack(1, from: 1) == [0])
  }
}
