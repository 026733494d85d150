import Templating

/// What `blockinfile` does to a text: lines between two marker lines are replaced whole.
package struct BlockEdit: Sendable {
  package var block: String
  package var marker = "# {mark} ANSIBLE MANAGED BLOCK"
  package var beginWord = "BEGIN"
  package var endWord = "END"
  package var place = LineEdit.Place.end
  package var isPresent = true
  package var prependsBlankLine = false
  package var appendsBlankLine = false

  package init(block: String) { self.block = block }

  package func edited(_ text: String) throws(PythonRegexError) -> String {
    var lines = text.linesKeepingBreaks
    let begin = marker.replacing("{mark}", with: beginWord) + "\n"
    let end = marker.replacing("{mark}", with: endWord) + "\n"
    var index = try takeOut(begin, end, from: &lines, of: text)
    if index > 0, !lines[index - 1].hasSuffix("\n") { lines[index - 1] += "\n" }
    if prependsBlankLine, isPresent, index != 0, lines[index - 1] != "\n" {
      lines.insert("\n", at: index)
      index += 1
    }
    let new = newLines(begin, end)
    lines.insert(contentsOf: new, at: index)
    let after = index + new.count
    if appendsBlankLine, isPresent, after < lines.count, lines[after] != "\n" { lines.insert("\n", at: after) }
    return lines.joined()
  }

  private func newLines(_ begin: String, _ end: String) -> [String] {
    guard isPresent, !block.isEmpty else { return [] }
    return [begin] + (block.hasSuffix("\n") ? block : block + "\n").linesKeepingBreaks + [end]
  }

  /// Removes the block that is there and says where the new one goes.
  private func takeOut(
    _ begin: String, _ end: String, from lines: inout [String], of text: String
  ) throws(PythonRegexError) -> Int {
    if let first = lines.lastIndex(where: { $0.isSame(as: begin) }), let last = lines.lastIndex(where: { $0.isSame(as: end) }) {
      lines.removeSubrange(min(first, last)...max(first, last))
      return min(first, last)
    }
    switch place {
    case .beginning: return 0
    case .end: return lines.count
    case .after(let pattern):
      return try line(matching: pattern, in: lines, of: text, edge: \.upperBound).map { $0 + 1 } ?? lines.count
    case .before(let pattern): return try line(matching: pattern, in: lines, of: text, edge: \.lowerBound) ?? lines.count
    }
  }

  /// The last line that matches. An expression with `(?m)` is looked for in the whole text; the line is where its match begins or ends.
  private func line(
    matching pattern: String, in lines: [String], of text: String, edge: (Range<Int>) -> Int
  ) throws(PythonRegexError) -> Int? {
    let regex = try PythonRegex(pattern)
    if pattern.hasPrefix("(?"), pattern.prefix(while: { $0 != ")" }).dropFirst(2).contains("m") {
      return try regex.search(text).map { match in text.utf8.prefix(edge(match.bytes)).count { $0 == UInt8(ascii: "\n") } }
    }
    var found: Int?
    for (index, line) in lines.enumerated() where try regex.search(line) != nil { found = index }
    return found
  }
}
