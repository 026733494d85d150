/// `k=v` text of a task: words split as a shell would, but with Jinja blocks kept whole; the rules are Ansible's, quirks
/// included.
struct FreeFormText {
  struct Word {
    var text: String
    /// Where it starts, in scalars from the start of the whole text.
    var offset: Int
  }

  struct Pair {
    var key: String
    var value: String
    var offset: Int
  }

  struct Unbalanced: Error {}

  private(set) var pairs: [Pair] = []
  /// What is no `k=v`, joined again; nil if there is nothing.
  private(set) var raw: String?

  /// Only these are taken out of the text of `command` and its kin; `a=b` is part of the command.
  private static let commandOptions: Set<String> = [
    "creates", "removes", "chdir", "executable", "warn", "stdin", "stdin_add_newline", "strip_empty_ends",
  ]

  /// - Parameter isCommand: true for `command`, `shell`, `script`, `raw`.
  init(_ text: String, isCommand: Bool) throws(Unbalanced) {
    var rawWords: [String] = []
    for word in try WordSplitter.split(text) {
      let decoded = EscapeSequences.decoded(word.text)
      guard let equals = Self.firstEquals(decoded) else {
        rawWords.append(decoded.contains("\\=") ? Self.unescapedEquals(decoded) : word.text)
        continue
      }
      let key = String(decoded[..<equals])
      if isCommand, !Self.commandOptions.contains(key) {
        rawWords.append(word.text)
      } else {
        let value = decoded[decoded.index(after: equals)...].trimmingBlanks()
        pairs.append(Pair(key: key.trimmingBlanks(), value: Self.unquoted(value), offset: word.offset))
      }
    }
    if !rawWords.isEmpty { raw = Self.joined(rawWords) }
  }

  /// The first `=` that is neither the first character nor behind a backslash.
  private static func firstEquals(_ text: String) -> String.Index? {
    var previous: Character?
    for index in text.indices {
      if text[index] == "=", let previous, previous != "\\" { return index }
      previous = text[index]
    }
    return nil
  }

  private static func unescapedEquals(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == "=", result.last == "\\" { result.removeLast() }
      result.append(character)
    }
    return result
  }

  static func unquoted(_ text: String) -> String {
    guard text.count > 1, let quote = text.first, quote == "\"" || quote == "'", text.last == quote else { return text }
    let inner = text.dropFirst().dropLast()
    return inner.last == "\\" ? text : String(inner)
  }

  private static func joined(_ words: [String]) -> String {
    words.reduce(into: "") { result, word in
      if !result.isEmpty, result.last?.isNewline != true { result += " " }
      result += word
    }
  }
}
