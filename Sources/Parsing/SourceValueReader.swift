import Model
import OrderedCollections
import Templating
import YAML

/// Turns nodes into values whose templates are compiled.
struct SourceValueReader: Sendable {
  let settings: ParserSettings

  func value(of node: YAMLNode, into diagnostics: inout Diagnostics) -> SourceValue {
    switch node.tag {
    case .unsafe: return .value(node.value())
    case .vault: return vaultValue(node, into: &diagnostics)
    default: break
    }
    switch node.kind {
    case .scalar(let text, _):
      guard text.utf8.contains(UInt8(ascii: "{")), Template.isTemplate(text), node.string != nil else {
        return .value(node.value().markedAsSource)
      }
      return template(text, at: node.span, into: &diagnostics)
    case .sequence(let items):
      if node.tag == .omap || node.tag == .pairs { return .value(node.value()) }
      return .folded(items.map { value(of: $0, into: &diagnostics) })
    case .mapping(let entries):
      if node.tag == .set { return .value(node.value()) }
      var dict = OrderedDictionary<Value, SourceValue>(minimumCapacity: entries.count)
      for entry in entries { dict[entry.key.value()] = value(of: entry.value, into: &diagnostics) }
      return .folded(dict)
    }
  }

  /// Text of a scalar, or of a word of one: a template where it has the marks of one.
  func text(_ text: String, at span: SourceSpan, into diagnostics: inout Diagnostics) -> SourceValue {
    Template.isTemplate(text) ? template(text, at: span, into: &diagnostics) : .value(.source(text))
  }

  /// A bare expression, such as `debug: var=`.
  func expression(_ node: YAMLNode, into diagnostics: inout Diagnostics) -> SourceValue {
    guard let text = node.string, node.tag != .unsafe, node.tag != .vault else {
      return value(of: node, into: &diagnostics)
    }
    return expression(text, at: node.span, into: &diagnostics)
  }

  /// Text that is one template from end to end is rendered; anything else is an expression.
  func expression(_ text: String, at span: SourceSpan, into diagnostics: inout Diagnostics) -> SourceValue {
    if Self.isWholeTemplate(text) { return template(text, at: span, into: &diagnostics) }
    return compiled(span, into: &diagnostics) { () throws(TemplateError) in
      try Template.compileExpression(text, at: span)
    }
  }

  /// The entries of `when` and its like: one, or a list of them. Nothing holds; an empty text is a mistake that its step meets.
  func conditions(_ node: YAMLNode, into diagnostics: inout Diagnostics) -> [Condition] {
    (node.items ?? [node]).map { node in
      let isEmpty = node.text?.trimmingBlanks().isEmpty ?? false
      let source = isEmpty ? .value(node.isNull ? .null : "") : expression(node, into: &diagnostics)
      return Condition(source: source, text: node.text ?? node.kindName, span: node.span)
    }
  }

  /// A list, or the one entry that stands for a list.
  func list(_ node: YAMLNode, into diagnostics: inout Diagnostics) -> [SourceValue] {
    if node.isNull { return [] }
    return (node.items ?? [node]).map { value(of: $0, into: &diagnostics) }
  }

  /// Starts and ends with the marks of a template.
  static func isWholeTemplate(_ text: String) -> Bool {
    let text = text.trimmingBlanks()
    return ["{{", "{%", "{#"].contains { text.hasPrefix($0) } && ["}}", "%}", "#}"].contains { text.hasSuffix($0) }
  }

  private func template(_ text: String, at span: SourceSpan, into diagnostics: inout Diagnostics) -> SourceValue {
    compiled(span, into: &diagnostics) { () throws(TemplateError) in try Template.compile(text, at: span) }
  }

  /// In place of what cannot be compiled stands a template that fails with the same message.
  private func compiled(
    _ span: SourceSpan, into diagnostics: inout Diagnostics, _ compile: () throws(TemplateError) -> Template
  ) -> SourceValue {
    do throws(TemplateError) {
      let template = try compile()
      for problem in template.problems { diagnostics.add(problem) }
      return .template(template)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.isMetAtRun = true
      diagnostics.add(diagnostic)
      return failing(diagnostic.message, at: span)
    }
  }

  /// A value whose use is an error.
  private func failing(_ message: String, at span: SourceSpan) -> SourceValue {
    let text = message.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    do throws(TemplateError) {
      return .template(try Template.compile("{{ undef(hint='\(text)') }}", at: span))
    } catch {
      preconditionFailure("bug: a call of undef() with a text does not compile: \(error.diagnostic.message)")
    }
  }

  /// Without a password the value is a template that fails with a clear message, but only where it is used.
  private func vaultValue(_ node: YAMLNode, into diagnostics: inout Diagnostics) -> SourceValue {
    guard let envelope = node.text else {
      diagnostics.add(.error("!vault takes a text, not \(node.kindName)", at: node.span))
      return .value(.null)
    }
    guard let decrypt = settings.decrypt else {
      return failing("the vault value at \(node.span) cannot be read: no vault password was given (Attempting to decrypt but no vault secrets found)", at: node.span)
    }
    do throws(VaultFailure) {
      let secret = Secret(.string(try decrypt(envelope)))
      settings.noteSecret?(secret)
      return .value(.secret(secret))
    } catch {
      // Values that other hosts need may be sealed with passwords that this run has no use for.
      let advice = error.advice.map { " (\($0))" } ?? ""
      return failing("the vault value at \(node.span) cannot be read: \(error.message)\(advice)", at: node.span)
    }
  }
}

extension SourceValue {
  /// The value with everything constant in it marked as secret: what an encrypted file says.
  func secret(_ settings: ParserSettings) -> SourceValue {
    switch self {
    case .value(let value):
      settings.noteSecret?(Secret(value))
      return .value(.secret(Secret(value)))
    case .template: return self
    case .list(let items): return .list(items.map { $0.secret(settings) })
    case .dict(let entries): return .dict(entries.mapValues { $0.secret(settings) })
    }
  }
}

extension StringProtocol {
  /// Without blanks, tabs and line breaks at both ends.
  func trimmingBlanks() -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}
