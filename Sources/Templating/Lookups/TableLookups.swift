import Model

/// `csvfile`: the cell of a row that a key finds.
struct CSVLookup {
  private let call: LookupCall
  init(_ call: LookupCall) { self.call = call }

  func result(_ term: String) throws -> [Value] {
    var options: [String: String] = [:]
    var keys: [String] = []
    for part in PythonString.splitAtSpace(term) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if pair.count == 2, ["file", "delimiter", "col", "keycol", "encoding", "default"].contains(pair[0]) {
        options[pair[0]] = pair[1]
      } else {
        keys.append(part)
      }
    }
    func option(_ name: String, _ standard: String) -> String {
      options[name] ?? call.options[.string(name)]?.pythonText ?? standard
    }
    let key = keys.joined(separator: " ")
    if key.isEmpty { throw call.error("search key is required but was not found") }
    let delimiter = option("delimiter", "TAB") == "TAB" ? "\t" : option("delimiter", "TAB")
    let text = try call.contents(.string(option("file", "ansible.csv")), folder: "files")
    guard let column = Int(option("col", "1")), let keyColumn = Int(option("keycol", "0")) else {
      throw call.error("col and keycol must be numbers")
    }
    for row in CSVText.rows(of: text, delimiter: delimiter.first ?? "\t")
    where row.indices.contains(keyColumn) && row[keyColumn] == key {
      guard row.indices.contains(column) else { throw call.error("the row of '\(key)' has no column \(column)") }
      return [.string(row[column])]
    }
    if let standard = options["default"].map({ Value.string($0) }) ?? call.options["default"] { return [standard] }
    return []
  }
}

/// `ini`: a key's value in an INI or properties file.
struct INILookup {
  private let call: LookupCall
  init(_ call: LookupCall) { self.call = call }

  func result(_ term: String) throws -> [Value] {
    var options: [String: String] = [:]
    var key = ""
    for part in PythonString.splitAtSpace(term) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if pair.count == 2, ["type", "file", "section", "re", "default", "encoding"].contains(pair[0]) {
        options[pair[0]] = pair[1]
      } else {
        key = part
      }
    }
    func option(_ name: String, _ standard: String) -> String {
      options[name] ?? call.options[.string(name)]?.pythonText ?? standard
    }
    let isProperties = option("type", "ini") == "properties"
    let section = isProperties ? "java_properties" : option("section", "global")
    let text = try call.contents(.string(option("file", "ansible.ini")), folder: "files")
    let entries = Self.entries(of: text, firstSection: isProperties ? "java_properties" : "")
      .filter { $0.section == section }
    if option("re", "false").lowercased() == "true" || option("re", "").lowercased() == "yes" {
      let regex = try PythonRegex(key)
      return try entries.filter { try regex.match($0.key) != nil }.map { .string($0.value) }
    }
    let isCaseSensitive = call.flag("case_sensitive", false)
    let found = entries.last { isCaseSensitive ? $0.key == key : $0.key.lowercased() == key.lowercased() }
    return [.string(found?.value ?? option("default", ""))]
  }

  private static func entries(of text: String, firstSection: String) -> [(section: String, key: String, value: String)]
  {
    var entries: [(section: String, key: String, value: String)] = []
    var section = firstSection
    for line in PythonString.lines(text) {
      let trimmed = PythonString.strip(line)
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
      if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
        section = String(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
      } else if line.first?.isWhitespace == true, !entries.isEmpty {
        entries[entries.count - 1].value += "\n" + trimmed
      } else {
        let mark = trimmed.firstIndex { $0 == "=" || $0 == ":" } ?? trimmed.endIndex
        let value = mark == trimmed.endIndex ? "" : String(trimmed[trimmed.index(after: mark)...])
        entries.append((section, PythonString.strip(String(trimmed[..<mark])), PythonString.strip(value)))
      }
    }
    return entries
  }
}

/// `password`: a random password, kept in a file so that it is the same the next time.
struct PasswordLookup {
  private let call: LookupCall
  private let path: String
  private var options: [String: String] = [:]
  private static let names = ["length", "encrypt", "chars", "ident", "seed"]

