import CLibPCRE2

/// A regular expression with the meaning that it has in Python's `re`, run by PCRE2.
package struct PythonRegex: Sendable {
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let ignoreCase = Flags(rawValue: 1)
    package static let multiline = Flags(rawValue: 2)
    package static let dotAll = Flags(rawValue: 4)
    package static let verbose = Flags(rawValue: 8)
  }

  package let pattern: String
  package let groupCount: Int
  /// Numbers of named groups.
  package let groupNames: [String: Int]
  private let program: RegexProgram

  /// Fails with Python's words where the pattern is wrong.
  package init(_ pattern: String, flags: Flags = []) throws(PythonRegexError) {
    self.pattern = pattern
    program = try RegexProgram(RegexTranslation.pcre(of: pattern), flags)
    groupCount = program.groupCount
    groupNames = program.groupNames
  }

  /// `re.search`: the first match anywhere.
  package func search(_ text: String) throws(PythonRegexError) -> Match? {
    try program.match(Subject(text), from: 0, options: 0)
  }

  /// `re.match`: a match at the start.
  package func match(_ text: String) throws(PythonRegexError) -> Match? {
    try program.match(Subject(text), from: 0, options: PCRE2_ANCHORED)
  }

  /// `re.fullmatch`: a match of the whole.
  package func fullMatch(_ text: String) throws(PythonRegexError) -> Match? {
    try program.match(Subject(text), from: 0, options: PCRE2_ANCHORED | PCRE2_ENDANCHORED)
  }

  /// `re.finditer`: all matches that don't overlap, at most `limit` of them where it is not 0.
  package func matches(in text: String, limit: Int = 0) throws(PythonRegexError) -> [Match] {
    let subject = Subject(text)
    var found: [Match] = []
    var start = 0
    var options: UInt32 = 0
    while start <= subject.bytes.count, limit == 0 || found.count < limit,
      let match = try program.match(subject, from: start, options: options)
    {
      found.append(match)
      // After an empty match the next one must move on or be longer; after others it may be empty at the same place.
      start = match.bytes.upperBound
      options = match.bytes.isEmpty ? PCRE2_NOTEMPTY_ATSTART : 0
    }
    return found
  }

  /// `re.subn`: every match replaced, at most `limit` of them where it is not 0. `\1`, `\g<name>` and escapes mean in
  /// `replacement` what they mean in Python.
  package func replacing(
    in text: String, with replacement: String, limit: Int = 0
  ) throws(PythonRegexError) -> (text: String, count: Int) {
    let template = try RegexReplacement(replacement, groupNames: groupNames, groupCount: groupCount)
    let found = try matches(in: text, limit: limit)
    guard let subject = found.first?.subject else { return (text, 0) }
    var bytes: [UInt8] = []
    var end = 0
    for match in found {
      bytes += subject.bytes[end..<match.bytes.lowerBound]
      template.append(match, to: &bytes)
      end = match.bytes.upperBound
    }
    bytes += subject.bytes[end...]
    return (String(decoding: bytes, as: UTF8.self), found.count)
  }

  /// What a replacement comes to for one match, as `match.expand`.
  package func expanded(_ replacement: String, for match: Match) throws(PythonRegexError) -> String {
    let template = try RegexReplacement(replacement, groupNames: groupNames, groupCount: groupCount)
    var bytes: [UInt8] = []
    template.append(match, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `re.split`: the text between matches, and the groups of those.
  package func split(_ text: String, limit: Int = 0) throws(PythonRegexError) -> [String?] {
    var parts: [String?] = []
    var end = 0
    let subject = Subject(text)
    for match in try matches(in: text, limit: limit) {
      parts.append(String(decoding: subject.bytes[end..<match.bytes.lowerBound], as: UTF8.self))
      if groupCount > 0 { parts += (1...groupCount).map { match.group($0) } }
      end = match.bytes.upperBound
    }
    parts.append(String(decoding: subject.bytes[end...], as: UTF8.self))
    return parts
  }

  /// Text that means itself in a pattern, as `re.escape`.
  package static func escape(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if special.contains(scalar) { result.append("\\") }
      result.append(scalar)
    }
    return String(result)
  }

  private static let special = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{B}\u{C}".unicodeScalars)
}

extension PythonRegex {
  /// The text that was searched, shared by its matches.
  package final class Subject: Sendable {
    package let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }
  }

  package struct Match: Sendable {
    let subject: Subject
    /// Where each group matched, in bytes; nil for groups that took no part. The first is the whole match.
    package let ranges: [Range<Int>?]

    package var bytes: Range<Int> { ranges[0] ?? 0..<0 }
    package var text: String { group(0) ?? "" }

    package func group(_ index: Int) -> String? {
      guard ranges.indices.contains(index), let range = ranges[index] else { return nil }
      return String(decoding: subject.bytes[range], as: UTF8.self)
    }

    func groupBytes(_ index: Int) -> ArraySlice<UInt8> { ranges[index].map { subject.bytes[$0] } ?? [] }
  }
}

/// What is wrong with a pattern or replacement, or that a search took too long.
package struct PythonRegexError: Error, Equatable, CustomStringConvertible {
  package var message: String
  package var description: String { message }
}
