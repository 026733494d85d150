/// How OpenSSH cuts a line of its configuration into words.
enum SSHConfigWords {
  private static let quotes: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "'")]

  private static func blank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Words between blanks; quotes keep blanks together, a backslash escapes quotes, backslashes and blanks, `#` at a
  /// word's start begins a comment. Nil where a quote is not closed.
  static func arguments(_ text: some Collection<UInt8>) -> [String]? {
    let bytes = Array(text)
    var words: [String] = []
    var index = 0
    while index < bytes.count {
      if blank(bytes[index]) {
        index += 1
        continue
      }
      if bytes[index] == UInt8(ascii: "#") { break }
      guard let word = argument(bytes, &index) else { return nil }
      words.append(word)
    }
    return words
  }

  private static func argument(_ bytes: [UInt8], _ index: inout Int) -> String? {
    var word: [UInt8] = []
    var quote: UInt8?
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == UInt8(ascii: "\\"), isEscapable(next, isQuoted: quote != nil) {
        word.append(next)
        index += 1
      } else if quote == nil, blank(byte) {
        break
      } else if quote == nil, quotes.contains(byte) {
        quote = byte
      } else if byte == quote {
        quote = nil
      } else {
        word.append(byte)
      }
      index += 1
    }
    return quote == nil ? String(decoding: word, as: UTF8.self) : nil
  }

  private static func isEscapable(_ byte: UInt8, isQuoted: Bool) -> Bool {
    quotes.contains(byte) || byte == UInt8(ascii: "\\") || (byte == 0x20 && !isQuoted)
  }

  /// The next word up to a blank or one `=`, as keywords and Match criteria are cut. In double quotes it is taken
  /// as it is, and an `=` after it is no separator: ssh reads it so. Nil at the end and where
  /// a quote is not closed.
  static func delimited(_ rest: inout ArraySlice<UInt8>) -> String? {
    rest = rest.drop(while: blank)
    guard let first = rest.first else { return nil }
    if first == UInt8(ascii: "\"") {
      rest = rest.dropFirst()
      guard let end = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
      defer { rest = rest[(end + 1)...].drop(while: blank) }
      return String(decoding: rest[..<end], as: UTF8.self)
    }
    let word = rest.prefix { !blank($0) && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }
    rest = rest[word.endIndex...].drop(while: blank)
    if rest.first == UInt8(ascii: "=") { rest = rest.dropFirst().drop(while: blank) }
    return String(decoding: word, as: UTF8.self)
  }
}
