import Model
import OrderedCollections
import Templating
import YAML

/// Reads the keywords that plays, roles, blocks and tasks share.
struct KeywordReader {
  let values: SourceValueReader
  let modules: any ModuleIndex

  /// False if the keyword is none of the shared ones.
  func read(
    _ entry: YAMLNode.Entry, into keywords: inout Keywords, _ diagnostics: inout Diagnostics
  ) -> Bool {
    let (node, span) = (entry.value, entry.key.span)
    switch entry.key.text {
    case "name": keywords.name = text(node, "name", &diagnostics)
    case "when": keywords.when = node.isNull ? [] : values.conditions(node, into: &diagnostics)
    case "tags": keywords.tags = tags(node, &diagnostics)
    case "vars": keywords.vars = variables(node, &diagnostics)
    case "environment": keywords.environment = dicts(node, "environment", &diagnostics)
    case "module_defaults": keywords.moduleDefaults = moduleDefaults(node, &diagnostics)
    case "collections": keywords.collections = names(node, "collections", &diagnostics)
    case "notify": keywords.notify = values.list(node, into: &diagnostics)
    case "become": keywords.become = typed(node, .bool, span, &diagnostics)
    case "become_user": keywords.becomeUser = text(node, "become_user", &diagnostics)
    case "become_method": keywords.becomeMethod = text(node, "become_method", &diagnostics)
    case "become_flags": keywords.becomeFlags = text(node, "become_flags", &diagnostics)
    case "become_exe": keywords.becomeExe = text(node, "become_exe", &diagnostics)
    case "connection": keywords.connection = text(node, "connection", &diagnostics)
    case "remote_user": keywords.remoteUser = text(node, "remote_user", &diagnostics)
    case "port": keywords.port = typed(node, .int, span, &diagnostics)
    case "check_mode": keywords.checkMode = typed(node, .bool, span, &diagnostics)
    case "diff": keywords.diff = typed(node, .bool, span, &diagnostics)
    case "no_log": keywords.noLog = typed(node, .bool, span, &diagnostics)
    case "ignore_errors": keywords.ignoreErrors = typed(node, .bool, span, &diagnostics)
    case "ignore_unreachable": keywords.ignoreUnreachable = typed(node, .bool, span, &diagnostics)
    case "any_errors_fatal": keywords.anyErrorsFatal = typed(node, .bool, span, &diagnostics)
    case "run_once": keywords.runOnce = typed(node, .bool, span, &diagnostics)
    case "throttle": keywords.throttle = typed(node, .int, span, &diagnostics)
    case "timeout": keywords.timeoutSeconds = typed(node, .int, span, &diagnostics)
    case "delegate_to": keywords.delegateTo = text(node, "delegate_to", &diagnostics)
    case "delegate_facts": keywords.delegateFacts = typed(node, .bool, span, &diagnostics)
    case "debugger": keywords.debugger = text(node, "debugger", &diagnostics)
    default: return false
    }
    return true
  }

  /// A value whose type is checked where it is constant; null is "not given".
  func typed(
    _ node: YAMLNode, _ type: KeywordType, _ keySpan: SourceSpan, _ diagnostics: inout Diagnostics
  ) -> SourceValue? {
    if node.isNull { return nil }
    let value = values.value(of: node, into: &diagnostics)
    if let constant = value.constant, !type.takes(constant) {
      let keyword = keySpan.file.line(keySpan.line).unicodeScalars.dropFirst(keySpan.column - 1).prefix { $0 != ":" }
      diagnostics.add(.wrongType(String(keyword), type, node))
    }
    return value
  }

  func text(_ node: YAMLNode, _ keyword: String, _ diagnostics: inout Diagnostics) -> SourceValue? {
    if node.isNull { return nil }
    if node.text == nil { diagnostics.add(.wrongKind(keyword, "a text", node)) }
    return values.value(of: node, into: &diagnostics)
  }

