/// Python's `textwrap`, as `wordwrap` and `comment` use it.
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

  /// A word longer than a line: as much of it as fits, or the whole on a line of its own.
  private func take(_ chunks: inout [String], into line: inout [String], room: Int) {
    let chunk = chunks.removeLast()
    if breaksLongWords {
      let count = max(1, room)
      line.append(PythonString.slice(chunk, Slice(start: 0, stop: count, step: 1)))
      chunks.append(PythonString.slice(chunk, Slice(start: count, stop: nil, step: 1)))
    } else if line.isEmpty {
      line.append(chunk)
    } else {
      chunks.append(chunk)
    }
  }

  /// Words and the blanks between them; words may break after a hyphen between letters.
  private func chunks(of text: String) -> [String] {
    var chunks: [String] = []
    var current = String.UnicodeScalarView()
    var isSpace: Bool?
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      let space = PythonString.isSpace(scalar)
      if let isSpace, isSpace != space {
        chunks.append(String(current))
        current = String.UnicodeScalarView()
      }
      isSpace = space
      current.append(space ? " " : scalar)
      let isBreak =
        breaksAtHyphens && scalar == "-" && index > 1 && index + 2 < scalars.count
        && scalars[index - 1].properties.isAlphabetic && scalars[index - 2].properties.isAlphabetic
        && scalars[index + 1].properties.isAlphabetic
      if isBreak {
        chunks.append(String(current))
        current = String.UnicodeScalarView()
      }
    }
    if !current.isEmpty { chunks.append(String(current)) }
    return chunks
  }
}
