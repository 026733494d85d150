/// Rows of text with cells between delimiters, as Python's `csv` reads them.
enum CSVText {
  static func rows(of text: String, delimiter: Character, skipsInitialSpace: Bool = false) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if isQuoted {
        if character != "\"" {
          cell.append(character)
        } else if rest.first == "\"" {
          rest.removeFirst()
          cell.append("\"")
        } else {
          isQuoted = false
        }
      } else if character == "\"" && cell.isEmpty {
        isQuoted = true
      } else if character == " " && cell.isEmpty && skipsInitialSpace {
        continue
      } else if character == delimiter {
        row.append(cell)
        cell = ""
      } else if character.isNewline {
        rows.append(row + [cell])
        (row, cell) = ([], "")
      } else {
        cell.append(character)
      }
    }
    return cell.isEmpty && row.isEmpty ? rows : rows + [row + [cell]]
  }

  /// Every row as a dict of its cells by the names in the first one, or by names given.
  static func dicts(of text: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> [Object] {
    let dialect = try evaluation.text(arguments, 0, "dialect", "excel")
    let standards: [String: Character] = ["excel": ",", "excel-tab": "\t", "unix": ","]
    guard let standard = standards[dialect] else { throw Failure.value("Dialect '\(dialect)' is not supported by your version of python.") }
    let given = try evaluation.string(arguments, 2, "delimiter")
    if let given, given.count != 1 { throw Failure.type("\"delimiter\" must be a 1-character string") }
    var rows = rows(
      of: text, delimiter: given?.first ?? standard, skipsInitialSpace: try evaluation.flag(arguments, 3, "skipinitialspace"))
    rows.removeAll { $0 == [""] }
    var names = try arguments[1, "fieldnames"].flatMap { $0.isNone ? nil : try evaluation.elements($0).map { try evaluation.text($0) } }
    if names == nil, !rows.isEmpty { names = rows.removeFirst() }
    return rows.map { row in
      let dict = DictObject()
      for (index, name) in (names ?? []).enumerated() { dict[.string(name)] = index < row.count ? .string(row[index]) : .null }
      // What has no name goes under None, as Python has it.
      if let names, row.count > names.count { dict[.null] = .strings(Array(row[names.count...])) }
      return .dict(dict)
    }
  }
}
