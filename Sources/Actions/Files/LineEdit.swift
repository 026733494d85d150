import Model
import Templating

/// What `lineinfile` does to a text. Lines keep their line breaks; matching is Python's `re.search`.
package struct LineEdit: Sendable {
  package enum Place: Sendable, Equatable {
    case beginning
    case end
    case after(String)
    case before(String)
  }

  package var line: String
  package var regexp: String?
  package var searchString: String?
  package var place = Place.end
  package var expandsBackReferences = false
  package var firstMatch = false

  package init(line: String) { self.line = line }

  package struct Edited: Sendable, Equatable {
    package var text: String
    /// `line added`, `line replaced`, `2 line(s) removed`; empty where nothing changed.
    package var message: String
    package var found = 0
  }

  // MARK: present

  package func present(in text: String) throws(PythonRegexError) -> Edited {
    var lines = text.linesKeepingBreaks
    let message = try ensure(in: &lines)
    return Edited(text: lines.joined(), message: message)
  }

  private func ensure(in lines: inout [String]) throws(PythonRegexError) -> String {
    if let (index, match) = try matchingLine(in: lines) { return try replace(index, match, in: &lines) }
    let (exact, anchor) = try anchor(in: lines)
    if exact != nil { return "" }
    if expandsBackReferences { return "" }
    return insert(at: anchor, in: &lines)
  }

  /// The line that `regexp` or `search_string` finds: the last one, or the first if asked.
  private func matchingLine(in lines: [String]) throws(PythonRegexError) -> (Int, PythonRegex.Match?)? {
    guard regexp != nil || searchString != nil else { return nil }
    let regex = try regexp.map { pattern throws(PythonRegexError) in try PythonRegex(pattern) }
    var found: (Int, PythonRegex.Match?)?
    for (index, current) in lines.enumerated() {
      if let regex {
        guard let match = try regex.search(current) else { continue }
        found = (index, match)
      } else if let searchString, searchString.isEmpty || current.contains(searchString) {
        found = (index, nil)
      } else {
        continue
      }
      if firstMatch { break }
    }
    return found
  }

  private func replace(
    _ index: Int, _ match: PythonRegex.Match?, in lines: inout [String]
  ) throws(PythonRegexError) -> String {
    var new = line
    if expandsBackReferences, let match, let regexp { new = try PythonRegex(regexp).expanded(line, for: match) }
    if !new.hasSuffix("\n") { new += "\n" }
    guard !lines[index].isSame(as: new) else { return "" }
    lines[index] = new
    return "line replaced"
  }

  /// Where the line already stands, and behind or before which line it would be put.
  private func anchor(in lines: [String]) throws(PythonRegexError) -> (exact: Int?, anchor: Int?) {
    let pattern: String? =
      switch place {
      case .after(let pattern), .before(let pattern): pattern
      case .beginning, .end: nil
      }
    let regex = try pattern.map { pattern throws(PythonRegexError) in try PythonRegex(pattern) }
    var exact: Int?, anchor: Int?
    for (index, current) in lines.enumerated() {
      if current.withoutLineBreak.isSame(as: line) {
        exact = index
      } else if let regex, try regex.search(current) != nil {
        if case .after = place { anchor = index + 1 } else { anchor = index }
        if firstMatch { break }
      }
    }
    return (exact, anchor)
  }

  private func insert(at anchor: Int?, in lines: inout [String]) -> String {
    let new = line + "\n"
    switch place {
    case .beginning:
      lines.insert(new, at: 0)
    case .before where anchor != nil:
      lines.insert(new, at: anchor ?? 0)
    case .after where anchor != nil:
      let index = anchor ?? lines.count
      let neighbour = index == lines.count ? lines[index - 1] : lines[index]
      if neighbour.withoutLineBreak.isSame(as: line) { return "" }
      if index == lines.count, !lines[index - 1].endsWithLineBreak { lines[index - 1] += "\n" }
      lines.insert(new, at: index)
    case .end, .after, .before:
      if let last = lines.last, !last.endsWithLineBreak { lines.append("\n") }
      lines.append(new)
    }
    return "line added"
  }

  // MARK: absent

  package func absent(in text: String) throws(PythonRegexError) -> Edited {
    let regex = try regexp.map { pattern throws(PythonRegexError) in try PythonRegex(pattern) }
    var kept: [String] = [], removed = 0
    for current in text.linesKeepingBreaks {
      let isFound: Bool
      if let regex {
        isFound = try regex.search(current) != nil
      } else if let searchString {
        isFound = searchString.isEmpty || current.contains(searchString)
      } else {
        isFound = current.withoutLineBreak.isSame(as: line)
      }
      if isFound { removed += 1 } else { kept.append(current) }
    }
    return Edited(text: kept.joined(), message: removed > 0 ? "\(removed) line(s) removed" : "", found: removed)
  }
}

extension String {
  /// Lines with their breaks, broken at line feeds alone; joined they are the text again.
  var linesKeepingBreaks: [String] {
    var lines: [String] = []
    var start = utf8.startIndex
    for index in utf8.indices where utf8[index] == 0x0A {
      let next = utf8.index(after: index)
      lines.append(String(self[start..<next]))
      start = next
    }
    if start < utf8.endIndex { lines.append(String(self[start...])) }
    return lines
  }

  var withoutLineBreak: String {
    var bytes = utf8[...]
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes = bytes.dropLast() }
    return String(Substring(bytes))
  }

  var endsWithLineBreak: Bool { utf8.last == 0x0A || utf8.last == 0x0D }

  /// Equal byte for byte; Swift's own `==` takes composed and decomposed letters for the same.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
