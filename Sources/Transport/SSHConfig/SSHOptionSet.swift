/// What a user set, from all sources: the first value of a keyword wins, some keywords collect.
struct SSHOptionSet: Sendable, Hashable {
  private(set) var options: [String: [SSHConfigStatement]] = [:]
  /// ssh would refuse to run with these.
  private(set) var problems: [UnsupportedSSHOption] = []

  subscript(keyword: String) -> SSHConfigStatement? { options[keyword]?.first }

  func all(_ keyword: String) -> [SSHConfigStatement] { options[keyword] ?? [] }

  /// A value for a keyword, as one word.
  func word(_ keyword: String) -> String? { self[keyword]?.arguments.first }

  mutating func add(_ statement: SSHConfigStatement) {
    let keyword = statement.keyword
    guard !isBlocked(keyword) else { return }
    if SSHKeyword.accumulating.contains(keyword) {
      let isKnown = options[keyword]?.contains { $0.arguments == statement.arguments } ?? false
      if !isKnown { options[keyword, default: []].append(statement) }
    } else if options[keyword] == nil {
      options[keyword] = [statement]
    }
  }

  mutating func add(_ problem: UnsupportedSSHOption) {
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// Of ProxyCommand and ProxyJump, the first one wins; `ProxyJump none` lets a command through.
  private func isBlocked(_ keyword: String) -> Bool {
    switch keyword {
    case "proxycommand": self["proxyjump"].map { $0.rest.asciiLowercased() != "none" } ?? false
    case "proxyjump": self["proxycommand"] != nil
    default: false
    }
  }
}

/// Something that we can't honour, so that the ssh binary has to.
package struct UnsupportedSSHOption: Sendable, Hashable {
  package let keyword: String
  package let reason: String
  package let place: SSHConfigPlace

  package init(keyword: String, reason: String, place: SSHConfigPlace) {
    self.keyword = keyword
    self.reason = reason
    self.place = place
  }
}

extension UnsupportedSSHOption: CustomStringConvertible {
  package var description: String { "\(keyword) (\(place)): \(reason)" }
}
