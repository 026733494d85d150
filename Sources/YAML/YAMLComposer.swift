import CLibYAML
import Model

/// Builds nodes from libyaml's events; owns the parser.
struct YAMLComposer: ~Copyable {
  /// Ends a file at its first mistake in syntax; mistakes in meaning are only collected.
  struct Broken: Error {
    var diagnostic: Diagnostic
  }

  /// A node with the number of nodes in it, aliases expanded.
  private struct Anchor {
    var node: YAMLNode
    var size: Int
  }

  private(set) var diagnostics = Diagnostics()
  private let file: SourceFile
  private let limits: YAMLLimits
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// libyaml reads from it for as long as the parser lives.
  private let input: UnsafeMutableBufferPointer<UInt8>
  private var event = yaml_event_t()
  private var anchors: [String: Anchor] = [:]
  private var openAnchors: Set<String> = []
  private var nodeCount = 0
  private var aliasNodeCount = 0

  init(_ file: SourceFile, limits: YAMLLimits) {
    self.file = file
    self.limits = limits
    parser = .allocate(capacity: 1)
    precondition(yaml_parser_initialize(parser) == 1, "bug or no memory: libyaml cannot make a parser")
    var text = file.text
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    input = text.withUTF8 { bytes in
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
      _ = copy.initialize(from: bytes)
      return copy
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    withUnsafePointer(to: event) { yaml_event_delete(UnsafeMutablePointer(mutating: $0)) }
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  mutating func documents() -> [YAMLNode] {
    var documents: [YAMLNode] = []
    do throws(Broken) {
      while try advance() != YAML_STREAM_END_EVENT {
        guard event.type == YAML_DOCUMENT_START_EVENT else { continue }
        anchors = [:]
        try advance()
        documents.append(try node(depth: 1))
        try advance()
      }
    } catch {
      diagnostics.add(error.diagnostic)
    }
    return documents
  }

  @discardableResult
  private mutating func advance() throws(Broken) -> yaml_event_type_t {
    yaml_event_delete(&event)
    guard yaml_parser_parse(parser, &event) == 1 else {
      throw Broken(diagnostic: YAMLMistake(parser.pointee, in: file).diagnostic)
    }
    return event.type
  }

  /// The node that starts at the current event; the event is then the node's last one.
  private mutating func node(depth: Int) throws(Broken) -> YAMLNode {
    nodeCount += 1
    guard nodeCount <= limits.nodesMax else { throw Broken(diagnostic: .tooManyNodes(limits.nodesMax, at: span())) }
    guard depth <= limits.depthMax else { throw Broken(diagnostic: .tooDeep(limits.depthMax, at: span())) }
    switch event.type {
    case YAML_ALIAS_EVENT: return try alias()
    case YAML_SCALAR_EVENT: return scalar()
    case YAML_SEQUENCE_START_EVENT: return try sequence(depth: depth)
    case YAML_MAPPING_START_EVENT: return try mapping(depth: depth)
    default: preconditionFailure("bug: libyaml's event \(event.type.rawValue) starts no node")
    }
  }

  private mutating func alias() throws(Broken) -> YAMLNode {
    let name = text(event.data.alias.anchor) ?? ""
    guard let anchor = anchors[name] else {
      throw Broken(diagnostic: .unknownAlias(name, isOpen: openAnchors.contains(name), at: span()))
    }
    nodeCount += anchor.size - 1
    aliasNodeCount += anchor.size
    guard aliasNodeCount <= limits.aliasNodesMax else {
      throw Broken(diagnostic: .tooManyAliases(limits.aliasNodesMax, at: span()))
    }
    return anchor.node
  }

  private mutating func scalar() -> YAMLNode {
    let scalar = event.data.scalar
    let content = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    let style: YAMLNode.ScalarStyle =
      switch scalar.style {
      case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
      case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
      case YAML_LITERAL_SCALAR_STYLE: .literal
      case YAML_FOLDED_SCALAR_STYLE: .folded
      default: .plain
      }
    let span = span()
    let node = YAMLNode(.scalar(content, style), tag: tag(scalar.tag, at: span), at: span)
    checkReadable(node, content)
    if let name = text(scalar.anchor) { anchors[name] = Anchor(node: node, size: 1) }
    return node
  }

  private mutating func sequence(depth: Int) throws(Broken) -> YAMLNode {
    let (span, before) = (span(), nodeCount)
    let anchor = text(event.data.sequence_start.anchor)
    let tag = tag(event.data.sequence_start.tag, at: span)
    if let anchor { openAnchors.insert(anchor) }
    var items: [YAMLNode] = []
    while try advance() != YAML_SEQUENCE_END_EVENT { items.append(try node(depth: depth + 1)) }
    let node = YAMLNode(.sequence(items), tag: tag, at: span)
    close(anchor, node, size: nodeCount - before + 1)
    return node
  }

  private mutating func mapping(depth: Int) throws(Broken) -> YAMLNode {
    let (span, before) = (span(), nodeCount)
    let anchor = text(event.data.mapping_start.anchor)
    let tag = tag(event.data.mapping_start.tag, at: span)
    if let anchor { openAnchors.insert(anchor) }
    var mapping = MappingBuilder()
    while try advance() != YAML_MAPPING_END_EVENT {
      let key = try node(depth: depth + 1)
      try advance()
      let value = try node(depth: depth + 1)
      mapping.add(key, value, into: &diagnostics)
    }
    let node = YAMLNode(.mapping(mapping.entries()), tag: tag, at: span)
    close(anchor, node, size: nodeCount - before + 1)
    return node
  }

  private mutating func close(_ anchor: String?, _ node: YAMLNode, size: Int) {
    guard let anchor else { return }
    openAnchors.remove(anchor)
    anchors[anchor] = Anchor(node: node, size: size)
  }

  private mutating func tag(_ written: UnsafeMutablePointer<UInt8>?, at span: SourceSpan) -> YAMLTag? {
    guard let written = text(written), written != "!" else { return nil }
    if let tag = YAMLTag(written: written) { return tag }
    diagnostics.add(.unknownTag(written, at: span))
    return nil
  }

  /// A tagged scalar, or one in the form of a date, must have a value.
  private mutating func checkReadable(_ node: YAMLNode, _ content: String) {
    guard case .scalar(_, let style) = node.kind else { return }
    let mayBeDate = style == .plain && content.utf8.count >= 8 && content.utf8.first.map { $0 <= 57 } ?? false
    guard node.tag != nil || mayBeDate else { return }
    let tag = node.scalarTag(content, style)
    if PlainScalar.value(content, as: tag) == nil { diagnostics.add(.unreadable(content, tag, at: node.span)) }
  }

  /// Where the current event stands; a node of several lines is marked at its first character.
  private func span() -> SourceSpan {
    let (start, end) = (event.start_mark, event.end_mark)
    return SourceSpan(
      file: file, line: start.line + 1, column: start.column + 1,
      length: start.line == end.line ? end.column - start.column : 1)
  }

  private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}

extension Diagnostic {
  fileprivate static func tooManyNodes(_ limit: Int, at span: SourceSpan) -> Diagnostic {
    .error("the file holds more than \(limit) values", advice: "split it", at: span)
  }

  fileprivate static func tooDeep(_ limit: Int, at span: SourceSpan) -> Diagnostic {
    .error("lists and mappings are nested more than \(limit) deep", at: span)
  }

  fileprivate static func tooManyAliases(_ limit: Int, at span: SourceSpan) -> Diagnostic {
    .error(
      "aliases repeat more than \(limit) values", advice: "write the values once and refer to them by a variable",
      at: span)
  }

  fileprivate static func unknownAlias(_ name: String, isOpen: Bool, at span: SourceSpan) -> Diagnostic {
    isOpen
      ? .error("alias '*\(name)' stands inside what it refers to", at: span)
      : .error(
        "alias '*\(name)' refers to no anchor", advice: "put '&\(name)' at the value it stands for, above it",
        at: span)
  }

  fileprivate static func unknownTag(_ tag: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "unknown tag '\(tag)'", advice: "known are !vault, !unsafe and YAML's own; quote a text that starts with '!'",
      at: span)
  }

  fileprivate static func unreadable(_ text: String, _ tag: YAMLTag, at span: SourceSpan) -> Diagnostic {
    switch tag {
    case .timestamp:
      .error(
        "'\(text)' looks like a date but there is no such day or time", advice: "quote it if it is a text", at: span)
    case .binary: .error("!!binary holds bytes that are no UTF-8 text, which a value cannot be", at: span)
    default: .error("'\(text)' cannot be read as \(tag.rawValue)", at: span)
    }
  }
}
