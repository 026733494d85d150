/// A stretch of a fragment whose tasks are ordered by what they need, not by their places: those of one host may run side by
/// side.
///
/// A task that says `needs` comes after exactly those, and after what it must see: tasks before it that register a variable
/// or set a fact which it uses. A task that says nothing comes after all tasks before it. What is no plain task is a wall that
/// nothing passes: a block with rescue or always, a role's mark, an include, a flush of handlers, fact gathering.
package struct TaskGroup: Sendable, Equatable {
  /// Indexes of nodes.
  package let range: Range<Int>
  /// What each task comes after, as offsets in the range.
  package let after: [[Int]]
  /// The other way round: what waits for each task.
  package let before: [[Int]]

  package init(range: Range<Int>, after: [[Int]]) {
    self.range = range
    self.after = after
    var before = after.map { _ in [Int]() }
    for (offset, needed) in after.enumerated() { for need in needed { before[need].append(offset) } }
    self.before = before
  }
}
