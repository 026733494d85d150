import Testing

@testable import Transport

struct LoopTimerTests {
  @Test(arguments: 0..<20)
  func `timers come in the order of their deadlines, without the cancelled`(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let start = MonotonicTime.now
    var heap = TimerHeap()
    var fired: [Int] = []
    var expected: [Int] = []
    for _ in 0..<300 {
      let second = Int.random(in: 0..<10_000, using: &random)
      let timer = LoopTimer(deadline: start.after(seconds: Double(second))) { fired.append(second) }
      heap.insert(timer)
      if Int.random(in: 0..<3, using: &random) == 0 { timer.cancel() } else { expected.append(second) }
    }
    while let timer = heap.takeDue(at: start.after(seconds: 5000)) { timer.fire() }
    #expect(fired == expected.filter { $0 <= 5000 }.sorted())
    while let timer = heap.takeDue(at: start.after(seconds: 20_000)) { timer.fire() }
    #expect(fired == expected.sorted())
  }

  @Test func `a wait ends at its own deadline, though an earlier one had a later deadline`() async {
    let loop = EventLoop()
    let seconds = await withTaskExecutorPreference(loop) {
      let wakeup = Wakeup(loop: loop)
      wakeup.signal()
      await wakeup.wait(until: .now.after(seconds: 600))
      wakeup.signalFromAnywhere()
      await wakeup.wait(until: .now.after(seconds: 600))
      let start = MonotonicTime.now
      await wakeup.wait(until: start.after(seconds: 0.02))
      return MonotonicTime.now.seconds(since: start)
    }
    #expect(seconds >= 0.02 && seconds < 300)
  }
}
