/// The criteria of a Match line; all must hold.
struct SSHMatchRule: Sendable, Hashable {
  enum Criterion: Sendable, Hashable {
    case all
    /// `final` and `canonical`: only in the second reading, which `final` asks for.
    case secondReading(isRequested: Bool)
    case host(HostPatternList)
    case originalHost(HostPatternList)
    case user(HostPatternList)
    case localUser(HostPatternList)
    /// `exec` and what newer versions know: only ssh can tell.
    case unsupported(name: String)
  }

  struct Condition: Sendable, Hashable {
    let criterion: Criterion
    let isNegated: Bool
  }

  struct Problem: Error, Hashable {
    let reason: String
  }

  let conditions: [Condition]
  let place: SSHConfigPlace

  static func read(_ text: String, at place: SSHConfigPlace) -> Result<SSHMatchRule, Problem> {
    var rest = Array(text.utf8)[...]
    var conditions: [Condition] = []
    while let word = SSHConfigWords.delimited(&rest), !word.isEmpty, !word.hasPrefix("#") {
      let isNegated = word.hasPrefix("!")
      let name = (isNegated ? String(word.dropFirst()) : word).asciiLowercased()
      guard let criterion = criterion(name, &rest) else {
        return .failure(Problem(reason: "Match \(name) lacks its value"))
      }
      conditions.append(Condition(criterion: criterion, isNegated: isNegated))
    }
    guard !conditions.isEmpty else { return .failure(Problem(reason: "Match has no criteria")) }
    guard isAllAlone(conditions) else {
      return .failure(Problem(reason: "Match all can't be combined with other criteria"))
    }
    return .success(SSHMatchRule(conditions: conditions, place: place))
  }

  private static func criterion(_ name: String, _ rest: inout ArraySlice<UInt8>) -> Criterion? {
    switch name {
    case "all": return .all
    case "canonical": return .secondReading(isRequested: false)
    case "final": return .secondReading(isRequested: true)
    default: break
    }
    guard let value = SSHConfigWords.delimited(&rest), !value.isEmpty else { return nil }
    switch name {
    case "host": return .host(HostPatternList(commaSeparated: value.asciiLowercased()))
    case "originalhost": return .originalHost(HostPatternList(commaSeparated: value.asciiLowercased()))
    case "user": return .user(HostPatternList(commaSeparated: value))
    case "localuser": return .localUser(HostPatternList(commaSeparated: value))
    default: return .unsupported(name: name)
    }
  }

  /// `all` stands alone, or after one `final` or `canonical`.
  private static func isAllAlone(_ conditions: [Condition]) -> Bool {
    guard let index = conditions.firstIndex(where: { $0.criterion == .all }) else { return true }
    guard index == conditions.count - 1, index <= 1 else { return false }
    if index == 0 { return true }
    if case .secondReading = conditions[0].criterion { return true }
    return false
  }
}
