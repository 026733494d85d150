import Model

/// Reads a file that is JSON as JSON, as Ansible does before it tries YAML: `1e3`, `\ud83d\ude00` and tabs mean there what
/// YAML would not make of them. It gives no messages: what is not JSON is left to the YAML reader.
struct JSONReader {
  private struct NotJSON: Error {}

  private let file: SourceFile
  private let bytes: [UInt8]
  private let depthMax: Int
  private var at = 0
  private var line = 1
  /// The last place asked for in the current line, so that a long line is counted once.
  private var columnAt = 0
  private var column = 1

  /// Nil if the file is not one JSON object or list.
  static func parse(_ file: SourceFile, depthMax: Int) -> YAMLNode? {
    let first = file.text.utf8.first { !isBlank($0) }
    guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
    var reader = JSONReader(file: file, bytes: Array(file.text.utf8), depthMax: depthMax)
    guard let node = try? reader.node(depth: 1) else { return nil }
    reader.skipBlanks()
    return reader.at == reader.bytes.count ? node : nil
  }

  private init(file: SourceFile, bytes: [UInt8], depthMax: Int) {
    self.file = file
    self.bytes = bytes
    self.depthMax = depthMax
  }

  private mutating func node(depth: Int) throws(NotJSON) -> YAMLNode {
    guard depth <= depthMax else { throw NotJSON() }
    skipBlanks()
    let span = span()
    switch peek() {
    case UInt8(ascii: "{"): return YAMLNode(.mapping(try members(depth: depth)), at: span)
    case UInt8(ascii: "["): return YAMLNode(.sequence(try elements(depth: depth)), at: span)
    case UInt8(ascii: "\""): return YAMLNode(.scalar(try string(), .doubleQuoted), at: span)
    default: return try word(at: span)
    }
  }

  private mutating func members(depth: Int) throws(NotJSON) -> [YAMLNode.Entry] {
    var mapping = MappingBuilder()
    var ignored = Diagnostics()
    try list(until: UInt8(ascii: "}")) { reader throws(NotJSON) in
      reader.skipBlanks()
      let span = reader.span()
      // Keys are quoted and so never `<<`; of two equal ones the last counts, silently, as Python's reader has it.
      let key = YAMLNode(.scalar(try reader.string(), .doubleQuoted), at: span)
      reader.skipBlanks()
      try reader.expect(UInt8(ascii: ":"))
      mapping.add(key, try reader.node(depth: depth + 1), into: &ignored)
    }
    return mapping.entries()
  }

  private mutating func elements(depth: Int) throws(NotJSON) -> [YAMLNode] {
    var items: [YAMLNode] = []
    try list(until: UInt8(ascii: "]")) { reader throws(NotJSON) in items.append(try reader.node(depth: depth + 1)) }
    return items
  }

  /// Elements between commas, the opening bracket included.
  private mutating func list(
    until close: UInt8, _ element: (inout JSONReader) throws(NotJSON) -> Void
  ) throws(NotJSON) {
    at += 1
    skipBlanks()
    if peek() == close {
      at += 1
      return
    }
    while true {
      try element(&self)
      skipBlanks()
      if peek() == close {
        at += 1
        return
      }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func word(at span: SourceSpan) throws(NotJSON) -> YAMLNode {
    let start = at
    while let byte = peek(), Self.isWord(byte) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    let tag: YAMLTag
    switch text {
    case "true", "false": tag = .bool
    case "null": tag = .null
    case "NaN", "Infinity", "-Infinity": tag = .float
    default: tag = try Self.numberTag(text)
    }
    return YAMLNode(.scalar(text, .plain), tag: tag, at: span)
  }

  private static func numberTag(_ text: String) throws(NotJSON) -> YAMLTag {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let isPlain = digits.allSatisfy(\.isASCIIDigit)
    guard let first = digits.first, first.isASCIIDigit,
      first != "0" || digits.count == 1 || digits.dropFirst().first == "."
        || "eE".contains(digits.dropFirst().first ?? " "), Double(text) != nil, digits.last?.isASCIIDigit == true
    else { throw NotJSON() }
    return isPlain ? .int : .float
  }

  private mutating func string() throws(NotJSON) -> String {
    try expect(UInt8(ascii: "\""))
    let start = at
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      guard byte >= 0x20 else { throw NotJSON() }
      at += 1
    }
    var text = String(decoding: bytes[start..<at], as: UTF8.self)
    while let byte = peek(), byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        text.unicodeScalars.append(try escape())
        continue
      }
      let start = at
      while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        guard byte >= 0x20 else { throw NotJSON() }
        at += 1
      }
      text += String(decoding: bytes[start..<at], as: UTF8.self)
    }
    try expect(UInt8(ascii: "\""))
    return text
  }

  private mutating func escape() throws(NotJSON) -> Unicode.Scalar {
    at += 1
    guard let byte = peek() else { throw NotJSON() }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw NotJSON()
    }
  }

  /// Half of a surrogate pair alone has no place in a text of ours: it becomes U+FFFD.
  private mutating func unicodeEscape() throws(NotJSON) -> Unicode.Scalar {
    let first = try hex4()
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    guard peek() == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
      return "\u{FFFD}"
    }
    at += 2
    let second = try hex4()
    guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hex4() throws(NotJSON) -> UInt32 {
    guard at + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    else {
      throw NotJSON()
    }
    at += 4
    return code
  }

  private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func expect(_ byte: UInt8) throws(NotJSON) {
    guard peek() == byte else { throw NotJSON() }
    at += 1
  }

  private mutating func skipBlanks() {
    while let byte = peek(), Self.isBlank(byte) {
      at += 1
      if byte == UInt8(ascii: "\n") { (line, columnAt, column) = (line + 1, at, 1) }
    }
  }

  private mutating func span() -> SourceSpan {
    column += bytes[columnAt..<at].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    columnAt = at
    return SourceSpan(file: file, line: line, column: column)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }

  private static func isWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: ".")
  }
}
