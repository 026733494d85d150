/// Words of a line, split as Python's `shlex.split` does: quotes, backslashes, and `#` comments where asked for.
package struct ShellWords {
  package struct Word: Sendable, Equatable {
    package var text: String
    /// Bytes of the line before the word.
    package var offset: Int
  }

  package struct Problem: Error, Sendable, Equatable {
    package enum Kind: Sendable { case openQuote, trailingBackslash }
    package var kind: Kind
    /// Bytes of the line before the quote or backslash.
    package var offset: Int
  }

  private enum State: Equatable { case between, word, quoted(UInt8), escaped(within: UInt8?) }

  /// Splits text, such as the value of `ansible_ssh_common_args`.
  package static func split(_ text: String) throws(Problem) -> [String] {
    try split(Array(text.utf8)[...], comments: false).map(\.text)
  }

  /// Splits one line of UTF-8.
  package static func split(_ line: ArraySlice<UInt8>, comments: Bool) throws(Problem) -> [Word] {
    var splitter = ShellWords(comments: comments)
    var offset = 0
    for byte in line {
      guard splitter.take(byte, at: offset) else { break }
      offset += 1
    }
    return try splitter.finish()
  }

  private let comments: Bool
  private var state = State.between
  private var word: [UInt8] = []
  private var start = 0
  private var mark = 0
  private var words: [Word] = []

  private init(comments: Bool) { self.comments = comments }

  /// Takes a byte; false ends the line, at a comment.
  private mutating func take(_ byte: UInt8, at offset: Int) -> Bool {
    switch state {
    case .between:
      start = offset
      return takeUnquoted(byte, at: offset)
    case .word:
      return takeUnquoted(byte, at: offset)
    case .quoted(let quote):
      if byte == quote {
        state = .word
      } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        mark = offset
        state = .escaped(within: quote)
      } else {
        word.append(byte)
      }
    case .escaped(let quote):
      if let quote, byte != UInt8(ascii: "\\"), byte != quote { word.append(UInt8(ascii: "\\")) }
      word.append(byte)
      state = quote.map(State.quoted) ?? .word
    }
    return true
  }

  private mutating func takeUnquoted(_ byte: UInt8, at offset: Int) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
      endWord()
    case UInt8(ascii: "#") where comments:
      return false
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      mark = offset
      state = .quoted(byte)
    case UInt8(ascii: "\\"):
      mark = offset
      state = .escaped(within: nil)
    default:
      word.append(byte)
      state = .word
    }
    return true
  }

  private mutating func endWord() {
    guard state != .between else { return }
    words.append(Word(text: String(decoding: word, as: UTF8.self), offset: start))
    word.removeAll(keepingCapacity: true)
    state = .between
  }

  private mutating func finish() throws(Problem) -> [Word] {
    switch state {
    case .quoted: throw Problem(kind: .openQuote, offset: mark)
    case .escaped: throw Problem(kind: .trailingBackslash, offset: mark)
    case .between, .word: endWord()
    }
    return words
  }
}
