/// A list of algorithms as users write it: names, or a change to the defaults by `+`, `-` or `^` (ssh_config(5)).
package struct SSHAlgorithmList: Sendable, Hashable {
  package enum Change: Sendable, Hashable { case replace, append, remove, prefer }
  package let change: Change
  /// With `*` and `?`.
  package let patterns: [String]

  package init(_ text: some StringProtocol) {
    let names: any StringProtocol
    switch text.first {
    case "+": (change, names) = (.append, text.dropFirst())
    case "-": (change, names) = (.remove, text.dropFirst())
    case "^": (change, names) = (.prefer, text.dropFirst())
    default: (change, names) = (.replace, text)
    }
    patterns = String(names).split(separator: ",").map(String.init)
  }

  /// What is left of the algorithms that we have, in the order to offer them; empty: we have none that the user wants.
  package func choosing(from ours: [String]) -> [String] {
    let named = patterns.flatMap { pattern in ours.filter { HostPattern.matches(pattern, $0) } }
    var wanted: [String] = []
    for name in named where !wanted.contains(name) { wanted.append(name) }
    switch change {
    case .replace: return wanted
    case .append: return ours
    case .remove: return ours.filter { !wanted.contains($0) }
    case .prefer: return wanted + ours.filter { !wanted.contains($0) }
    }
  }
}
