import Model

/// A dict as TOML, laid out as the Python library `tomli_w` does it, which the reference writes with.
package struct TOMLText {
  /// A value that TOML has no form for, and where it stands.
  package struct Unwritable: Error {
    var path: String
    var kind: String

    package var message: String { "\(path) is \(kind), for which TOML has no form: use --yaml or JSON" }
  }

  private(set) var text = ""

  init(_ table: Value.Dict) throws(Unwritable) { try add(table, name: "") }

  private struct Entry {
    var key: Value
    var table: Value.Dict
    var isInArray: Bool
  }

  /// Plain values stand under the table's header, tables within it follow with headers of their own.
  private mutating func add(_ table: Value.Dict, name: String, isInArray: Bool = false) throws(Unwritable) {
    var literals: [(key: String, text: String)] = [], tables: [Entry] = []
    for (key, value) in table {
      if let inner = value.dict {
        tables.append(Entry(key: key, table: inner, isInArray: false))
      } else if let inner = try Self.arrayOfTables(value, at: Self.path(name, key)) {
        tables += inner.map { Entry(key: key, table: $0, isInArray: true) }
      } else {
        literals.append((Self.key(key), try Self.literal(value, at: Self.path(name, key))))
      }
    }
    let begin = text.count
    if isInArray || (!name.isEmpty && (!literals.isEmpty || tables.isEmpty)) { text += isInArray ? "[[\(name)]]\n" : "[\(name)]\n" }
    for literal in literals { text += "\(literal.key) = \(literal.text)\n" }
    for entry in tables {
      if text.count > begin { text += "\n" }
      try add(entry.table, name: Self.path(name, entry.key), isInArray: entry.isInArray)
    }
  }

  private static let lineLengthMax = 100
  private static let indent = "    "

  /// Dicts of a list that are too long for one line each.
  private static func arrayOfTables(_ value: Value, at path: String) throws(Unwritable) -> [Value.Dict]? {
    guard let elements = value.list, !elements.isEmpty else { return nil }
    let tables = elements.compactMap(\.dict)
    guard tables.count == elements.count else { return nil }
    for element in elements {
      let line = "\(indent)\(try literal(element, at: path)),"
      if line.unicodeScalars.count > lineLengthMax || line.contains("\n") { return tables }
    }
    return nil
  }

  private static func literal(_ value: Value, at path: String, depth: Int = 0) throws(Unwritable) -> String {
    switch value {
    case .bool(let flag): return flag ? "true" : "false"
    case .int, .bigInt, .float, .timestamp: return value.pythonText
    case .string, .source: return quoted(value.pythonText)
    case .secret: return quoted(Secret.mask)
    case .list(let elements):
      if elements.isEmpty { return "[]" }
      var lines: [String] = []
      for element in elements {
        lines.append(String(repeating: indent, count: depth + 1) + (try literal(element, at: path, depth: depth + 1)))
      }
      return "[\n" + lines.joined(separator: ",\n") + ",\n" + String(repeating: indent, count: depth) + "]"
    case .dict(let entries):
      if entries.isEmpty { return "{}" }
      var parts: [String] = []
      for (key, value) in entries { parts.append("\(self.key(key)) = \(try literal(value, at: path))") }
      return "{ \(parts.joined(separator: ", ")) }"
    case .null, .omit: throw Unwritable(path: path, kind: "null")
    }
  }

  private static func path(_ name: String, _ key: Value) -> String { name.isEmpty ? self.key(key) : "\(name).\(self.key(key))" }

  private static func key(_ key: Value) -> String {
    let text = key.pythonText
    let isBare = text.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_".unicodeScalars.contains($0)) }
    return isBare && !text.isEmpty ? text : quoted(text)
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{8}": result += "\\b"
      case "\n": result += "\\n"
      case "\u{C}": result += "\\f"
      case "\r": result += "\\r"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\t": result += "\t"
      case "\u{0}"..."\u{1F}", "\u{7F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
