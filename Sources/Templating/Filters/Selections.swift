/// The ways to choose from elements, as Python's itertools has them, within the budget.
extension Evaluation {
  func product(_ columns: [[Object]]) throws -> [[Object]] {
    var rows: [[Object]] = [[]]
    for column in columns {
      let count = rows.count.multipliedReportingOverflow(by: column.count).partialValue
      try budget.check(elements: count)
      try budget.spend(iterations: count * ((rows.first?.count ?? 0) + 1))
      rows = rows.flatMap { row in column.map { row + [$0] } }
    }
    return rows
  }

  func permutations(_ elements: [Object], _ size: Int) throws -> [[Object]] {
    var result: [[Object]] = []
    guard size >= 0 && size <= elements.count else { return result }
    try checkSelections(of: size, (0..<size).map { (elements.count - $0, 1) })
    func extend(_ chosen: [Int]) throws {
      try budget.checkStack()
      if chosen.count == size { return result.append(chosen.map { elements[$0] }) }
      for index in elements.indices where !chosen.contains(index) { try extend(chosen + [index]) }
    }
    try extend([])
    return result
  }

  /// Refuses to choose so many elements in so many ways (the product of the fractions), before any work is done.
  private func checkSelections(of size: Int, _ factors: [(Int, Int)]) throws {
    var ways = 1
    for (numerator, denominator) in factors {
      ways = ways * numerator / denominator
      try budget.check(elements: ways)
    }
    try budget.check(elements: ways * size)
  }

  func combinations(_ elements: [Object], _ size: Int) throws -> [[Object]] {
    var result: [[Object]] = []
    guard size >= 0 && size <= elements.count else { return result }
    try checkSelections(of: size, (0..<min(size, elements.count - size)).map { (elements.count - $0, $0 + 1) })
    func extend(_ chosen: [Object], from start: Int) throws {
      try budget.checkStack()
      if chosen.count == size { return result.append(chosen) }
      // Those that are left must suffice.
      for index in start...(elements.count - size + chosen.count) {
        try extend(chosen + [elements[index]], from: index + 1)
      }
    }
    try extend([], from: 0)
    return result
  }
}
