/// Splits text on blanks, but not inside quotes or Jinja blocks; line breaks and repeated blanks stay with the word before
/// them, so that the words of a command can be joined again as they were.
struct WordSplitter {
  private var words: [FreeFormText.Word] = []
  private var quote: Unicode.Scalar?
  private var depths = Depths()

  /// Open `{{`, `{%` and `{#`.
  private struct Depths: Equatable {
    var print = 0, block = 0, comment = 0

    var isOpen: Bool { print > 0 || block > 0 || comment > 0 }

    mutating func count(_ token: Substring.UnicodeScalarView) {
      guard token.contains(where: { $0 == "{" || $0 == "}" }) else { return }
      print = changed(print, token, "{{", "}}")
      block = changed(block, token, "{%", "%}")
      comment = changed(comment, token, "{#", "#}")
    }

    private func changed(_ depth: Int, _ token: Substring.UnicodeScalarView, _ open: String, _ close: String) -> Int {
      max(0, depth + occurrences(of: open, in: token) - occurrences(of: close, in: token))
    }

    private func occurrences(of pair: String, in token: Substring.UnicodeScalarView) -> Int {
      let pair = Array(pair.unicodeScalars)
      var count = 0
      var held: Unicode.Scalar?
      for scalar in token {
        if held == pair[0], scalar == pair[1] {
          count += 1
          held = nil
        } else {
          held = scalar
        }
      }
      return count
    }
  }

  static func split(_ text: String) throws(FreeFormText.Unbalanced) -> [FreeFormText.Word] {
    guard !text.isEmpty else { return [] }
    var splitter = WordSplitter()
    var offset = 0
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let continues = splitter.take(line: line, at: offset)
      if number < lines.count - 1, !continues { splitter.extendLast("\n") }
      offset += line.count + 1
    }
    if splitter.depths.isOpen || splitter.quote != nil { throw FreeFormText.Unbalanced() }
    return splitter.words
  }

  /// True if the line ends in a lone backslash, which joins the next line to it.
  private mutating func take(line: Substring.UnicodeScalarView, at start: Int) -> Bool {
    var offset = start
    var continues = false
    for (number, token) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if token.isEmpty, number > 0 {
        extendLast(" ")
      } else if token.elementsEqual("\\".unicodeScalars), quote == nil {
        continues = true
      } else {
        take(token: token, isFirst: number == 0, at: offset)
      }
      offset += token.count + 1
    }
    return continues
  }

  private mutating func take(token: Substring.UnicodeScalarView, isFirst: Bool, at offset: Int) {
    let wasQuoted = quote != nil
    trackQuotes(token)
    let isQuoted = quote != nil
    var isTaken = true
    if isQuoted, !wasQuoted, !depths.isOpen {
      append(token, at: offset)
    } else if depths.isOpen || isQuoted || wasQuoted {
      extendLast((isFirst ? "" : " ") + String(token))
    } else {
      isTaken = false
    }
    let before = depths
    depths.count(token)
    if !isTaken, depths != before || !token.isEmpty { append(token, at: offset) }
  }

  private mutating func trackQuotes(_ token: Substring.UnicodeScalarView) {
    var previous: Unicode.Scalar?
    for scalar in token {
      if scalar == "\"" || scalar == "'", previous != "\\" {
        if quote == nil { quote = scalar } else if quote == scalar { quote = nil }
      }
      previous = scalar
    }
  }

  private mutating func append(_ token: Substring.UnicodeScalarView, at offset: Int) {
    words.append(FreeFormText.Word(text: String(token), offset: offset))
  }

  private mutating func extendLast(_ text: String) {
    if words.isEmpty { words.append(FreeFormText.Word(text: "", offset: 0)) }
    words[words.count - 1].text += text
  }
}