  init(_ call: LookupCall, _ term: String) throws {
    self.call = call
    var path: [String] = []
    for part in PythonString.splitAtSpace(term) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if pair.count == 2, Self.names.contains(pair[0]) {
        options[pair[0]] = pair[1]
      } else if pair.count == 2, !path.isEmpty {
        throw call.error("Unrecognized parameter(s) given to password lookup: \(pair[0])")
      } else {
        path.append(part)
      }
    }
    self.path = PosixPath.expandedUser(path.joined(separator: " "))
    for (name, value) in call.options where options[name.string ?? ""] == nil {
      options[name.string ?? ""] = value.list.map { $0.map(\.pythonText).joined(separator: ",") } ?? value.pythonText
    }
  }

  func password() throws -> String {
    let stored = try path == "/dev/null" ? nil : read()
    var (password, salt) = try stored ?? (random(), nil)
    let encryption = options["encrypt"].flatMap { $0.isEmpty || $0 == "None" ? nil : $0 }
    var isNew = stored == nil
    if let encryption, salt == nil {
      salt = randomText(
        ["md5_crypt": 8, "bcrypt": 22][encryption] ?? 16,
        Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
      isNew = true
    }
    if isNew && path != "/dev/null" {
      try call.access.write(path, Array((password + (salt.map { " salt=\($0)" } ?? "") + "\n").utf8))
    }
    guard let encryption else { return password }
    password = try PasswordHash(type: encryption, salt: salt, ident: options["ident"]).hash(of: password)
    return password
  }

  private func read() throws -> (password: String, salt: String?)? {
    guard let bytes = try call.access.read(path) else { return nil }
    let line = PythonString.strip(String(decoding: bytes, as: UTF8.self), left: false)
    guard let mark = PythonString.reverseFind(" salt=", in: line) else { return (line, nil) }
    return (String(line.utf8.prefix(mark)) ?? line, String(line.utf8.dropFirst(mark + 6)))
  }

  private func random() throws -> String {
    guard let length = Int(options["length"] ?? "20"), length > 0, length <= 1 << 16 else {
      throw call.error("the length must be a positive number")
    }
    let letters = Array(characters)
    if letters.isEmpty { throw call.error("chars name no characters") }
    guard let seed = options["seed"] else { return randomText(length, letters) }
    var random = try PythonRandom(seed: seed)
    return String((0..<length).map { _ in letters[random.below(letters.count)] })
  }

  private func randomText(_ count: Int, _ letters: [Character]) -> String {
    var system = SystemRandomNumberGenerator()
    return String((0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &system)] })
  }

  private var characters: String {
    let sets = [
      "ascii_letters": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
      "ascii_lowercase": "abcdefghijklmnopqrstuvwxyz",
      "ascii_uppercase": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "digits": "0123456789", "hexdigits": "0123456789abcdefABCDEF",
      "octdigits": "01234567", "punctuation": "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    ]
    let written = options["chars"] ?? "ascii_letters,digits,.,:,-,_"
    var names = PythonString.split(PythonString.replace(",,", with: ",\u{0},", in: written), by: ",").filter {
      !$0.isEmpty
    }
    names = names.map { $0 == "\u{0}" ? "," : $0 }
    return names.map { sets[$0] ?? $0 }.joined()
  }
}

extension LookupCall {
  /// The url lookup, by the `curl` program.
  func fetch(_ term: Value) throws -> [Value] {
    var command = ["curl", "-sS", "-L", "--fail", "--max-time", options["timeout"]?.pythonText ?? "10"]
    if !flag("validate_certs", true) { command.append("-k") }
    if let user = options["username"]?.string { command += ["-u", "\(user):\(options["password"]?.string ?? "")"] }
    for (name, value) in options["headers"]?.dict ?? [:] {
      command += ["-H", "\(name.pythonText): \(value.revealed.pythonText)"]
    }
    let line = (command + ["--", try text(term)]).map(ShellText.quoted).joined(separator: " ")
    let result = try access.run(line, nil)
    if result.status == 127 { throw error("it needs the program 'curl', which is not installed") }
    if result.status != 0 { throw error("\(try text(term)): curl ended with status \(result.status)") }
    let body = String(decoding: result.output, as: UTF8.self)
    return flag("split_lines", true) ? PythonString.lines(body).map { .string($0) } : [.string(body)]
  }
}
