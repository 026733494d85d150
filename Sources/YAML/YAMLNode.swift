import Model

/// A piece of a YAML document that knows where it stands.
package struct YAMLNode: Sendable {
  package enum Kind: Sendable {
    case scalar(String, ScalarStyle)
    case sequence([YAMLNode])
    /// Keys are scalars and unique; `<<` is already merged in, the merged entries first.
    case mapping([Entry])
  }

  package enum ScalarStyle: UInt8, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  package struct Entry: Sendable {
    package var key: YAMLNode
    package var value: YAMLNode

    package init(key: YAMLNode, value: YAMLNode) {
      self.key = key
      self.value = value
    }
  }

  package var kind: Kind
  /// The tag as written, or nil where the node's form decides.
  package var tag: YAMLTag?
  package let file: SourceFile
  private let line: Int32
  private let column: Int32
  private let length: Int32

  package init(_ kind: Kind, tag: YAMLTag? = nil, at span: SourceSpan) {
    self.kind = kind
    self.tag = tag
    file = span.file
    line = Int32(clamping: span.line)
    column = Int32(clamping: span.column)
    length = Int32(clamping: span.length)
  }

  package var span: SourceSpan {
    SourceSpan(file: file, line: Int(line), column: Int(column), length: Int(length))
  }
}

extension YAMLNode {
  /// The text of a scalar as written, without quotes.
  package var text: String? {
    if case .scalar(let text, _) = kind { text } else { nil }
  }

  /// The text of a scalar that reads as a string, neither number, boolean, null nor date.
  package var string: String? {
    if case .scalar(let text, let style) = kind, scalarTag(text, style) == .str { text } else { nil }
  }

  /// True for `null`, `~` and nothing at all.
  package var isNull: Bool {
    if case .scalar(let text, let style) = kind { scalarTag(text, style) == .null } else { false }
  }

  package var items: [YAMLNode]? {
    if case .sequence(let items) = kind { items } else { nil }
  }

  package var entries: [Entry]? {
    if case .mapping(let entries) = kind { entries } else { nil }
  }

  /// The value of a mapping's entry by its key's text; nil where this is no mapping or has no such key.
  package subscript(key: String) -> YAMLNode? {
    entries?.first { $0.key.text == key }?.value
  }

  /// What to call the node in a message: "a list", "a string".
  package var kindName: String {
    switch kind {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let text, let style):
      switch scalarTag(text, style) {
      case .null: "nothing"
      case .bool: "a boolean"
      case .int: "an integer"
      case .float: "a number"
      case .timestamp: "a date"
      default: "a string"
      }
    }
  }

  /// What a scalar of this node's tag and style is.
  func scalarTag(_ text: String, _ style: ScalarStyle) -> YAMLTag {
    switch tag {
    case nil, .vault, .unsafe: style == .plain ? PlainScalar.tag(of: text) : .str
    case .some(let tag): tag
    }
  }
}
