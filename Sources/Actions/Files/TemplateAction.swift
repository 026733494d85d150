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
    let bytes = try RenderedTemplate(step: step, path: source, destination: path).bytes()
    var seen = try await step.readDestination(path)
    if path.hasSuffix("/") || seen.kind == .directory {
      path = (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/" + source.lastPart
      seen = try await step.readDestination(path)
    }
    var install = FileInstall(step: step, path: path, content: FileContent(bytes))
    install.content.isSecret = step.files.isSealed(source)
    install.onlyIfAbsent = step.writesOnlyIfAbsent
    install.source = source
    if step.preservesMode { install.preservedMode = step.files.mode(of: source) }
    var result = try await install.run(seen: seen)
    if result.status == .changed { result.fields["src"] = .string(source) }
    return ActionOutcome(result)
  }
}

/// A template file, rendered with the variables that only templates have.
struct RenderedTemplate: Sendable {
  let step: ActionStep
  let path: String
  let destination: String

  func bytes() throws(ActionFailure) -> [UInt8] {
    let bytes = try step.files.read(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .message("template \(path) is not valid UTF-8")
    }
    let span = SourceSpan(file: SourceFile(path: path, text: text), line: 1, column: 1)
    let syntax = syntax()
    var renderer = step.renderer
    renderer.templates = TemplateFolders(step: step, main: path, syntax: syntax)
    let rendered: String
    do throws(TemplateError) {
      let template = try TemplateFile.compile(text, at: span, syntax: syntax)
      rendered = try renderer.text(of: template, in: try scope()).string ?? ""
    } catch { throw .template(error) }
    return try TextEncoding(step.text("output_encoding") ?? "utf-8").encoded(rendered)
  }

  private func syntax() -> TemplateSyntax {
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

  private func scope() throws(TemplateError) -> LayeredScope {
    let host = Self.hostName
    var info = stat()
    let isThere = stat(path, &info) == 0
    let owner = isThere ? getpwuid(info.st_uid).map { String(cString: $0.pointee.pw_name) } : nil
    var variables: [String: Value] = [
      "template_host": .string(host), "template_path": .string(path),
      "template_fullpath": .string(URL(fileURLWithPath: path).path), "template_destpath": .string(destination),
      "template_uid": .string(owner ?? String(info.st_uid)),
      "template_mtime": .string(Timestamp(secondsSince1970: Int(info.st_mtim.tv_sec)).description),
    ]
    variables["template_run_date"] = .string(Timestamp(secondsSince1970: time(nil)).description)
    var known = variables.mapValues(Variable.value)
    if step.scope.variable(named: "ansible_managed") == nil { known["ansible_managed"] = try managedText(info.st_mtim) }
    return LayeredScope(known, over: step.scope)
  }

  /// The setting `ansible_managed`: `{host}`, `{uid}` and `{file}` stand for template_host and so on, doubled braces for single ones
  /// that make a template, `%Y` and the like for the time of the template.
  private func managedText(_ modified: timespec) throws(TemplateError) -> Variable {
    let setting = try step.renderer.lookups?.lookup("config", terms: ["DEFAULT_MANAGED_STR"], options: [:], in: step.scope)
    var text = setting?.first?.string ?? "Ansible managed"
    guard text.contains(where: { "%{".contains($0) }) else { return .value(.string(text)) }
    let parts = [("{{", "\u{1}"), ("}}", "\u{2}")]
      + ["host", "uid"].map { ("{\($0)}", "{{ template_\($0) }}") } + [("{file}", "{{ template_path }}")]
      + [("\u{1}", "{"), ("\u{2}", "}")]
    for (written, meant) in parts { text = text.replacingOccurrences(of: written, with: meant) }
    text = Timestamp(secondsSince1970: modified.tv_sec).formatted(text)
    return .source(.template(try Template.compile(text, at: SourceSpan(file: SourceFile(path: path, text: ""), line: 1, column: 1))))
  }

  private static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    gethostname(&bytes, bytes.count - 1)
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
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
