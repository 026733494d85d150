import Model

/// `--limit`: patterns separated as those of plays, and `@FILE` for one pattern per line, such as a retry file.
package struct HostLimit: Sendable, Equatable {
  package var patterns: [String]

  package init(patterns: [String]) { self.patterns = patterns }

  /// Reads what a user gave; a file that can't be read is an error.
  package init(_ text: String, into diagnostics: inout Diagnostics) {
    patterns = []
    for pattern in HostPatternText.split(text) {
      guard pattern.hasPrefix("@") else {
        patterns.append(pattern)
        continue
      }
      patterns += Self.lines(of: String(pattern.dropFirst()), into: &diagnostics)
    }
  }

  private static func lines(of path: String, into diagnostics: inout Diagnostics) -> [String] {
    if !TextFile.exists(path) {
      diagnostics.add(.error("Unable to find limit file \(path)", advice: "--limit @FILE names a file of hosts", at: nil))
    } else if TextFile.isDirectory(path) {
      diagnostics.add(.error(
        "Limit starting with \"@\" must be a file, not a directory: \(path)", advice: "name a file in it", at: nil))
    } else {
      do {
        let text = try TextFile.read(path)
        return text.utf8.split(separator: 10).map { String(Substring($0)).trimmed }.filter { !$0.isEmpty }
      } catch {
        diagnostics.add(.error("can't read limit file \(path): \(error.reason)", at: nil))
      }
    }
    return []
  }

  /// The text of a retry file, which `--limit @FILE` reads back.
  package static func retryFileText(hosts: [String]) -> String { hosts.map { $0 + "\n" }.joined() }
}

/// How host patterns are separated.
package enum HostPatternText {
  /// Single patterns of `a,b`, or of `a:b` where that is neither an address with a port nor a range.
  package static func split(_ text: String) -> [String] {
    let parts: [String]
    if text.contains(",") {
      parts = text.split(separator: ",").map(String.init)
    } else if HostAddress(text, allowsRanges: true) != nil {
      parts = [text]
    } else {
      parts = splitAtColons(text)
    }
    return parts.map(\.trimmed).filter { !$0.isEmpty }
  }

  /// Runs of characters that are neither blank, colon nor bracket, and of whole bracketed expressions.
  private static func splitAtColons(_ text: String) -> [String] {
    var parts: [String] = [], part = ""
    var rest = text[...]
    func end() {
      if !part.isEmpty { parts.append(part) }
      part = ""
    }
    while let character = rest.first {
      if character == "[", let close = rest.firstIndex(of: "]") {
        part += rest[...close]
        rest = rest[rest.index(after: close)...]
        continue
      }
      if character.isWhitespace || ":[]".contains(character) { end() } else { part.append(character) }
      rest = rest.dropFirst()
    }
    end()
    return parts
  }
}
