import Model
import OrderedCollections

/// A configuration file as Python's `configparser` reads it: sections, `key = value` or `key: value`, values that go on in
/// indented lines, `#` and `;` comments; `;` after a blank starts one within a line, too.
package struct ConfigurationFile: Sendable {
  package struct Entry: Sendable {
    package var value: String
    package var span: SourceSpan
  }

  package let file: SourceFile
  /// Keys in lower case.
  package private(set) var sections: OrderedDictionary<String, OrderedDictionary<String, Entry>> = [:]
  package private(set) var sectionSpans: [String: SourceSpan] = [:]

  package init(_ file: SourceFile, into diagnostics: inout Diagnostics) {
    self.file = file
    var section: String?, key: String?, keyIndent = 0
    var number = 0
    for bytes in file.text.utf8.split(separator: 10, omittingEmptySubsequences: false) {
      number += 1
      let whole = String(Substring(bytes))
      let line = Self.withoutComment(whole)
      let text = line.trimmed
      let indent = whole.prefix { $0 == " " || $0 == "\t" }.count
      if text.isEmpty {
        // A blank line within a value belongs to it; a comment does not.
        if whole.trimmed.isEmpty, let section, let key { sections[section]?[key]?.value += "\n" }
        continue
      }
      if let section, let known = key, indent > keyIndent {
        sections[section]?[known]?.value += "\n" + text
        continue
      }
      let span = SourceSpan(file: file, line: number, column: indent + 1, length: text.unicodeScalars.count)
      if let name = Self.sectionName(text) {
        open(name, at: span, &diagnostics)
        (section, key) = (name, nil)
        continue
      }
      guard let section else {
        diagnostics.add(.outsideSections(text, at: span))
        continue
      }
      key = add(text, to: section, at: span, &diagnostics)
      keyIndent = indent
    }
    trimValues()
  }

  package func entry(_ section: String, _ key: String) -> Entry? { sections[section]?[key] }

  private mutating func open(_ name: String, at span: SourceSpan, _ diagnostics: inout Diagnostics) {
    if sections[name] != nil {
      diagnostics.add(.error("section [\(name)] is here twice", advice: "put its settings into one", at: span))
    }
    if sections[name] == nil { sections[name] = [:] }
    sectionSpans[name] = span
  }

  private mutating func add(
    _ text: String, to section: String, at span: SourceSpan, _ diagnostics: inout Diagnostics
  ) -> String? {
    guard let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }), mark > text.startIndex else {
      diagnostics.add(.noValue(text, at: span))
      return nil
    }
    let key = String(text[..<mark]).trimmed.lowercased()
    if sections[section]?[key] != nil {
      diagnostics.add(.error("'\(key)' is in section [\(section)] twice", advice: "keep one of them", at: span))
    }
    sections[section]?[key] = Entry(value: String(text[text.index(after: mark)...]).trimmed, span: span)
    return key
  }

  private mutating func trimValues() {
    for (section, entries) in sections {
      for (key, entry) in entries where entry.value.contains("\n") { sections[section]?[key]?.value = entry.value.trimmed }
    }
  }

  private static func sectionName(_ text: String) -> String? {
    guard text.hasPrefix("["), let close = text.lastIndex(of: "]"), text.count > 2 else { return nil }
    return String(text[text.index(after: text.startIndex)..<close])
  }

  private static func withoutComment(_ line: String) -> String {
    let text = line.trimmed
    if text.hasPrefix("#") || text.hasPrefix(";") { return "" }
    var last: Character?
    for index in line.indices {
      if line[index] == ";", last == nil || last?.isWhitespace == true { return String(line[..<index]) }
      last = line[index]
    }
    return line
  }
}

extension Diagnostic {
  fileprivate static func outsideSections(_ text: String, at span: SourceSpan) -> Diagnostic {
    .error("'\(text)' stands before any section", advice: "begin with a section such as [defaults]", at: span)
  }

  fileprivate static func noValue(_ text: String, at span: SourceSpan) -> Diagnostic {
    .error("expected key = value, got '\(text)'", advice: "indent lines that continue a value", at: span)
  }
}
