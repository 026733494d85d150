import Model

/// Text split into words as Python's `shlex.split` does it: quotes and backslashes as in a POSIX shell, no expansion.
package enum ShellWords {
  package static func split(_ text: String) throws(ArgumentProblem) -> [String] {
    var words: [String] = [], word = "", isOpen = false
    var quote: Unicode.Scalar?
    var rest = text.unicodeScalars.makeIterator()
    while let scalar = rest.next() {
      switch (quote, scalar) {
      case ("'", "'"), ("\"", "\""): quote = nil
      case ("\"", "\\"):
        guard let next = rest.next() else { throw ArgumentProblem("No escaped character") }
        if next != "\"" && next != "\\" { word.unicodeScalars.append("\\") }
        word.unicodeScalars.append(next)
      case (.some, _): word.unicodeScalars.append(scalar)
      case (nil, "'"), (nil, "\""):
        quote = scalar
        isOpen = true
      case (nil, "\\"):
        guard let next = rest.next() else { throw ArgumentProblem("No escaped character") }
        word.unicodeScalars.append(next)
        isOpen = true
      case (nil, " "), (nil, "\t"), (nil, "\n"), (nil, "\r"):
        if isOpen { words.append(word) }
        (word, isOpen) = ("", false)
      case (nil, _):
        word.unicodeScalars.append(scalar)
        isOpen = true
      }
    }
    guard quote == nil else { throw ArgumentProblem("No closing quotation") }
    return isOpen ? words + [word] : words
  }
}
