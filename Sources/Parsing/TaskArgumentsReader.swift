import Model
import OrderedCollections
import Templating
import YAML

/// Reads a task's module and arguments, in whichever of Ansible's forms they are written.
struct TaskArgumentsReader {
  let values: SourceValueReader

  /// Modules whose text is a command line.
  static let commandModules: Set<String> = ["command", "shell", "raw", "script", "win_command", "win_shell"]
  /// Modules to which one whole template gives their text; to any other it gives all their parameters.
  private static let textModules = commandModules.union([
    "include_vars", "include_tasks", "import_tasks", "meta",
  ])
  /// Parameters that are expressions, as `when` is.
  private static let expressionParameters: [String: String] = ["assert": "that", "debug": "var"]

  /// The arguments of `module: …` under `args:`, which yields to them.
  func arguments(
    of module: String, _ node: YAMLNode, args: YAMLNode?, into diagnostics: inout Diagnostics
  ) -> TaskArguments {
    var arguments = TaskArguments(span: node.span)
    if let args { add(args: args, to: &arguments, of: module, &diagnostics) }
    switch node.kind {
    case .mapping(let entries): add(entries, to: &arguments, of: module, &diagnostics)
    case .scalar where node.isNull: break
    case .scalar(let text, _) where node.string != nil:
      add(text: text, node, to: &arguments, of: module, &diagnostics)
    case .scalar, .sequence:
      diagnostics.add(
        .error("'\(module)' takes a mapping of parameters or a text, not \(node.kindName)", at: node.span))
    }
    return arguments
  }

  /// `action: copy src=a dest=b`, or a mapping with `module`. Nil after a diagnostic.
  func action(
    _ node: YAMLNode, args: YAMLNode?, into diagnostics: inout Diagnostics
  ) -> (module: ModuleName, arguments: TaskArguments)? {
    if let entries = node.entries { return action(entries, node, args: args, &diagnostics) }
    guard let text = node.string, !text.trimmingBlanks().isEmpty else {
      diagnostics.add(.error("an action is a module's name and its parameters, not \(node.kindName)", at: node.span))
      return nil
    }
    guard let (name, rest, offset) = split(text, at: node.span, &diagnostics) else { return nil }
    var arguments = TaskArguments(span: node.span)
    if let args { add(args: args, to: &arguments, of: name, &diagnostics) }
    let restNode = YAMLNode(.scalar(rest, .plain), tag: .str, at: moved(node, by: offset, text))
    if !rest.isEmpty { add(text: rest, restNode, to: &arguments, of: name, &diagnostics) }
    return (ModuleName(written: name, span: node.span), arguments)
  }

  private func action(
    _ entries: [YAMLNode.Entry], _ node: YAMLNode, args: YAMLNode?, _ diagnostics: inout Diagnostics
  ) -> (module: ModuleName, arguments: TaskArguments)? {
    guard let module = node["module"], let text = module.string else {
      diagnostics.add(.error("an action that is a mapping needs 'module'", at: node.span))
      return nil
    }
    guard let (name, rest, _) = split(text, at: module.span, &diagnostics) else { return nil }
    var arguments = TaskArguments(span: node.span)
    if let args { add(args: args, to: &arguments, of: name, &diagnostics) }
    let own = entries.filter { $0.key.text != "module" && $0.key.text != "args" }
    add(own, to: &arguments, of: name, &diagnostics)
    if !rest.isEmpty {
      add(
        text: rest, YAMLNode(.scalar(rest, .plain), tag: .str, at: module.span), to: &arguments, of: name, &diagnostics)
    }
    if let inner = node["args"] { add(args: inner, to: &arguments, of: name, &diagnostics) }
    return (ModuleName(written: name, span: module.span), arguments)
  }

  private func add(
    _ entries: [YAMLNode.Entry], to arguments: inout TaskArguments, of module: String, _ diagnostics: inout Diagnostics
  ) {
    let expression = Self.expressionParameters[ModuleName.short(module)]
    for entry in entries {
      let key = entry.key.text ?? ""
      if key.hasPrefix("_ansible_") { diagnostics.add(.reservedParameter(key, at: entry.key.span)) }
      if key.utf8.contains(UInt8(ascii: "{")),
        case .template(let template) = values.text(key, at: entry.key.span, into: &diagnostics)
      {
        arguments.keyTemplates[key] = template
      }
      arguments.values[key] =
        key == expression ? expressions(entry.value, &diagnostics) : values.value(of: entry.value, into: &diagnostics)
      arguments.spans[key] = entry.key.span
    }
  }

