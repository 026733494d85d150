import Model

/// A template file: its text, what a `#jinja2:` line at its top says about it, and how it is compiled.
package enum TemplateFile {
  /// Compiles a file's text. A first line such as `#jinja2: trim_blocks: False, lstrip_blocks: True` changes the syntax
  /// and is left out.
  package static func compile(
    _ text: String, at span: SourceSpan, syntax: TemplateSyntax = .file
  ) throws(TemplateError) -> Template {
    var syntax = syntax
    guard PythonString.hasPrefix(text, header) else { return try Template.compile(text, at: span, syntax: syntax) }
    let end = text.utf8.firstIndex(of: 10) ?? text.endIndex
    let line = String(text[text.index(text.startIndex, offsetBy: header.count)..<end])
    for setting in line.split(separator: ",") {
      let pair = setting.split(separator: ":", maxSplits: 1).map { PythonString.strip(String($0)) }
      guard pair.count == 2 else {
        throw mistake("Missing key-value separator `:` in '#jinja2:' override pair '\(setting)'", span)
      }
      do { try set(pair[0], unquoted(pair[1]), &syntax) } catch { throw mistake(error.message, span) }
    }
    let rest = end == text.endIndex ? "" : String(text[text.index(after: end)...])
    let below = SourceSpan(file: span.file, line: span.line + 1, column: 1)
    return try Template.compile(rest, at: below, syntax: syntax)
  }

  private static let header = "#jinja2:"

  private static func mistake(_ message: String, _ span: SourceSpan) -> TemplateError {
    TemplateError(.syntax, .error(message, at: span))
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count > 1, let first = text.first, first == text.last, first == "'" || first == "\"" else { return text }
    return (try? StringEscapes.decode(String(text.dropFirst().dropLast()), at: 0..<1)) ?? text
  }

  private static func set(_ name: String, _ value: String, _ syntax: inout TemplateSyntax) throws(SyntaxError) {
    let isTrue = ["true", "yes", "1", "on"].contains(value.lowercased())
    switch name {
    case "block_start_string": syntax.blockStart = value
    case "block_end_string": syntax.blockEnd = value
    case "variable_start_string": syntax.variableStart = value
    case "variable_end_string": syntax.variableEnd = value
    case "comment_start_string": syntax.commentStart = value
    case "comment_end_string": syntax.commentEnd = value
    case "line_statement_prefix": syntax.lineStatementPrefix = value
    case "line_comment_prefix": syntax.lineCommentPrefix = value
    case "trim_blocks": syntax.trimsBlocks = isTrue
    case "lstrip_blocks": syntax.stripsLinesBeforeBlocks = isTrue
    case "newline_sequence": syntax.newline = value
    case "keep_trailing_newline": syntax.keepsTrailingNewline = isTrue
    default: throw SyntaxError("unknown setting '\(name)' in the #jinja2 line", at: 0..<1)
    }
  }
}

extension LookupCall {
  /// The template lookup: a file rendered in the scope, with `template_vars` in front.
  func template(_ term: Value) throws -> Value {
    let path = try text(term)
    guard let found = try find(path, folder: "templates"), let bytes = try access.read(found) else {
      throw error("the template file \(path) could not be found for the lookup")
    }
    let source = String(decoding: bytes, as: UTF8.self)
    let span = SourceSpan(file: SourceFile(path: found, text: source), line: 1, column: 1)
    let template = try TemplateFile.compile(source, at: span, syntax: syntax())
    let extra = options["template_vars"]?.dict ?? [:]
    var variables: [String: Variable] = [:]
    for (name, value) in extra { if let name = name.string { variables[name] = .value(value) } }
    if variables["ansible_managed"] == nil, scope.variable(named: "ansible_managed") == nil {
      variables["ansible_managed"] = .value(access.setting("DEFAULT_MANAGED_STR") ?? "Ansible managed")
    }
    let scope = variables.isEmpty ? scope : LayeredScope(variables, over: scope)
    var renderer = renderer
    if renderer.templates == nil { renderer.templates = SearchedTemplates(call: self) }
    let result = try renderer.value(of: .template(template), in: scope)
    guard flag("convert_data", false), let text = result.string, let first = text.first, first == "[" || first == "{",
      let data = try? Value(json: text)
    else { return result }
    return data
  }

  private func syntax() -> TemplateSyntax {
    var syntax = TemplateSyntax.file
    func set(_ name: String, _ path: WritableKeyPath<TemplateSyntax, String>) {
      if let text = options[.string(name)]?.string { syntax[keyPath: path] = text }
    }
    set("variable_start_string", \.variableStart)
    set("variable_end_string", \.variableEnd)
    set("comment_start_string", \.commentStart)
    set("comment_end_string", \.commentEnd)
    set("block_start_string", \.blockStart)
    set("block_end_string", \.blockEnd)
    syntax.trimsBlocks = flag("trim_blocks", true)
    syntax.stripsLinesBeforeBlocks = flag("lstrip_blocks", false)
    return syntax
  }
}

/// Templates that a template file includes: beside it, or in the search folders.
struct SearchedTemplates: TemplateSource {
  let call: LookupCall

  func template(named name: String, from path: String) throws(TemplateError) -> Template? {
    let beside = PosixPath.joined([PosixPath.split(path).head, name])
    do {
      let found = call.access.kind(beside) == .file ? beside : try call.find(name, folder: "templates")
      guard let found, let bytes = try call.access.read(found) else { return nil }
      let source = String(decoding: bytes, as: UTF8.self)
      let span = SourceSpan(file: SourceFile(path: found, text: source), line: 1, column: 1)
      return try Template.compile(source, at: span, syntax: .file)
    } catch let error as TemplateError { throw error } catch { throw call.error("\(error)") }
  }
}
