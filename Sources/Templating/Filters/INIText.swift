import Model
import OrderedCollections

/// INI text, as Python's `configparser` reads and writes it, keys as they are written.
enum INIText {
  static func dict(of text: String) throws -> DictObject {
    var reader = Reader()
    for (index, line) in PythonString.lines(text).enumerated() { try reader.take(line, number: index + 1) }
    reader.finishValue()
    let result = DictObject()
    let standards = reader.sections["DEFAULT"]
    for (name, entries) in reader.sections where name != "DEFAULT" {
      let section = DictObject()
      for (key, value) in standards ?? [:] { section[.string(key)] = .string(value) }
      for (key, value) in entries { section[.string(key)] = .string(value) }
      result[.string(name)] = .dict(section)
    }
    if let standards, !standards.isEmpty {
      let section = DictObject()
      for (key, value) in standards { section[.string(key)] = .string(value) }
      result[.string("DEFAULT")] = .dict(section)
    }
    return result
  }

  static func text(of dict: DictObject, _ evaluation: Evaluation) throws -> String {
    var sections: [String] = []
    for (name, entries) in try dict.all() {
      let title = try evaluation.text(name)
      var lines = "[\(title)]\n"
      for (key, value) in try evaluation.dict(entries, "the section '\(title)'").all() {
        if value.isNone { throw Failure.type("to_ini failed to parse given dict: option values must be strings") }
        let text = PythonString.replace("\n", with: "\n\t", in: try evaluation.text(value))
        lines += "\(try evaluation.text(key)) = \(text)\n"
      }
      sections.insert(lines, at: title == "DEFAULT" ? 0 : sections.count)
    }
    return sections.joined(separator: "\n")
  }
}

/// What has been read so far.
private struct Reader {
  private(set) var sections: OrderedDictionary<String, OrderedDictionary<String, String>> = [:]
  private var section: String?
  private var key: (name: String, indentation: Int)?
  private var lines: [String] = []

  mutating func take(_ line: String, number: Int) throws {
    let trimmed = PythonString.strip(line)
    if trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { return }
    let indentation = line.count - PythonString.strip(line, right: false).count
    if trimmed.isEmpty {
      if key != nil { lines.append("") }
    } else if let key, indentation > key.indentation {
      lines.append(trimmed)
    } else if trimmed.hasPrefix("["), let end = trimmed.lastIndex(of: "]") {
      try open(String(trimmed[trimmed.index(after: trimmed.startIndex)..<end]), number)
    } else {
      try takeEntry(trimmed, indentation, line, number)
    }
  }

  private mutating func open(_ name: String, _ number: Int) throws {
    finishValue()
    if name != "DEFAULT", sections[name] != nil {
      throw Failure.value("While reading from '<???>' [line \(number)]: section \(PythonText.repr(name)) already exists")
    }
    section = name
    sections[name] = sections[name] ?? [:]
  }

  private mutating func takeEntry(_ text: String, _ indentation: Int, _ line: String, _ number: Int) throws {
    finishValue()
    guard let section else {
      throw Failure.value("File contains no section headers.\nfile: '<???>', line: \(number)\n\(PythonText.repr(line + "\n"))")
    }
    guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }), mark != text.startIndex else {
      throw Failure.value("Source contains parsing errors: '<???>'\n\t[line \(number): \(PythonText.repr(line + "\n"))")
    }
    let name = PythonString.strip(String(text[..<mark]))
    if sections[section]?[name] != nil {
      throw Failure.value(
        "While reading from '<???>' [line \(number)]: option \(PythonText.repr(name)) in section \(PythonText.repr(section)) already exists")
    }
    sections[section]?[name] = ""
    key = (name, indentation)
    lines = [PythonString.strip(String(text[text.index(after: mark)...]))]
  }

  /// Puts a value with all its lines where it belongs.
  mutating func finishValue() {
    guard let section, let key else { return }
    sections[section]?[key.name] = PythonString.strip(lines.joined(separator: "\n"), left: false)
    self.key = nil
  }
}
