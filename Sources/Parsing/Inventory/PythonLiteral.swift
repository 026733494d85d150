import BigInt
import Model

/// Reads text as a Python literal, as `ast.literal_eval` does: what INI inventories and `key=value` settings hold.
///
/// Tuples and sets become lists, bytes become text, and complex numbers and `...` become their text, as Ansible has it.
package struct PythonLiteral {
  /// The literal's value; nil where the text is none, and so means itself.
  package static func value(of text: String) -> Value? {
    guard let first = text.utf8.first(where: { $0 != 32 && $0 != 9 }), mayStartLiteral(first) else { return nil }
    var reader = PythonLiteral(text)
    guard let value = reader.topLevel(), reader.isAtEnd else { return nil }
    return value
  }

  /// Names other than True, False, None, set and string prefixes never begin a literal.
  private static func mayStartLiteral(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "'\"([{+-.TFNsrRuUbB".utf8.contains(byte)
    }
  }

  /// CPython's own limit of brackets in brackets.
  private static let depthMax = 200

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(_ text: String) { bytes = Array(text.utf8) }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return current == nil
    }
  }

  /// Blanks and comments; a value is one line, so a comment ends it.
  private mutating func skipBlanks() {
    while let byte = current {
      if byte == UInt8(ascii: "#") { position = bytes.count }
      guard byte == 32 || byte == 9 || byte == 12 || (byte == 10 && depth > 0) else { return }
      position += 1
    }
  }

  private mutating func take(_ text: StaticString) -> Bool {
    skipBlanks()
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count else { return false }
    for offset in 0..<text.utf8CodeUnitCount where bytes[position + offset] != text.utf8Start[offset] { return false }
    position = end
    return true
  }

  /// An element, or a tuple without parentheses.
  private mutating func topLevel() -> Value? {
    guard let first = element() else { return nil }
    guard take(",") else { return first }
    guard var rest = elements(until: nil) else { return nil }
    rest.insert(first, at: 0)
    return .list(rest)
  }

  private mutating func element() -> Value? {
    skipBlanks()
    guard let byte = current else { return nil }
    switch byte {
    case UInt8(ascii: "["): return bracketed { reader in reader.elements(until: "]").map(Value.list) }
    case UInt8(ascii: "("): return bracketed { reader in reader.parenthesized() }
    case UInt8(ascii: "{"): return bracketed { reader in reader.dictOrSet() }
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
      return take("...") ? .string("...") : signedNumber()
    default: return word() ?? strings()
    }
  }

  private mutating func bracketed(_ body: (inout PythonLiteral) -> Value?) -> Value? {
    guard depth < Self.depthMax else { return nil }
    position += 1
    depth += 1
    defer { depth -= 1 }
    return body(&self)
  }

  /// Elements up to and with the closing bracket; nil closes at the end of the text.
  private mutating func elements(until close: StaticString?) -> [Value]? {
    var found: [Value] = []
    while true {
      if let close, take(close) { return found }
      if close == nil, isAtEnd { return found }
      guard let next = element() else { return nil }
      found.append(next)
      if take(",") { continue }
      if let close { return take(close) ? found : nil }
      return isAtEnd ? found : nil
    }
  }

  private mutating func parenthesized() -> Value? {
    if take(")") { return .list([]) }
    guard let first = element() else { return nil }
    if take(")") { return first }
    guard take(","), var rest = elements(until: ")") else { return nil }
    rest.insert(first, at: 0)
    return .list(rest)
  }

  private mutating func dictOrSet() -> Value? {
    if take("}") { return .dict([:]) }
    guard let first = element() else { return nil }
    guard take(":") else { return set(startingWith: first) }
    var entries: Value.Dict = [:]
    var key = first
    while true {
      guard key.isHashable, let value = element() else { return nil }
      entries[key] = value
      if take("}") { return .dict(entries) }
      guard take(",") else { return nil }
      if take("}") { return .dict(entries) }
      guard let next = element(), take(":") else { return nil }
      key = next
    }
  }

  private mutating func set(startingWith first: Value) -> Value? {
    var members = [first]
    if take(",") {
      guard let rest = elements(until: "}") else { return nil }
      members += rest
    } else if !take("}") {
      return nil
    }
    guard members.allSatisfy(\.isHashable) else { return nil }
    var seen: Set<Value> = []
    return .list(members.filter { seen.insert($0).inserted })
  }

  private mutating func word() -> Value? {
    let names: [(StaticString, Value)] = [("True", true), ("False", false), ("None", nil)]
    for (name, value) in names {
      let start = position
      if take(name) {
        if current.map(isWordByte) != true { return value }
        position = start
      }
    }
    let start = position
    if take("set"), take("("), take(")") { return .list([]) }
    position = start
    return nil
  }

  /// Adjacent string literals are one.
  private mutating func strings() -> Value? {
    var text: String?
    var isBytes: Bool?
    while true {
      skipBlanks()
      let start = position
      guard let part = PythonString(reading: bytes, at: &position) else {
        position = start
        return text.map(Value.string)
      }
      guard isBytes == nil || isBytes == part.isBytes else { return nil }
      isBytes = part.isBytes
      text = (text ?? "") + part.text
    }
  }

  private mutating func signedNumber() -> Value? {
    let isNegative = current == UInt8(ascii: "-")
    if isNegative || current == UInt8(ascii: "+") { position += 1 }
    skipBlanks()
    guard let number = PythonNumber(reading: bytes, at: &position) else { return nil }
    let real = isNegative ? number.negated : number
    skipBlanks()
    guard current == UInt8(ascii: "+") || current == UInt8(ascii: "-") else { return real.value }
    let sign = current == UInt8(ascii: "-")
    position += 1
    skipBlanks()
    guard let imaginary = PythonNumber(reading: bytes, at: &position) else { return nil }
    return real.plus(sign ? imaginary.negated : imaginary)
  }
}

/// Letters, digits and underscores, and all that isn't ASCII.
func isWordByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 128...255,
    UInt8(ascii: "0")...UInt8(ascii: "9"):
    true
  default: false
  }
}

extension Value {
  /// What Python can use as a key.
  fileprivate var isHashable: Bool {
    switch self {
    case .list, .dict: false
    case .null, .bool, .int, .bigInt, .float, .string, .source, .timestamp, .secret, .omit: true
    }
  }
}
