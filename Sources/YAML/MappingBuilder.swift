import Model

/// Collects the entries of one mapping: merges `<<`, lets the last of two equal keys win, refuses keys that are no scalars.
struct MappingBuilder {
  /// Up to this many keys are compared one by one, which is faster than hashing them.
  private static let linearSearchMax = 8

  private var own: [YAMLNode.Entry] = []
  private var merged: [YAMLNode.Entry] = []
  private var index: [String: Int] = [:]

  mutating func add(_ key: YAMLNode, _ value: YAMLNode, into diagnostics: inout Diagnostics) {
    guard case .scalar(let text, let style) = key.kind else { return diagnostics.add(.unusableKey(key)) }
    if text == "<<", key.scalarTag(text, style) == .merge {
      return merge(value, into: &diagnostics)
    }
    let entry = YAMLNode.Entry(key: key, value: value)
    guard let known = position(of: text, key) else { return append(entry, text) }
    diagnostics.add(.duplicateKey(text, at: key.span, first: own[known].key.span))
    own[known] = entry
  }

  /// Merged entries come first, in the order of the mappings they come from; own entries replace them in place.
  func entries() -> [YAMLNode.Entry] {
    guard !merged.isEmpty else { return own }
    var all = MappingBuilder()
    for entry in merged + own { all.put(entry) }
    return all.own
  }

  /// Of several mappings the first that has a key wins, so they are taken in reverse.
  private mutating func merge(_ value: YAMLNode, into diagnostics: inout Diagnostics) {
    switch value.kind {
    case .mapping(let entries): merged += entries
    case .sequence(let items) where items.allSatisfy({ $0.entries != nil }):
      for item in items.reversed() { merged += item.entries ?? [] }
    case .sequence, .scalar: diagnostics.add(.unmergeable(value))
    }
  }

  private mutating func put(_ entry: YAMLNode.Entry) {
    let text = entry.key.text ?? ""
    if let known = position(of: text, entry.key) { own[known] = entry } else { append(entry, text) }
  }

  private mutating func append(_ entry: YAMLNode.Entry, _ text: String) {
    own.append(entry)
    if own.count == Self.linearSearchMax + 1 {
      for (position, entry) in own.enumerated() { index[entry.key.text ?? ""] = position }
    } else if own.count > Self.linearSearchMax {
      index[text] = own.count - 1
    }
  }

  /// `1` and `"1"` are two keys, although their text is the same.
  private func position(of text: String, _ key: YAMLNode) -> Int? {
    guard own.count > Self.linearSearchMax else {
      return own.firstIndex { $0.key.text == text && $0.key.value() == key.value() }
    }
    guard let known = index[text] else { return nil }
    return own[known].key.value() == key.value() ? known : nil
  }
}

private let duplicateKeyMessage = "Found duplicate mapping key"

extension Diagnostic {
  /// A mapping has a key twice.
  package var isDuplicateKey: Bool { message.hasPrefix(duplicateKeyMessage) }

  fileprivate static func duplicateKey(_ key: String, at span: SourceSpan, first: SourceSpan) -> Diagnostic {
    .warning("\(duplicateKeyMessage) '\(key)': it is already given in line \(first.line)", advice: "the last one counts: remove one", at: span)
  }

  fileprivate static func unusableKey(_ key: YAMLNode) -> Diagnostic {
    var span = key.span
    let before = span.file.line(span.line).unicodeScalars.dropFirst(max(0, span.column - 2))
    if key.entries != nil, span.column > 1, before.starts(with: "{{".unicodeScalars) {
      span.column -= 1
      return .unquotedTemplate(at: span)
    }
    return .error("\(key.kindName) cannot be the key of a mapping", at: key.span)
  }

  fileprivate static func unmergeable(_ value: YAMLNode) -> Diagnostic {
    .error(
      "'<<' takes a mapping or a list of mappings, not \(value.kindName)",
      advice: "refer to one by an alias, such as '<<: *defaults'", at: value.span)
  }
}
