import Model

/// Source text with `{{ }}`, `{% %}` or `{# #}`, compiled once. Only Parsing and template files make templates: values
/// never become one.
package struct Template: Sendable {
  package let source: String
  package let span: SourceSpan
  let unit: TemplateUnit

  /// The variable that `{{ name }}` is all about; nil for any other template.
  package var loneName: String? {
    let text = source.drop { $0.isWhitespace }
    guard text.hasPrefix("{{"), let end = text.firstRange(of: "}}"), text[end.upperBound...].allSatisfy(\.isWhitespace) else {
      return nil
    }
    let name = text[..<end.lowerBound].dropFirst(2).filter { !$0.isWhitespace }
    return name.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
      && !name.isEmpty ? String(name) : nil
  }

  /// Text that begins with Jinja's marks, and not a bare expression as `when:` has it.
  package var beginsWithMarks: Bool {
    let start = source.drop { $0.isWhitespace }
    return ["{{", "{%", "{#"].contains { start.hasPrefix($0) }
  }

  /// True where text has something to compile; plain text stays a value.
  package static func isTemplate(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count > 1 else { return false }
      for index in 0..<(bytes.count - 1) where bytes[index] == UInt8(ascii: "{") {
        let second = bytes[index + 1]
        if second == UInt8(ascii: "{") || second == UInt8(ascii: "%") || second == UInt8(ascii: "#") { return true }
      }
      return false
    }
  }

  /// Compiles text such as `Hello {{ name }}`.
  package static func compile(
    _ source: String, at span: SourceSpan, syntax: TemplateSyntax = .ansible
  ) throws(TemplateError) -> Template {
    do {
      return Template(source: source, span: span, unit: try TemplateParser.parse(source, at: span, syntax))
    } catch { throw templateError(error, source, span) }
  }

  /// Compiles a bare expression, as `when:`, `until:` and `assert: that:` have them.
  package static func compileExpression(_ source: String, at span: SourceSpan) throws(TemplateError) -> Template {
    do {
      return Template(source: source, span: span, unit: try TemplateParser.parseExpression(source, at: span))
    } catch { throw templateError(error, source, span) }
  }

  /// Filters and tests in it that there are not: an error when they are used, worth a warning before.
  package var problems: [Diagnostic] {
    unit.unknownNames.map { unknown in
      var problem = Diagnostic.warning(
        "unknown \(unknown.kind) '\(unknown.name)'", advice: unknown.nearest.map { "did you mean '\($0)'?" },
        at: unit.span(of: unknown.range))
      problem.missingPlugin = MissingPlugin(unknown.kind == .filter ? .filter : .test, unknown.name)
      return problem
    }
  }

  private static func templateError(_ error: SyntaxError, _ source: String, _ span: SourceSpan) -> TemplateError {
    let unit = TemplateUnit(
      source: source, start: span, syntax: .ansible, body: .statements(StatementList()), names: [], slotCount: 0,
      blocks: [:], unknownNames: [])
    // Where the source ends too soon, what stands last in it is shown.
    let end = source.utf8.count - source.utf8.reversed().prefix { $0 == 0x20 || (0x09...0x0D).contains($0) }.count
    let range = error.range.lowerBound < end ? error.range : max(0, end - 1)..<max(1, end)
    return TemplateError(
      .syntax, .error("syntax error in template: \(error.message)", advice: error.advice, at: unit.span(of: range)))
  }
}
