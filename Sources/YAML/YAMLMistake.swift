import CLibYAML
import Model

/// What libyaml complains about, in words for someone who wrote the file.
struct YAMLMistake {
  private let file: SourceFile
  private let problem: String
  private let context: String?
  private let line: Int
  private let column: Int
  private let contextLine: Int
  private let contextColumn: Int

  init(_ parser: yaml_parser_t, in file: SourceFile) {
    self.file = file
    problem = parser.problem.map { String(cString: $0) } ?? "cannot read this"
    context = parser.context.map { String(cString: $0) }
    if parser.error == YAML_READER_ERROR {
      (line, column) = Self.place(ofByte: parser.problem_offset, in: file.text)
    } else {
      line = parser.problem_mark.line + 1
      column = parser.problem_mark.column + 1
    }
    contextLine = context == nil ? line : parser.context_mark.line + 1
    contextColumn = context == nil ? column : parser.context_mark.column + 1
  }

  /// The likely cause where the line shows one, else libyaml's own words.
  var diagnostic: Diagnostic {
    let text = String(file.line(line))
    if let tab = tabColumn(in: text) {
      return .error("a tab cannot indent YAML", advice: "use spaces", at: span(column: tab))
    }
    if problem.hasPrefix("control characters") {
      return .error("control characters are not allowed", advice: "write them as escapes in a \"…\" text", at: span())
    }
    if let brace = unquotedTemplateColumn(in: text) {
      return .unquotedTemplate(at: span(column: brace))
    }
    if problem.hasPrefix("mapping values are not allowed"), let colon = strayColon(in: text) {
      return .error(
        "a text with ': ' in it must be quoted, or this line is indented too far",
        advice: "quote the whole value, or align "
          + "the key with its neighbours", at: span(column: colon))
    }
    if problem == "found unexpected end of stream", context == "while scanning a quoted scalar" {
      return .error(
        "this quote is never closed", advice: "close it where the value ends",
        at: SourceSpan(file: file, line: contextLine, column: contextColumn))
    }
    if let quote = halfQuotedColumn(in: text) {
      return .error(
        "a value that starts with a quote ends with that quote, but here more follows",
        advice: "put the whole value into the other kind of quotes", at: span(column: quote))
    }
    if let whole = misalignedWith { return .error(words, advice: whole, at: span()) }
    return .error(words, at: span())
  }

  /// The likely cause where a block's next key or dash stands in another column than its first.
  private var misalignedWith: String? {
    guard context?.hasPrefix("while parsing a block") == true, contextLine != line, contextColumn != column else { return nil }
    return "this line is indented by \(column - 1), the one it should be in line with (\(contextLine)) by \(contextColumn - 1)"
  }

  private var words: String {
    guard let context, context != problem else { return problem }
    let place = contextLine == line ? "" : " that starts in line \(contextLine)"
    return "\(problem), \(context)\(place)"
  }

  private func span(column: Int? = nil) -> SourceSpan {
    SourceSpan(file: file, line: line, column: column ?? self.column)
  }

  /// The column of a tab in the indentation.
  private func tabColumn(in text: String) -> Int? {
    let indentation = text.prefix { $0 == " " || $0 == "\t" || $0 == "-" }
    return indentation.firstIndex(of: "\t").map { column(of: $0, in: text) }
  }

  /// `key: {{ value }} more`: YAML takes the braces for a mapping.
  private func unquotedTemplateColumn(in text: String) -> Int? {
    let value = valueStart(in: text)
    return text[value...].hasPrefix("{{") ? column(of: value, in: text) : nil
  }

  /// `- "{{ a }}" and more`.
  private func halfQuotedColumn(in text: String) -> Int? {
    let start = valueStart(in: text)
    guard let quote = text[start...].first, quote == "'" || quote == "\"" else { return nil }
    guard problem.hasPrefix("did not find expected") || problem.contains("expected <block end>") else { return nil }
    let rest = text[text.index(after: start)...]
    guard let closing = rest.firstIndex(of: quote) else { return nil }
    let after = rest[rest.index(after: closing)...].drop { $0 == " " }
    return after.isEmpty || after.hasPrefix("#") || after.hasPrefix(",") ? nil : column(of: start, in: text)
  }

  /// The second `: ` of the line.
  private func strayColon(in text: String) -> Int? {
    let start = valueStart(in: text)
    var at = start
    while let colon = text[at...].firstIndex(of: ":") {
      let next = text.index(after: colon)
      if next == text.endIndex || text[next] == " " { return column(of: colon, in: text) }
      at = next
    }
    return nil
  }

  /// Behind the dashes and the key.
  private func valueStart(in text: String) -> String.Index {
    var start = text.firstIndex { $0 != " " && $0 != "-" } ?? text.endIndex
    let key = text[start...].prefix { $0.isLetter || $0.isNumber || "_. ".contains($0) }
    if !key.isEmpty, text[key.endIndex...].hasPrefix(": ") { start = text.index(key.endIndex, offsetBy: 2) }
    return text[start...].firstIndex { $0 != " " } ?? text.endIndex
  }

  private func column(of index: String.Index, in text: String) -> Int {
    text.unicodeScalars.distance(from: text.startIndex, to: index) + 1
  }

  private static func place(ofByte offset: Int, in text: String) -> (line: Int, column: Int) {
    let before = text.utf8.prefix(offset)
    let line = before.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { before.index(after: $0) } ?? before.startIndex
    return (line, text.unicodeScalars[lineStart..<before.endIndex].count + 1)
  }
}

extension Diagnostic {
  static func unquotedTemplate(at span: SourceSpan) -> Diagnostic {
    .error("a value that starts with '{{' must be quoted", advice: "write it as \"{{ … }}\"", at: span)
  }
}
