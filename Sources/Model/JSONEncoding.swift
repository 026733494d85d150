import BigInt

/// How a value becomes JSON text: the bytes that Python's `json.dumps` gives for the same options.
///
/// What JSON has no word for: a timestamp becomes its ISO text, `omit` leaves its place out (`null` at the top), and a
/// secret becomes `"***"` unless `revealsSecrets` says otherwise. Numbers that are none print as `NaN` and `Infinity`, as
/// Python's do.
package struct JSONEncoding: Sendable, Equatable {
  /// Everything beyond ASCII as `\uXXXX`.
  package var ensureASCII: Bool
  /// Spaces per level, each entry on its own line; nil for one line.
  package var indent: Int?
  /// By code point. Keys of mixed kinds, which Python refuses, sort null, numbers, then text.
  package var sortsKeys: Bool
  /// Nil means Python's default: `,` where `indent` breaks lines, `, ` elsewhere.
  package var itemSeparator: String?
  package var keySeparator: String
  /// Only for what is about to be sent to a host or handed to a process; never for anything shown or kept.
  package var revealsSecrets: Bool

  package init(
    ensureASCII: Bool = true, indent: Int? = nil, sortsKeys: Bool = false, itemSeparator: String? = nil,
    keySeparator: String = ": ", revealingSecrets: Bool = false
  ) {
    self.ensureASCII = ensureASCII
    self.indent = indent
    self.sortsKeys = sortsKeys
    self.itemSeparator = itemSeparator
    self.keySeparator = keySeparator
    self.revealsSecrets = revealingSecrets
  }

  /// No spaces and no escapes beyond the needed ones: for databases and machine-read lines.
  package static let compact = JSONEncoding(ensureASCII: false, itemSeparator: ",", keySeparator: ":")

  package func text(of value: Value) -> String {
    String(decoding: bytes(of: value), as: UTF8.self)
  }

  package func bytes(of value: Value) -> [UInt8] {
    var writer = JSONWriter(self)
    writer.write(value, level: 0)
    return writer.bytes
  }
}

extension Value {
  /// JSON as Python's `json.dumps` writes it by default; secrets are masked.
  package var json: String { JSONEncoding().text(of: self) }

  package func json(_ encoding: JSONEncoding) -> String { encoding.text(of: self) }
}

extension Timestamp {
  /// As Python's `isoformat()`: `2024-05-01T10:00:00+02:00`.
  package var isoFormat: String {
    let text = description
    guard time != nil, let space = text.firstIndex(of: " ") else { return text }
    return "\(text[..<space])T\(text[text.index(after: space)...])"
  }
}

private struct JSONWriter {
  var bytes: [UInt8] = []
  let encoding: JSONEncoding
  let itemSeparator: [UInt8]
  let keySeparator: [UInt8]

  init(_ encoding: JSONEncoding) {
    self.encoding = encoding
    itemSeparator = Array((encoding.itemSeparator ?? (encoding.indent == nil ? ", " : ",")).utf8)
    keySeparator = Array(encoding.keySeparator.utf8)
  }

  mutating func write(_ value: Value, level: Int) {
    switch value {
    case .null, .omit: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .int(let number): append(number)
    case .bigInt(let number): bytes += String(number).utf8
    case .float(let number): bytes += floatText(number).utf8
    case .string(let text), .source(let text): appendQuoted(text)
    case .timestamp(let timestamp): appendQuoted(timestamp.isoFormat)
    case .list(let elements): write(elements, level: level)
    case .dict(let entries): write(entries, level: level)
    case .secret(let secret):
      if encoding.revealsSecrets { write(secret.revealed, level: level) } else { appendQuoted(Secret.mask) }
    }
  }