  /// `that:` is one expression or a list of them.
  private func expressions(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> SourceValue {
    guard let items = node.items else { return values.expression(node, into: &diagnostics) }
    return .folded(items.map { values.expression($0, into: &diagnostics) })
  }

  private func add(
    args node: YAMLNode, to arguments: inout TaskArguments, of module: String, _ diagnostics: inout Diagnostics
  ) {
    if let entries = node.entries { return add(entries, to: &arguments, of: module, &diagnostics) }
    if node.isNull { return }
    if let text = node.string, SourceValueReader.isWholeTemplate(text) {
      arguments.variable = values.value(of: node, into: &diagnostics)
    } else {
      diagnostics.add(.wrongKind("args", "a mapping of parameters", node))
    }
  }

  private func add(
    text: String, _ node: YAMLNode, to arguments: inout TaskArguments, of module: String,
    _ diagnostics: inout Diagnostics
  ) {
    if node.tag == .vault || node.tag == .unsafe {
      arguments.freeForm = values.value(of: node, into: &diagnostics)
      return
    }
    let short = ModuleName.short(module)
    guard let form = freeForm(text, isCommand: Self.commandModules.contains(short), at: node.span, &diagnostics) else {
      // What the text would have said is unknown: nothing may be called missing.
      arguments.variable = .value(.dict([:]))
      return
    }
    for pair in form.pairs {
      let span = moved(node, by: pair.offset, text)
      if pair.key.hasPrefix("_ansible_") { diagnostics.add(.reservedParameter(pair.key, at: span)) }
      arguments.values[pair.key] =
        Self.expressionParameters[short] == pair.key
        ? values.expression(pair.value, at: span, into: &diagnostics)
        : values.text(pair.value, at: span, into: &diagnostics)
      arguments.spans[pair.key] = span
      if case .template(let template) = values.text(pair.key, at: span, into: &diagnostics) {
        arguments.keyTemplates[pair.key] = template
      }
    }
    guard let raw = form.raw else { return }
    if SourceValueReader.isWholeTemplate(raw), !Self.textModules.contains(short) {
      arguments.variable = values.text(raw, at: node.span, into: &diagnostics)
    } else {
      arguments.freeForm = values.text(raw, at: node.span, into: &diagnostics)
    }
  }

  /// The first word, the rest, and where the rest starts.
  private func split(
    _ text: String, at span: SourceSpan, _ diagnostics: inout Diagnostics
  ) -> (name: String, rest: String, offset: Int)? {
    do throws(FreeFormText.Unbalanced) {
      let words = try WordSplitter.split(text)
      guard let first = words.first else { return nil }
      return (
        first.text.trimmingBlanks(), words.dropFirst().map(\.text).joined(separator: " "),
        words.dropFirst().first?.offset ?? 0
      )
    } catch {
      diagnostics.add(.unbalanced(at: span))
      return nil
    }
  }

  private func freeForm(
    _ text: String, isCommand: Bool, at span: SourceSpan, _ diagnostics: inout Diagnostics
  ) -> FreeFormText? {
    do throws(FreeFormText.Unbalanced) {
      return try FreeFormText(text, isCommand: isCommand)
    } catch {
      diagnostics.add(.unbalanced(at: span))
      return nil
    }
  }

  /// The place of a word inside a plain text of one line; the text's own place otherwise.
  private func moved(_ node: YAMLNode, by offset: Int, _ text: String) -> SourceSpan {
    let span = node.span
    guard case .scalar(_, .plain) = node.kind, span.length == text.unicodeScalars.count || node.tag == .str else {
      return span
    }
    return SourceSpan(file: span.file, line: span.line, column: span.column + offset)
  }
}

extension Diagnostic {
  fileprivate static func unbalanced(at span: SourceSpan) -> Diagnostic {
    .error(
      "a quote or a '{{' in this text is not closed", advice: "close it, or give the parameters as a mapping", at: span)
  }

  fileprivate static func reservedParameter(_ name: String, at span: SourceSpan) -> Diagnostic {
    .error("'\(name)' cannot be set", advice: "the prefix '_ansible_' is reserved for internal use only.", at: span)
  }
}
