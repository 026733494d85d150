/// Python's `textwrap`, as `wordwrap` uses it.
struct TextWrapper {
  var width: Int
  var breaksLongWords = true
  var breaksAtHyphens = true

  func lines(_ text: String) -> [String] {
    var chunks = Array(chunks(of: text).reversed())
    var lines: [String] = []
    while !chunks.isEmpty {
      if !lines.isEmpty, PythonString.strip(chunks[chunks.count - 1]).isEmpty { chunks.removeLast() }
      var line: [String] = []
      var length = 0
      while let chunk = chunks.last, length + PythonString.count(chunk) <= width {
        length += PythonString.count(chunk)
        line.append(chunks.removeLast())
      }
      if let chunk = chunks.last, PythonString.count(chunk) > width { take(&chunks, into: &line, room: width - length) }
      if let last = line.last, PythonString.strip(last).isEmpty { line.removeLast() }
      if !line.isEmpty { lines.append(line.joined()) }
    }
    return lines
  }

  /// A word longer than a line: as much of it as fits, after a hyphen where it has one, or the whole on a line of its own.
  private func take(_ chunks: inout [String], into line: inout [String], room: Int) {
    let chunk = chunks.removeLast()
    if breaksLongWords {
      var count = max(1, room)
      if breaksAtHyphens, let hyphen = Self.lastHyphen(of: chunk, within: count) { count = hyphen + 1 }
      line.append(PythonString.slice(chunk, Slice(start: 0, stop: count, step: 1)))
      chunks.append(PythonString.slice(chunk, Slice(start: count, stop: nil, step: 1)))
    } else if line.isEmpty {
      line.append(chunk)
    } else {
      chunks.append(chunk)
    }
  }

  /// Where the last hyphen before an end stands that has something else than hyphens before it.
  private static func lastHyphen(of chunk: String, within end: Int) -> Int? {
    let scalars = Array(chunk.unicodeScalars.prefix(end))
    guard let hyphen = scalars.lastIndex(of: "-"), scalars[..<hyphen].contains(where: { $0 != "-" }) else { return nil }
    return hyphen
  }

  /// Words and the blanks between them; words may break after a hyphen between letters, and around dashes.
  private func chunks(of text: String) -> [String] {
    let pieces = try? (breaksAtHyphens ? Self.wordsAndHyphens : Self.words).split(text)
    return (pieces ?? [text]).compactMap { $0 }.filter { !$0.isEmpty }
  }

  private static let words = regex(#"([\t\n\x0b\x0c\r ]+)"#)

  /// As Python's module has it.
  private static let wordsAndHyphens = regex(
    #"""
    ([\t\n\x0b\x0c\r ]+
    |(?<=[\w!"'&.,?])-{2,}(?=\w)
    |[^\t\n\x0b\x0c\r ]+?(?:
      -(?:(?<=[^\d\W]{2}-)|(?<=[^\d\W]-[^\d\W]-))(?=[^\d\W]-?[^\d\W])
      |(?=[\t\n\x0b\x0c\r ]|\Z)
      |(?<=[\w!"'&.,?])(?=-{2,}\w)))
    """#)

  private static func regex(_ pattern: String) -> PythonRegex {
    let joined = pattern.split(separator: "\n").map { PythonString.strip(String($0), right: false) }.joined()
    do { return try PythonRegex(joined) } catch { preconditionFailure("\(error): this is a bug") }
  }
}
