/// One pattern of OpenSSH's files: `*` is any text, `?` one character (ssh_config(5), PATTERNS).
package enum HostPattern {
  /// Whether the whole text matches; both sides as they are, in the time of their product at worst.
  package static func matches(_ pattern: some StringProtocol, _ text: some StringProtocol) -> Bool {
    let pattern = Array(pattern.utf8)
    let text = Array(text.utf8)
    var patternIndex = 0
    var textIndex = 0
    /// Where to go on from when what follows the last star does not fit.
    var afterStar: Int?
    var starTextIndex = 0
    while textIndex < text.count {
      if patternIndex < pattern.count, pattern[patternIndex] == UInt8(ascii: "*") {
        patternIndex += 1
        afterStar = patternIndex
        starTextIndex = textIndex
      } else if patternIndex < pattern.count,
        pattern[patternIndex] == UInt8(ascii: "?") || pattern[patternIndex] == text[textIndex]
      {
        patternIndex += 1
        textIndex += 1
      } else if let afterStar {
        patternIndex = afterStar
        starTextIndex += 1
        textIndex = starTextIndex
      } else {
        return false
      }
    }
    return pattern[patternIndex...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}

/// Patterns of which one must match and no negated one (`!`) may.
package struct HostPatternList: Sendable, Hashable {
  package let wanted: [String]
  package let unwanted: [String]

  package init(_ patterns: some Sequence<some StringProtocol>) {
    var wanted: [String] = []
    var unwanted: [String] = []
    for pattern in patterns {
      if pattern.hasPrefix("!") { unwanted.append(String(pattern.dropFirst())) } else { wanted.append(String(pattern)) }
    }
    self.wanted = wanted
    self.unwanted = unwanted
  }

  package init(commaSeparated text: some StringProtocol) { self.init(text.split(separator: ",")) }

  package func matches(_ text: some StringProtocol) -> Bool {
    !unwanted.contains { HostPattern.matches($0, text) } && wanted.contains { HostPattern.matches($0, text) }
  }

  /// Every pattern is the one text that it matches.
  package var isLiteral: Bool {
    unwanted.isEmpty && !wanted.contains { $0.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }
  }
}

extension StringProtocol {
  /// ASCII letters in lower case, all else as it is: how OpenSSH folds host names.
  package func asciiLowercased() -> String {
    String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
