import Foundation
import Model
import Templating
import Testing

/// Runs recorded cases of Jinja2's own tests: `MARTLET_JINJA_CASES` names the file, one JSON object per line with
/// `test`, `source`, `name`, `options`, `context`, and `expected` or `error`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_JINJA_CASES"] != nil))
struct JinjaConformanceTests {
  @Test func `Jinja2's recorded cases come to what Jinja2 makes of them`() throws {
    let path = try #require(ProcessInfo.processInfo.environment["MARTLET_JINJA_CASES"])
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    var passed = 0
    var failures: [String] = []
    var exceptions: [String] = []
    for (index, line) in lines.enumerated() {
      let test = JinjaCase(try Value(json: String(line)))
      if let mistake = test.mistake() ?? test.chance {
        if let reason = test.exception {
          exceptions.append("\(index) \(test.name): \(reason)")
        } else {
          failures.append("\(index) \(test.name)\n    \(test.source.debugDescription)\n    \(mistake)")
        }
      } else {
        passed += 1
      }
    }
    print(
      "templates: \(passed) of \(lines.count) cases pass, \(exceptions.count) exceptions, \(failures.count) failures")
    for exception in exceptions { print("  exception \(exception)") }
    for failure in failures { print("  FAILED \(failure)") }
    #expect(failures.count * 100 <= (lines.count - exceptions.count) * 3)
  }
}

private struct JinjaCase {
  private let fields: Value
  init(_ fields: Value) { self.fields = fields }

  var name: String { PythonSplit.lastPart(fields["test"]?.string ?? "") }
  var source: String { fields["source"]?.string ?? "" }
  private var options: Value { fields["options"] ?? [:] }
  private func option(_ name: Value) -> Value? { options[name] }

  /// Why only Python can do a case; nil for one that must pass.
  var exception: String? {
    let extensions = option("extensions")?.list?.compactMap(\.string) ?? []
    if extensions.contains(where: { $0.hasPrefix("test_ext.") }) { return "an extension written in Python" }
    if extensions.contains(where: { $0.hasSuffix("DebugExtension") }) { return "the addresses of Python's own objects" }
    if name.contains("pass_context") { return "a function written in Python" }
    if name.contains("test_random") { return "the state of Python's random numbers, which the recording does not hold" }
    if source.contains("__class__.__name__") || source.contains("_undefined_name") { return "Python's own attributes" }
    return nil
  }

  /// Random numbers may come out right: that says nothing.
  var chance: String? { name.contains("test_random") ? "right by chance" : nil }

  /// What is wrong; nil where all is well.
  func mistake() -> String? {
    do throws(TemplateError) {
      let value = try rendered()
      guard let expected = fields["expected"] else { return "rendered \(value.pythonRepr), an error was due" }
      return value == expected ? nil : "got \(value.pythonRepr)\n    not \(expected.pythonRepr)"
    } catch {
      let message = error.diagnostic.message
      guard let wanted = fields["error_text"]?.string else { return "error: \(message)" }
      let core = wanted.hasSuffix(".") ? String(wanted.dropLast()) : wanted
      return message.contains(core) ? nil : "error: \(message)\n    not: \(wanted)"
    }
  }

  private func rendered() throws(TemplateError) -> Value {
    let isNative = option("env")?.string == "NativeEnvironment"
    var dialect = Dialect.jinja
    switch option("undefined")?.string {
    case "StrictUndefined": dialect.undefined = .strict
    case "ChainableUndefined": dialect.undefined = .chainable
    case "DebugUndefined": dialect.undefined = .debug
    default: break
    }
    dialect.autoescape = option("autoescape")?.bool ?? false
    dialect.isImmutable = option("env")?.string == "ImmutableSandboxedEnvironment"
    dialect.isSandboxed = option("env")?.string?.hasSuffix("SandboxedEnvironment") ?? false
    dialect.translates = syntax.translates
    if isNative { dialect.outcome = .native }
    for (name, value) in option("globals")?.dict ?? [:] { dialect.globals[name.string ?? ""] = value }
    UnrecordedInputs(test: fields["test"]?.string ?? "", template: fields["name"]?.string, fields["context"]).set(in: &dialect)
    var renderer = Renderer(dialect: dialect)
    renderer.templates = CaseTemplates(sources: option("templates")?.dict ?? [:], syntax: syntax)
    var variables: [String: Variable] = [:]
    for (name, value) in fields["context"]?.dict ?? [:] {
      let source = Self.expression(value)
      variables[name.string ?? ""] = .source(.template(try Template.compileExpression(source, at: span(of: source))))
    }
    let template = try Template.compile(source, at: span(of: source), syntax: syntax)
    let result = try renderer.value(of: .template(template), in: LayeredScope(variables))
    return isNative ? Self.literal(result) : result
  }

