import Testing

@testable import Support

@Suite struct DelayQueueTests {
  private func drained(_ queue: inout DelayQueue, now: Double) -> [UInt8] {
    var output: [UInt8] = []
    while case let bytes = queue.available(now: now), !bytes.isEmpty {
      output += bytes
      queue.remove(bytes.count)
    }
    return output
  }

  @Test func `bytes come out after the delay`() {
    var queue = DelayQueue()
    queue.append([1, 2], now: 10, delaySeconds: 0.5, bytesPerSecond: nil)
    queue.append([3], now: 10.25, delaySeconds: 0.5, bytesPerSecond: nil)
    #expect(drained(&queue, now: 10.4) == [])
    #expect(queue.nextTime == 10.5)
    #expect(drained(&queue, now: 10.5) == [1, 2])
    #expect(drained(&queue, now: 11) == [3])
    #expect(queue.isEmpty && queue.nextTime == nil)
  }

  @Test func `a rate spaces the pieces`() {
    var queue = DelayQueue()
    for byte in 0..<3 as Range<UInt8> {
      queue.append([UInt8](repeating: byte, count: 10), now: 0, delaySeconds: 1, bytesPerSecond: 10)
    }
    #expect(drained(&queue, now: 1.5).isEmpty)
    #expect(drained(&queue, now: 2.0).count == 10)
    #expect(drained(&queue, now: 3.5).count == 10)
    #expect(drained(&queue, now: 4.0).count == 10)
  }

  @Test func `a shorter delay lets nothing overtake`() {
    var queue = DelayQueue()
    queue.append([1], now: 0, delaySeconds: 5, bytesPerSecond: nil)
    queue.append([2], now: 1, delaySeconds: 0, bytesPerSecond: nil)
    #expect(drained(&queue, now: 4) == [])
    #expect(drained(&queue, now: 5) == [1, 2])
  }

  @Test func `what is taken in parts comes out whole and in order`() {
    var random = SeededRandom.announced()
    var queue = DelayQueue()
    var expected: [UInt8] = []
    var output: [UInt8] = []
    for step in 0..<2000 {
      let piece = (0..<Int.random(in: 0...5, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      expected += piece
      queue.append(piece, now: Double(step), delaySeconds: 3, bytesPerSecond: nil)
      let bytes = queue.available(now: Double(step)).prefix(Int.random(in: 0...4, using: &random))
      output += bytes
      if !bytes.isEmpty { queue.remove(bytes.count) }
    }
    output += drained(&queue, now: 1e9)
    #expect(output == expected)
    #expect(queue.byteCount == 0)
  }
}
