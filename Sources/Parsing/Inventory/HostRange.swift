/// Ranges in host names: `web[01:50:2].example`, `db-[a:f]`, several in one name.
package enum HostRange {
  package struct Problem: Error, Sendable, Equatable {
    package var message: String
    package var advice: String
  }

  /// More hosts than this by one entry are taken for a slip.
  package static let hostsMax = 1_000_000

  /// The names that a name with ranges stands for; one without stands for itself.
  package static func expand(_ name: String) throws(Problem) -> [String] {
    guard name.utf8.contains(UInt8(ascii: "[")) else { return [name] }
    var names = [""]
    var rest = name[...]
    while let open = rest.firstIndex(of: "[") {
      guard let close = rest[open...].firstIndex(of: "]") else { throw .unclosed }
      let members = try members(of: rest[rest.index(after: open)..<close])
      let head = rest[..<open]
      guard names.count * members.count <= hostsMax else { throw .tooMany }
      names = names.flatMap { start in members.map { start + head + $0 } }
      rest = rest[rest.index(after: close)...]
    }
    guard !rest.contains("]") else { throw .unclosed }
    return names.map { $0 + rest }
  }

  private static func members(of range: Substring) throws(Problem) -> [String] {
    let bounds = range.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard bounds.count == 2 || bounds.count == 3 else { throw .malformed(String(range)) }
    let begin = bounds[0].isEmpty ? "0" : bounds[0], end = bounds[1]
    guard !end.isEmpty else { throw .endless(String(range)) }
    let step = bounds.count == 3 ? Int(bounds[2]) ?? 0 : 1
    guard step > 0 else { throw .badStep(bounds.count == 3 ? bounds[2] : "") }
    if let first = letters.firstIndex(of: begin), let last = letters.firstIndex(of: end) {
      guard first <= last else { throw .backwards(begin, end) }
      return stride(from: first, through: last, by: step).map { letters[$0] }
    }
    guard let first = Int(begin), let last = Int(end), first >= 0 else { throw .malformed(String(range)) }
    let isPadded = begin.hasPrefix("0") && begin.count > 1
    guard !isPadded || begin.count == end.count else { throw .unequalWidths(begin, end) }
    guard first <= last else { throw .backwards(begin, end) }
    guard (last - first) / step < hostsMax else { throw .tooMany }
    return stride(from: first, through: last, by: step).map { isPadded ? padded($0, to: begin.count) : String($0) }
  }

  private static let letters = (Array("abcdefghijklmnopqrstuvwxyz") + Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")).map(String.init)

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension HostRange.Problem {
  static let example = "a range looks like [1:9], [01:50:2] or [a:f]"

  static let unclosed = Self(message: "a bracket of a host range is missing its partner", advice: example)

  static let tooMany = Self(
    message: "a host range stands for more than \(HostRange.hostsMax) hosts", advice: "check its bounds")

  static func malformed(_ range: String) -> Self { Self(message: "'[\(range)]' is no host range", advice: example) }

  static func endless(_ range: String) -> Self {
    Self(message: "host range '[\(range)]' has no end", advice: example)
  }

  static func badStep(_ step: String) -> Self {
    Self(message: "'\(step)' is no step for a host range", advice: "a step is a whole number from 1")
  }

  static func backwards(_ begin: String, _ end: String) -> Self {
    Self(message: "host range begins at '\(begin)', after its end '\(end)'", advice: "swap the two bounds")
  }

  static func unequalWidths(_ begin: String, _ end: String) -> Self {
    Self(
      message: "host range from '\(begin)' to '\(end)' has bounds of different width",
      advice: "bounds with leading zeros must be equally long")
  }
}
