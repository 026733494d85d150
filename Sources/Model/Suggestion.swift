/// The candidate nearest to what was written, for "did you mean"; nil where none is near enough to be a slip.
package func nearestName<Names: Sequence>(to written: String, among candidates: Names) -> String?
where Names.Element == String {
  let limit = max(1, written.count / 3)
  return candidates
    .map { (name: $0, distance: editDistance(written.lowercased(), $0.lowercased())) }
    .filter { $0.distance <= limit }
    .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
}

/// Edits that turn one word into the other, a swap of neighbours counting as one (optimal string alignment).
private func editDistance(_ left: String, _ right: String) -> Int {
  let left = Array(left.unicodeScalars), right = Array(right.unicodeScalars)
  var beforeLast = [Int](), last = Array(0...right.count)
  for i in left.indices {
    var row = [i + 1]
    for j in right.indices {
      let replaced = last[j] + (left[i] == right[j] ? 0 : 1)
      var best = min(replaced, last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, beforeLast[j - 1] + 1) }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[right.count]
}