  /// `a, b` in one text, or a list of texts and numbers.
  private func tags(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> [SourceValue] {
    if node.isNull { return [] }
    if let text = node.string, !Template.isTemplate(text) {
      return text.split(separator: ",", omittingEmptySubsequences: false).map { .value(.string($0.trimmingBlanks())) }
    }
    if node.entries != nil { diagnostics.add(.wrongKind("tags", "a text or a list of texts", node)) }
    return values.list(node, into: &diagnostics)
  }

  /// `vars`: names must be such that a template can say them.
  func variables(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> OrderedDictionary<String, SourceValue> {
    if node.isNull { return [:] }
    guard let entries = node.entries else {
      diagnostics.add(.wrongKind("vars", "a mapping of names to values", node))
      return [:]
    }
    var variables = OrderedDictionary<String, SourceValue>(minimumCapacity: entries.count)
    for entry in entries {
      let name = entry.key.text ?? ""
      if entry.key.string == nil || !VariableName.isValid(name) {
        diagnostics.add(.badVariableName(name, at: entry.key.span))
      }
      variables[name] = values.value(of: entry.value, into: &diagnostics)
    }
    return variables
  }

  private func dicts(_ node: YAMLNode, _ keyword: String, _ diagnostics: inout Diagnostics) -> [SourceValue] {
    if node.isNull { return [] }
    let found = values.list(node, into: &diagnostics)
    for (value, node) in zip(found, node.items ?? [node]) {
      if let constant = value.constant, constant.dict == nil, constant != .null {
        diagnostics.add(.wrongKind(keyword, "a mapping or a list of mappings", node))
      }
    }
    return found
  }

  /// By the names of modules or of groups of them. A name that nothing has may be a slip, or a collection's module that
  /// the runbook does not use.
  private func moduleDefaults(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> [ModuleDefaults] {
    if node.isNull { return [] }
    let dicts = node.items ?? [node]
    for other in dicts where other.entries == nil {
      diagnostics.add(.error(
        "'module_defaults' takes a mapping or a list of mappings, not \(other.kindName)",
        advice: "names of modules and groups stand there as they are; only their values may be templates", at: other.span))
    }
    return dicts.flatMap { $0.entries ?? [] }.map { entry in
      let name = entry.key.text ?? ""
      if !name.hasPrefix("group/"), modules.manifest(named: name) == nil {
        let advice = nearestName(to: name, among: modules.names).map { "did you mean '\($0)'?" }
        diagnostics.add(.warning("module_defaults: unknown module '\(name)'", advice: advice, at: entry.key.span))
      }
      return ModuleDefaults(name: name, values: values.value(of: entry.value, into: &diagnostics), span: entry.key.span)
    }
  }

  /// Plain names, which no template can make.
  func names(_ node: YAMLNode, _ keyword: String, _ diagnostics: inout Diagnostics) -> [String] {
    if node.isNull { return [] }
    return (node.items ?? [node]).compactMap { item in
      if item.text == nil { diagnostics.add(.wrongKind(keyword, "a name or a list of names", item)) }
      return item.text
    }
  }
}

/// What a keyword's value must be.
enum KeywordType {
  case bool, int, number, percent

  /// Whether a constant will do, texts that Ansible converts included.
  func takes(_ value: Value) -> Bool {
    switch self {
    case .bool: Self.isBoolean(value)
    case .int:
      value.int != nil || value.bool != nil
        || value.string.map { Int($0.trimmingBlanks()) != nil } ?? Self.isWhole(value)
    case .number: Self.isNumber(value)
    case .percent: Self.isNumber(value) || value.string.map { Double($0.filter { $0 != "%" }) != nil } ?? false
    }
  }

  static func isBoolean(_ value: Value) -> Bool {
    switch value.revealed {
    case .bool: true
    case .int(let number): number == 0 || number == 1
    case .float(let number): number == 0 || number == 1
    case .string(let text):
      ["yes", "no", "true", "false", "on", "off", "y", "n", "t", "f", "1", "0", "1.0", "0.0"].contains(
        text.lowercased())
    default: false
    }
  }

  static func isNumber(_ value: Value) -> Bool {
    switch value.revealed {
    case .int, .float, .bool, .bigInt: true
    case .string(let text): Double(text.trimmingBlanks()) != nil
    default: false
    }
  }

  private static func isWhole(_ value: Value) -> Bool {
    if case .float(let number) = value.revealed { number == number.rounded() } else { false }
  }

  var words: String {
    switch self {
    case .bool: "true or false"
    case .int: "a whole number"
    case .number: "a number"
    case .percent: "a number or a percentage"
    }
  }
}

/// Names of variables.
package enum VariableName {
  /// Python's keywords, and the template language's constants.
  private static let reserved: Set<String> = [
    "true", "false", "none", "True", "False", "None", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
  ]

  /// Letters, digits and underscores, no digit first, and no reserved word.
  package static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first), !reserved.contains(name) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || byte == UInt8(ascii: "_")
  }
}

extension Diagnostic {
  static func wrongKind(_ keyword: String, _ expected: String, _ node: YAMLNode) -> Diagnostic {
    .error("'\(keyword)' takes \(expected), not \(node.kindName)", at: node.span)
  }

  static func wrongType(_ keyword: String, _ type: KeywordType, _ node: YAMLNode) -> Diagnostic {
    let what = node.text.map { "'\($0)'" } ?? node.kindName
    var diagnostic = error("'\(keyword)' takes \(type.words), not \(what)", at: node.span)
    diagnostic.isMetAtRun = true
    return diagnostic
  }

  static func badVariableName(_ name: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "Invalid variable name '\(name)'",
      advice: "use letters, digits and underscores, starting with a letter or an underscore", at: span)
  }
}
