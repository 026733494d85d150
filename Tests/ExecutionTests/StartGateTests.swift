import Testing

@testable import Execution

@Suite struct StartGateTests {
  @Test(arguments: [true, false])
  func `steps wait for the word, and those that come after it hear it too`(mayStart: Bool) async {
    let gate = StartGate()
    let answers = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { await gate.pass() } }
      await Task.yield()
      gate.decide(mayStart: mayStart)
      var answers: [Bool] = []
      for await answer in group { answers.append(answer) }
      return answers
    }
    #expect(answers == [Bool](repeating: mayStart, count: 8))
    #expect(await gate.pass() == mayStart)
  }
}
