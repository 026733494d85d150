import CLibYAML
import Model

/// Prints values as YAML, as PyYAML's safe dumper does. Secrets are printed in full: the text is for files, and whoever
/// asks for it marks it.
package enum YAMLEmitter {
  package static func text(of value: Value, style: YAMLStyle = YAMLStyle()) -> String {
    let stream = EmitterStream(style: style)
    stream.document(value)
    return stream.finished()
  }
}

/// One run of libyaml's emitter; owns it and what it has written.
private struct EmitterStream: ~Copyable {
  private final class Output {
    var bytes: [UInt8] = []
  }

  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output = Output()
  private let style: YAMLStyle

  init(style: YAMLStyle) {
    self.style = style
    emitter = .allocate(capacity: 1)
    precondition(yaml_emitter_initialize(emitter) == 1, "bug or no memory: libyaml cannot make an emitter")
    // `output` lives as long as the emitter, so the handler may hold it unretained.
    yaml_emitter_set_output(
      emitter,
      { context, buffer, size in
        guard let context, let buffer else { return 0 }
        Unmanaged<Output>.fromOpaque(context).takeUnretainedValue().bytes += UnsafeBufferPointer(
          start: buffer, count: size)
        return 1
      }, Unmanaged.passUnretained(output).toOpaque())
    yaml_emitter_set_canonical(emitter, style.isCanonical ? 1 : 0)
    yaml_emitter_set_indent(emitter, Int32(clamping: style.indent))
    yaml_emitter_set_width(emitter, Int32(clamping: style.width))
    yaml_emitter_set_unicode(emitter, style.allowsUnicode ? 1 : 0)
  }

  deinit {
    yaml_emitter_delete(emitter)
    emitter.deallocate()
  }

  func document(_ value: Value) {
    emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, style.hasExplicitStart ? 0 : 1) }
    node(value)
    emit { yaml_document_end_event_initialize(&$0, style.hasExplicitEnd ? 0 : 1) }
    emit { yaml_stream_end_event_initialize(&$0) }
  }

  func finished() -> String { String(decoding: output.bytes, as: UTF8.self) }

  private func node(_ value: Value) {
    switch value {
    case .secret(let secret): node(secret.revealed)
    case .null, .omit: scalar("null", .null)
    case .bool(let flag): scalar(flag ? "true" : "false", .bool)
    case .int(let number): scalar(String(number), .int)
    case .bigInt(let number): scalar(String(number), .int)
    case .float(let number): scalar(Self.floatText(number), .float)
    case .string(let text), .source(let text): scalar(text, .str)
    case .timestamp(let timestamp): scalar(timestamp.description, .timestamp)
    case .list(let items): sequence(items)
    case .dict(let entries): mapping(entries)
    }
  }

  private func sequence(_ items: [Value]) {
    let layout = flows(items) ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE
    collection(.seq) { yaml_sequence_start_event_initialize(&$0, nil, $1, 1, layout) }
    for item in items { node(item) }
    emit { yaml_sequence_end_event_initialize(&$0) }
  }

  private func mapping(_ entries: Value.Dict) {
    let layout = flows(entries.values) ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE
    collection(.map) { yaml_mapping_start_event_initialize(&$0, nil, $1, 1, layout) }
    let keys = style.sortsKeys ? PythonOrder.sorted(Array(entries.keys)) : Array(entries.keys)
    for key in keys {
      node(key)
      node(entries[key] ?? .null)
    }
    emit { yaml_mapping_end_event_initialize(&$0) }
  }

  private func flows(_ children: some Sequence<Value>) -> Bool {
    style.defaultFlowStyle ?? (style.defaultStyle == nil && children.allSatisfy(Self.isScalar))
  }

  private static func isScalar(_ value: Value) -> Bool { value.list == nil && value.dict == nil }

  private func scalar(_ text: String, _ tag: YAMLTag) {
    var text = text
    let plainTag = PlainScalar.tag(of: text)
    let layout =
      switch style.defaultStyle {
      case nil: YAML_ANY_SCALAR_STYLE
      case .plain: YAML_PLAIN_SCALAR_STYLE
      case .singleQuoted: YAML_SINGLE_QUOTED_SCALAR_STYLE
      case .doubleQuoted: YAML_DOUBLE_QUOTED_SCALAR_STYLE
      case .literal: YAML_LITERAL_SCALAR_STYLE
      case .folded: YAML_FOLDED_SCALAR_STYLE
      }
    let tagBytes = Array(tag.rawValue.utf8) + [0]
    text.withUTF8 { bytes in
      tagBytes.withUnsafeBufferPointer { tagBytes in
        // An empty text may have no address, and libyaml wants one.
        let start = bytes.baseAddress ?? tagBytes.baseAddress
        emit { event in
          yaml_scalar_event_initialize(
            &event, nil, tagBytes.baseAddress, start, Int32(bytes.count), plainTag == tag ? 1 : 0, tag == .str ? 1 : 0,
            layout)
        }
      }
    }
  }

  private func collection(_ tag: YAMLTag, _ make: (inout yaml_event_t, UnsafePointer<UInt8>?) -> Int32) {
    (Array(tag.rawValue.utf8) + [0]).withUnsafeBufferPointer { tag in emit { make(&$0, tag.baseAddress) } }
  }

  private func emit(_ make: (inout yaml_event_t) -> Int32) {
    var event = yaml_event_t()
    precondition(make(&event) == 1, "bug or no memory: libyaml refuses an event")
    guard yaml_emitter_emit(emitter, &event) == 1 else {
      preconditionFailure("bug: libyaml cannot emit: \(emitter.pointee.problem.map { String(cString: $0) } ?? "?")")
    }
  }

  /// A point is added before an exponent: YAML 1.1 would read `1e+17` as a string.
  private static func floatText(_ number: Double) -> String {
    if number.isNaN { return ".nan" }
    if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
    let text = PythonFloat.text(number)
    guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }

}
