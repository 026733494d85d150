/// Finds what two sequences of lines have in common, longest run first: the choice that Python's `difflib` makes, so that
/// diffs read like the ones Ansible prints.
struct LineMatcher {
  struct Block: Equatable {
    var before: Int, after: Int, count: Int
  }

  /// Lines as numbers; equal lines have equal numbers.
  let before: [Int], after: [Int]
  /// Steps that comparing may take, so that no pair of files holds up a run.
  let stepsMax: Int
  /// Where each line stands in `after`; lines that repeat too often to mean anything are left out, as in `difflib`.
  private var places: [[Int]] = []
  private var steps = 0

  init(before: [Int], after: [Int], stepsMax: Int) {
    self.before = before
    self.after = after
    self.stepsMax = stepsMax
    places = Array(repeating: [], count: (max(before.max() ?? -1, after.max() ?? -1)) + 1)
    for (index, line) in after.enumerated() { places[line].append(index) }
    guard after.count >= 200 else { return }
    for line in places.indices where places[line].count > after.count / 100 + 1 { places[line] = [] }
  }

  /// The common runs in order; nil when finding them takes more steps than allowed.
  mutating func blocks() -> [Block]? {
    var queue = [(0..<before.count, 0..<after.count)], found: [Block] = []
    while let (left, right) = queue.popLast() {
      let block = longestBlock(left, right)
      guard steps <= stepsMax else { return nil }
      guard block.count > 0 else { continue }
      found.append(block)
      if left.lowerBound < block.before && right.lowerBound < block.after {
        queue.append((left.lowerBound..<block.before, right.lowerBound..<block.after))
      }
      if block.before + block.count < left.upperBound && block.after + block.count < right.upperBound {
        queue.append((block.before + block.count..<left.upperBound, block.after + block.count..<right.upperBound))
      }
    }
    return joined(found.sorted { ($0.before, $0.after) < ($1.before, $1.after) })
  }

  private func joined(_ blocks: [Block]) -> [Block] {
    var result: [Block] = []
    for block in blocks {
      if let last = result.last, last.before + last.count == block.before, last.after + last.count == block.after {
        result[result.count - 1].count += block.count
      } else {
        result.append(block)
      }
    }
    return result
  }

  private mutating func longestBlock(_ left: Range<Int>, _ right: Range<Int>) -> Block {
    var best = Block(before: left.lowerBound, after: right.lowerBound, count: 0)
    var lengths: [Int: Int] = [:]
    for index in left {
      var next: [Int: Int] = [:]
      for place in places[before[index]] {
        steps += 1
        if place < right.lowerBound { continue }
        if place >= right.upperBound { break }
        let length = (lengths[place - 1] ?? 0) + 1
        next[place] = length
        if length > best.count { best = Block(before: index - length + 1, after: place - length + 1, count: length) }
      }
      lengths = next
      if steps > stepsMax { return best }
    }
    return extended(best, left, right)
  }

  /// Takes in equal neighbours that were left out as too frequent.
  private func extended(_ block: Block, _ left: Range<Int>, _ right: Range<Int>) -> Block {
    var block = block
    while block.before > left.lowerBound, block.after > right.lowerBound,
      before[block.before - 1] == after[block.after - 1]
    {
      block = Block(before: block.before - 1, after: block.after - 1, count: block.count + 1)
    }
    while block.before + block.count < left.upperBound, block.after + block.count < right.upperBound,
      before[block.before + block.count] == after[block.after + block.count]
    {
      block.count += 1
    }
    return block
  }
}
