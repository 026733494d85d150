import Model

/// Finds one setting in environment and file, and reads its text as its type.
struct SettingReader {
  let definition: SettingDefinition
  let context: PathContext

  func entry(file: ConfigurationFile?, path: String?, _ diagnostics: inout Diagnostics) -> Settings.Entry? {
    for name in definition.environment.reversed() {
      guard let text = context.environment[name] else { continue }
      // By convention NO_COLOR counts by being there.
      let said = name == "NO_COLOR" ? "1" : text
      let value = value(of: said, from: context.currentDirectory, "environment variable \(name)", nil, &diagnostics)
      return value.map { Settings.Entry(value: $0, origin: .environment(name)) }
    }
    guard let file, let path else { return nil }
    for key in definition.keys.reversed() {
      let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
      guard let entry = file.entry(parts[0], parts[1]) else { continue }
      let folder = TextFile.absolute(TextFile.directory(of: path), from: context.currentDirectory)
      let value = value(of: unquoted(entry.value), from: folder, "setting '\(parts[1])'", entry.span, &diagnostics)
      return value.map { Settings.Entry(value: $0, origin: .file(path: path, line: entry.span.line)) }
    }
    return nil
  }

  private func value(
    of text: String, from base: String, _ what: String, _ span: SourceSpan?, _ diagnostics: inout Diagnostics
  ) -> SettingValue? {
    switch definition.kind {
    case .text, .secret: return .text(text)
    case .path: return .text(context.resolve(text, from: base))
    case .list: return .list(separated(text, by: ",").map(unquoted))
    case .pathSpec: return .list(separated(text, by: ":").filter { !$0.isEmpty }.map { context.resolve($0, from: base) })
    case .pathList: return .list(inventories(text, from: base))
    case .flag:
      if Settings.flag(text) == nil { diagnostics.add(.notFlag(what, text, at: span)) }
      return .flag(Settings.flag(text) ?? false)
    case .integer:
      if let number = Int(text.trimmed) ?? wholeNumber(text) { return .integer(number) }
      diagnostics.add(.error("\(what) is '\(text)'", advice: "it must be a whole number", at: span))
    case .choice(let words):
      if words.contains(text) { return .text(text) }
      let near = nearestName(to: text, among: words).map { "did you mean '\($0)'?" }
      diagnostics.add(.error(
        "\(what) is '\(text)'", advice: near ?? "it is one of \(words.joined(separator: ", "))", at: span))
    }
    return nil
  }

  private func wholeNumber(_ text: String) -> Int? { Double(text.trimmed).flatMap { Int(exactly: $0) } }

  /// Paths, or one list of hosts where a comma ends it.
  private func inventories(_ text: String, from base: String) -> [String] {
    separated(text, by: ",").filter { !$0.isEmpty }.map { context.resolve($0, from: base) }
  }

  private func separated(_ text: String, by mark: Character) -> [String] {
    text.isEmpty ? [] : text.split(separator: mark, omittingEmptySubsequences: false).map { String($0).trimmed }
  }

  private func unquoted(_ text: String) -> String {
    guard text.count > 1, let first = text.first, first == text.last, first == "\"" || first == "'" else { return text }
    return String(text.dropFirst().dropLast())
  }
}

/// What paths in settings start from.
struct PathContext {
  let environment: [String: String]
  let currentDirectory: String
  let home: String?

  /// `~`, `$NAME`, `${NAME}` and `{{CWD}}` filled in, then absolute.
  func resolve(_ path: String, from base: String? = nil) -> String {
    var path = path
    while let place = path.firstRange(of: "{{CWD}}") { path.replaceSubrange(place, with: currentDirectory) }
    if let home, path == "~" || path.hasPrefix("~/") { path = home + path.dropFirst() }
    return TextFile.absolute(withVariables(path), from: base ?? currentDirectory)
  }

  private func withVariables(_ path: String) -> String {
    var result = "", rest = path[...]
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      let after = rest[rest.index(after: dollar)...]
      let isBraced = after.first == "{"
      let name = after.dropFirst(isBraced ? 1 : 0).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      var end = name.endIndex
      if isBraced, end < rest.endIndex, rest[end] == "}" { end = rest.index(after: end) }
      if let value = environment[String(name)], !name.isEmpty { result += value } else { result += rest[dollar..<end] }
      rest = rest[end...]
    }
    return result + rest
  }
}

extension Diagnostic {
  fileprivate static func notFlag(_ what: String, _ text: String, at span: SourceSpan?) -> Diagnostic {
    .warning("\(what) is '\(text)', which counts as no", advice: "write yes or no", at: span)
  }
}
