/// Things that wait for each other in a circle.
enum NeedsCycle {
  /// Places that lead from one back to itself, each waiting for the next; nil where there is no circle.
  static func first(in after: [[Int]]) -> [Int]? {
    var isDone = Array(repeating: false, count: after.count)
    for start in after.indices where !isDone[start] {
      var path = [start], next = [after[start]]
      while let node = path.last {
        guard let step = next[next.count - 1].popLast() else {
          isDone[node] = true
          path.removeLast()
          next.removeLast()
          continue
        }
        if let index = path.firstIndex(of: step) { return path[index...] + [step] }
        if !isDone[step] {
          path.append(step)
          next.append(after[step])
        }
      }
    }
    return nil
  }
}
