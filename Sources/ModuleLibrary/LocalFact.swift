import Model

/// What a file of `facts.d` says: JSON, or INI as Python's ConfigParser reads it.
enum LocalFact {
  static func value(of bytes: ArraySlice<UInt8>, name: String) -> Value {
    if let value = try? Value(json: Array(bytes)) { return value }
    let text = String(decoding: bytes, as: UTF8.self)
    return sections(of: text).map(Value.dict)
      ?? .string("error loading facts as JSON or ini - please check content: \(name).fact")
  }

  /// Sections with lower-case keys; nil where a line fits neither.
  private static func sections(of text: String) -> Value.Dict? {
    var result: Value.Dict = [:]
    var section: Value?
    for line in ShellModule.lines(of: text) {
      let words = trimmed(line[...])
      if words.isEmpty || words.hasPrefix("#") || words.hasPrefix(";") { continue }
      if words.hasPrefix("["), words.hasSuffix("]") {
        section = .string(String(words.dropFirst().dropLast()))
        result[section!] = [:]
      } else if let name = section, let separator = words.firstIndex(where: { $0 == "=" || $0 == ":" }) {
        var entries = result[name]?.dict ?? [:]
        let key = trimmed(words[..<separator]).lowercased()
        entries[.string(key)] = .string(String(trimmed(words[words.index(after: separator)...])))
        result[name] = .dict(entries)
      } else {
        return nil
      }
    }
    return section == nil ? nil : result
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return text
  }
}
