import Model
import OrderedCollections
import YAML

/// Filters to and from JSON and YAML.
extension Filter {
  static let serializationFilters: [Filter] = [
    Filter("to_json") { object, arguments, evaluation in
      .string(try json(object, JSONEncoding(), arguments, evaluation))
    },
    Filter("to_nice_json") { object, arguments, evaluation in
      .string(try json(object, JSONEncoding(indent: 4, sortsKeys: true), arguments, evaluation))
    },
    Filter("tojson") { object, arguments, evaluation in
      var text = try evaluation.plainValue(of: object).json(
        JSONEncoding(
          indent: evaluation.integer(arguments, 0, "indent"), sortsKeys: true, revealingSecrets: true))
      for (character, escape) in [("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")] {
        text = PythonString.replace(character, with: escape, in: text)
      }
      return evaluation.dialect.outcome == .native ? .string(text) : .markup(Markup(text))
    },
    Filter("from_json") { object, _, evaluation in
      do { return Object(try Value(json: evaluation.text(object))) } catch let error as JSONError {
        throw Failure.value(
          "\(PythonString.capitalized(error.message)): line \(error.line) column \(error.column) (char \(error.offset))")
      }
    },
    Filter("to_yaml") { object, arguments, evaluation in
      var style = YAMLStyle()
      style.defaultFlowStyle = nil
      return .string(try yaml(object, style, arguments, evaluation))
    },
    Filter("to_nice_yaml") { object, arguments, evaluation in
      .string(try yaml(object, .nice, arguments, evaluation))
    },
    Filter("from_yaml") { object, _, evaluation in
      guard let text = object.plainText else { return object }
      let documents = try yamlDocuments(text)
      if documents.count > 1 {
        throw Failure.value("expected a single document in the stream, but found another document")
      }
      return documents.first.map(Object.init) ?? .null
    },
    Filter("from_yaml_all") { object, _, evaluation in
      if object.isNone { return .list([Object]()) }
      guard let text = object.plainText else { return object }
      return .list(try yamlDocuments(text).map(Object.init))
    },
  ]

  private static func json(
    _ object: Object, _ standard: JSONEncoding, _ arguments: Arguments, _ evaluation: Evaluation
  ) throws -> String {
    var encoding = standard
    encoding.revealsSecrets = true
    if let indent = arguments[standard.indent == nil ? 99 : 0, "indent"] {
      encoding.indent = indent.isNone ? nil : try evaluation.integer(indent)
    }
    if let sorts = arguments[standard.indent == nil ? 99 : 1, "sort_keys"] {
      encoding.sortsKeys = try evaluation.isTrue(sorts)
    }
    if let ascii = arguments[named: "ensure_ascii"] { encoding.ensureASCII = try evaluation.isTrue(ascii) }
    if let separators = arguments[named: "separators"], !separators.isNone {
      let pair = try evaluation.unpack(separators, count: 2)
      encoding.itemSeparator = try evaluation.text(pair[0])
      encoding.keySeparator = try evaluation.text(pair[1])
    }
    return try evaluation.plainValue(of: object).json(encoding)
  }

  private static func yaml(
    _ object: Object, _ standard: YAMLStyle, _ arguments: Arguments, _ evaluation: Evaluation
  ) throws -> String {
    var style = standard
    for (name, value) in arguments.named {
      switch name {
      case "indent": style.indent = try evaluation.integer(value)
      case "width": style.width = try evaluation.integer(value)
      case "sort_keys": style.sortsKeys = try evaluation.isTrue(value)
      case "default_flow_style": style.defaultFlowStyle = value.isNone ? nil : try evaluation.isTrue(value)
      case "allow_unicode": style.allowsUnicode = try evaluation.isTrue(value)
      case "explicit_start": style.hasExplicitStart = try evaluation.isTrue(value)
      case "explicit_end": style.hasExplicitEnd = try evaluation.isTrue(value)
      case "canonical": style.isCanonical = try evaluation.isTrue(value)
      case "default_style": style.defaultStyle = try scalarStyle(evaluation.text(value))
      case "version", "tags", "line_break", "encoding", "vault_behavior", "dump_vault_tags": continue
      default: throw Failure.type("dump_all() got an unexpected keyword argument '\(name)'")
      }
    }
    if let indent = arguments.positional.first, standard.indent == 4 { style.indent = try evaluation.integer(indent) }
    return YAMLEmitter.text(of: try evaluation.plainValue(of: object), style: style)
  }

  private static func scalarStyle(_ mark: String) -> YAMLNode.ScalarStyle? {
    switch mark {
    case "'": .singleQuoted
    case "\"": .doubleQuoted
    case "|": .literal
    case ">": .folded
    default: nil
    }
  }

  private static func yamlDocuments(_ text: String) throws -> [Value] {
    var diagnostics = Diagnostics()
    let nodes = YAMLDocuments.parse(SourceFile(path: "<unicode string>", text: text), into: &diagnostics)
    if let mistake = diagnostics.all.first(where: { $0.severity == .error }) {
      let place = mistake.span.map { "\n  in \"<unicode string>\", line \($0.line), column \($0.column)" } ?? ""
      throw Failure.value(mistake.message + place)
    }
    return nodes.map { $0.value() }
  }
}

extension Evaluation {
  /// A value whose secrets are taken out of their wrapping; whoever asks gets a secret result.
  func plainValue(of object: Object) throws -> Value {
    let value = try value(of: object)
    if value.holdsSecret { hasRevealed = true }
    return value
  }
}

extension Value {
  fileprivate var holdsSecret: Bool {
    switch self {
    case .secret: true
    case .list(let elements): elements.contains(where: \.holdsSecret)
    case .dict(let entries): entries.contains { $0.key.holdsSecret || $0.value.holdsSecret }
    default: false
    }
  }
}