  private mutating func write(_ elements: [Value], level: Int) {
    let first = bytes.count + 1
    bytes.append(UInt8(ascii: "["))
    for element in elements where !element.isOmit {
      if bytes.count > first { bytes += itemSeparator }
      breakLine(level + 1)
      write(element, level: level + 1)
    }
    if bytes.count > first { breakLine(level) }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(_ entries: Value.Dict, level: Int) {
    let first = bytes.count + 1
    bytes.append(UInt8(ascii: "{"))
    if encoding.sortsKeys {
      for (key, value) in entries.sorted(by: { isOrdered($0.key, $1.key) }) { write(key, value, first, level + 1) }
    } else {
      for (key, value) in entries { write(key, value, first, level + 1) }
    }
    if bytes.count > first { breakLine(level) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func write(_ key: Value, _ value: Value, _ first: Int, _ level: Int) {
    guard !value.isOmit else { return }
    if bytes.count > first { bytes += itemSeparator }
    breakLine(level)
    appendKey(key)
    bytes += keySeparator
    write(value, level: level)
  }

  /// Keys are text in JSON: Python turns `1` into `"1"`, `True` into `"true"`, `None` into `"null"`.
  private mutating func appendKey(_ key: Value) {
    switch key {
    case .string(let text), .source(let text): appendQuoted(text)
    case .timestamp(let timestamp): appendQuoted(timestamp.isoFormat)
    case .secret(let secret):
      if encoding.revealsSecrets { appendKey(secret.revealed) } else { appendQuoted(Secret.mask) }
    case .null, .omit, .bool, .int, .bigInt, .float:
      bytes.append(quote)
      write(key, level: 0)
      bytes.append(quote)
    case .list, .dict: appendQuoted(JSONEncoding(revealingSecrets: encoding.revealsSecrets).text(of: key))
    }
  }

  private mutating func breakLine(_ level: Int) {
    guard let indent = encoding.indent else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, indent * level)))
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ number: Int) {
    bytes += String(number).utf8
  }

  private func floatText(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return PythonText.repr(number)
  }

  private mutating func appendQuoted(_ text: String) {
    var text = text
    bytes.append(quote)
    let ensureASCII = encoding.ensureASCII
    text.withUTF8 { utf8 in
      var from = 0
      while from < utf8.count {
        let end = endOfPlainRun(in: utf8, from: from, ensureASCII: ensureASCII)
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[from..<end]))
        from = end
        if from < utf8.count { from += appendEscaped(at: from, in: utf8) }
      }
    }
    bytes.append(quote)
  }

  /// Writes the escape for the character that starts here; gives the bytes it takes in the source.
  private mutating func appendEscaped(at index: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
    let byte = utf8[index]
    switch byte {
    case quote: append("\\\"")
    case backslash: append("\\\\")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case 0x09: append("\\t")
    case 0x08: append("\\b")
    case 0x0C: append("\\f")
    case 0..<0x80: appendHexEscape(UInt32(byte))
    default: return appendScalarEscape(at: index, in: utf8)
    }
    return 1
  }

  private mutating func appendScalarEscape(at index: Int, in utf8: UnsafeBufferPointer<UInt8>) -> Int {
    let lead = utf8[index]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    var scalar = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length { scalar = scalar << 6 | UInt32(utf8[index + offset] & 0x3F) }
    if scalar < 0x1_0000 {
      appendHexEscape(scalar)
    } else {
      appendHexEscape(0xD800 + ((scalar - 0x1_0000) >> 10))
      appendHexEscape(0xDC00 + ((scalar - 0x1_0000) & 0x3FF))
    }
    return length
  }

  private mutating func appendHexEscape(_ unit: UInt32) {
    append("\\u")
    for shift in [12, 8, 4, 0] as [UInt32] {
      let digit = UInt8((unit >> shift) & 0xF)
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

/// The index of the first byte that needs an escape. With `ensureASCII`, DEL and above: Python writes DEL as it is.
private func endOfPlainRun(in utf8: UnsafeBufferPointer<UInt8>, from: Int, ensureASCII: Bool) -> Int {
  var index = from
  while index < utf8.count {
    let byte = utf8[index]
    if byte < 0x20 || byte == quote || byte == backslash || (ensureASCII && byte >= 0x80) { break }
    index += 1
  }
  return index
}

private func isOrdered(_ left: Value, _ right: Value) -> Bool {
  switch (left.revealed, right.revealed) {
  case (.string(let left), .string(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
  case (.timestamp(let left), .timestamp(let right)): left.description < right.description
  case (let left, let right):
    if let leftNumber = left.sortNumber, let rightNumber = right.sortNumber {
      leftNumber < rightNumber
    } else {
      left.sortRank < right.sortRank
    }
  }
}

extension Value {
  fileprivate var isOmit: Bool {
    if case .omit = self { true } else { false }
  }

  fileprivate var sortNumber: Double? {
    switch self {
    case .bool(let flag): flag ? 1 : 0
    case .int(let number): Double(number)
    case .bigInt(let number): Double(number)
    case .float(let number): number
    default: nil
    }
  }

  fileprivate var sortRank: Int {
    switch self {
    case .null, .omit: 0
    case .bool, .int, .bigInt, .float: 1
    case .string, .source: 2
    case .timestamp: 3
    case .list, .dict, .secret: 4
    }
  }
}
