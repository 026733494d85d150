import Foundation
import Model
import OrderedCollections
import Templating

/// `template`: renders a file of the controller and installs the result.
package struct TemplateAction: Action {
  package static let name = "template"
  package init() {}

  package func run(_ step: ActionStep) async throws(ActionFailure) -> ActionOutcome {
    guard let name = step.text("src"), var path = step.text("dest") else { throw .message("src and dest are required") }
    let source = try step.files.require(name, in: "templates")
    let bytes = try TemplateFile(step: step, path: source, destination: path).rendered()
    var seen = try await step.readFile(path, contentBytesMax: FileInstall.diffBytesMax)
    if path.hasSuffix("/") || seen.kind == .directory {
      path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/" + source.lastPart.droppingSuffix(".j2")
      seen = try await step.readFile(path, contentBytesMax: FileInstall.diffBytesMax)
    }
    var install = FileInstall(step: step, path: path, content: bytes)
    install.onlyIfAbsent = step.arguments["force"]?.bool == false
    install.source = source
    return ActionOutcome(try await install.run(seen: seen))
  }
}

/// A template file, its header read, rendered with the variables that only templates have.
struct TemplateFile: Sendable {
  let step: ActionStep
  let path: String
  let destination: String

  func rendered() throws(ActionFailure) -> [UInt8] {
    let bytes = try step.files.read(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .message("template \(path) is not valid UTF-8")
    }
    let file = SourceFile(path: path, text: text)
    let span = SourceSpan(file: file, line: 1, column: 1)
    var syntax = try syntax()
    let header = TemplateHeader(text)
    do throws(TemplateError) {
      try header.apply(to: &syntax, at: span)
      let template = try Template.compile(header.body, at: SourceSpan(file: file, line: header.firstLine, column: 1), syntax: syntax)
      let value = try step.renderer.text(of: template, in: scope())
      return Array((value.string ?? "").utf8)
    } catch { throw .template(error) }
  }

  private func syntax() throws(ActionFailure) -> TemplateSyntax {
    var syntax = TemplateSyntax.file
    syntax.keepsTrailingNewline = true
    for (name, part) in Self.markers { if let text = step.text(name) { syntax[keyPath: part] = text } }
    if let flag = step.arguments["trim_blocks"]?.bool { syntax.trimsBlocks = flag }
    if let flag = step.arguments["lstrip_blocks"]?.bool { syntax.stripsLinesBeforeBlocks = flag }
    if let newline = step.text("newline_sequence") {
      let meaning = ["\\n": "\n", "\\r": "\r", "\\r\\n": "\r\n"]
      syntax.newline = meaning[newline] ?? newline
    }
    return syntax
  }

  private static let markers: [(Value, WritableKeyPath<TemplateSyntax, String> & Sendable)] = [
    ("block_start_string", \.blockStart), ("block_end_string", \.blockEnd),
    ("variable_start_string", \.variableStart), ("variable_end_string", \.variableEnd),
    ("comment_start_string", \.commentStart), ("comment_end_string", \.commentEnd),
  ]

  private func scope() -> LayeredScope {
    let host = Self.hostName
    var info = stat()
    let isThere = stat(path, &info) == 0
    let owner = isThere ? getpwuid(info.st_uid).map { String(cString: $0.pointee.pw_name) } : nil
    let variables: [String: Value] = [
      "ansible_managed": .string("Ansible managed"), "template_host": .string(host), "template_path": .string(path),
      "template_fullpath": .string(URL(fileURLWithPath: path).path), "template_destpath": .string(destination),
      "template_uid": .string(owner ?? String(info.st_uid)),
      "template_mtime": .string(Timestamp(secondsSince1970: Int(info.st_mtim.tv_sec)).description),
    ]
    let known = variables.filter { $0.key != "ansible_managed" || step.scope.variable(named: "ansible_managed") == nil }
    return LayeredScope(known.mapValues(Variable.value), over: step.scope)
  }

  private static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    gethostname(&bytes, bytes.count - 1)
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// The line `#jinja2: trim_blocks: False, …` that a template may begin with.
struct TemplateHeader {
  private let settings: Substring?
  let body: String
  let firstLine: Int

  init(_ text: String) {
    guard text.hasPrefix("#jinja2:") else { (settings, body, firstLine) = (nil, text, 1); return }
    let end = text.firstIndex(of: "\n") ?? text.endIndex
    settings = text[..<end].dropFirst("#jinja2:".count)
    body = end == text.endIndex ? "" : String(text[text.index(after: end)...])
    firstLine = 2
  }

  func apply(to syntax: inout TemplateSyntax, at span: SourceSpan) throws(TemplateError) {
    for pair in settings?.split(separator: ",") ?? [] {
      let parts = pair.split(separator: ":", maxSplits: 1).map(\.trimmed)
      guard parts.count == 2 else {
        throw TemplateError(.syntax, .error("a #jinja2: header has pairs of name and value, not '\(pair.trimmed)'", at: span))
      }
      let value = parts[1].trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
      let flag = value.lowercased() == "true"
      switch parts[0] {
      case "trim_blocks": syntax.trimsBlocks = flag
      case "lstrip_blocks": syntax.stripsLinesBeforeBlocks = flag
      case "keep_trailing_newline": syntax.keepsTrailingNewline = flag
      case "block_start_string": syntax.blockStart = value
      case "block_end_string": syntax.blockEnd = value
      case "variable_start_string": syntax.variableStart = value
      case "variable_end_string": syntax.variableEnd = value
      case "comment_start_string": syntax.commentStart = value
      case "comment_end_string": syntax.commentEnd = value
      case "line_statement_prefix": syntax.lineStatementPrefix = value
      case "line_comment_prefix": syntax.lineCommentPrefix = value
      case "newline_sequence": syntax.newline = value.replacing("\\r", with: "\r").replacing("\\n", with: "\n")
      default:
        throw TemplateError(.syntax, .error("unknown setting '\(parts[0])' in the #jinja2: header", at: span))
      }
    }
  }
}

extension Timestamp {
  /// The local time of an instant.
  init(secondsSince1970 seconds: Int) {
    var time = time_t(seconds), parts = tm()
    localtime_r(&time, &parts)
    self.init(
      year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday),
      time: Time(
        hour: Int(parts.tm_hour), minute: Int(parts.tm_min), second: Int(parts.tm_sec), microsecond: 0,
        offsetSeconds: nil))
  }
}

extension String {
  func droppingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}