  /// Native Jinja reads text as a Python literal where it is one; ansible-core doesn't.
  private static func literal(_ value: Value) -> Value {
    guard let text = value.string, !text.hasPrefix(" "), isLiteral(text),
      let template = try? Template.compileExpression(text, at: span(of: text)),
      let read = try? Renderer(dialect: .jinja).value(of: .template(template), in: LayeredScope([:]))
    else { return value }
    return read
  }

  /// True for text that is made of strings, numbers, brackets and constants alone.
  private static func isLiteral(_ text: String) -> Bool {
    let token =
      #"'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[-+]?(?:0[xXoObB][\da-fA-F_]+|\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?)|True|False|None|[\[\](){}:,]"#
    let isSum = ((try? PythonRegex(#"[\d)\]}'"]\s*[-+]"#).search(text)) ?? nil) != nil
    return !isSum && ((try? PythonRegex("(?:(?:\(token))\\s*)+").fullMatch(text)) ?? nil) != nil
  }

  private var syntax: TemplateSyntax {
    var syntax = TemplateSyntax.jinja
    func set(_ name: Value, _ path: WritableKeyPath<TemplateSyntax, String>) {
      if let text = option(name)?.string { syntax[keyPath: path] = text }
    }
    set("block_start_string", \.blockStart)
    set("block_end_string", \.blockEnd)
    set("variable_start_string", \.variableStart)
    set("variable_end_string", \.variableEnd)
    set("comment_start_string", \.commentStart)
    set("comment_end_string", \.commentEnd)
    set("newline_sequence", \.newline)
    syntax.lineStatementPrefix = option("line_statement_prefix")?.string
    syntax.lineCommentPrefix = option("line_comment_prefix")?.string
    syntax.trimsBlocks = option("trim_blocks")?.bool ?? false
    syntax.stripsLinesBeforeBlocks = option("lstrip_blocks")?.bool ?? false
    syntax.keepsTrailingNewline = option("keep_trailing_newline")?.bool ?? false
    syntax.translates = option("extensions")?.list?.contains("jinja2.ext.InternationalizationExtension") ?? false
    return syntax
  }

  /// A recorded value as an expression: tuples, ranges and markup have no JSON of their own.
  private static func expression(_ value: Value) -> String {
    switch value {
    case .dict(let entries):
      if let elements = entries["__tuple__"]?.list { return "(" + elements.map { expression($0) + "," }.joined() + ")" }
      if let bounds = entries["__range__"]?.list {
        return "range(" + bounds.map(expression).joined(separator: ",") + ")"
      }
      if let text = entries["__markup__"] { return expression(text) + "|safe" }
      return "{" + entries.map { "\(expression($0.key)): \(expression($0.value))" }.joined(separator: ", ") + "}"
    case .list(let elements): return "[" + elements.map(expression).joined(separator: ", ") + "]"
    case .string: return value.json(JSONEncoding(ensureASCII: false))
    default: return value.pythonRepr
    }
  }
}

private enum PythonSplit {
  static func lastPart(_ text: String) -> String {
    text.range(of: "::").map { String(text[$0.upperBound...]) } ?? text
  }
}

private struct CaseTemplates: TemplateSource {
  let sources: Value.Dict
  let syntax: TemplateSyntax

  func template(named name: String, from path: String) throws(TemplateError) -> Template? {
    guard let source = sources[.string(name)]?.string else { return nil }
    return try Template.compile(
      source, at: SourceSpan(file: SourceFile(path: name, text: source), line: 1, column: 1), syntax: syntax)
  }
}
