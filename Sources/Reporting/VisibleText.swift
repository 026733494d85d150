/// Text from hosts, made safe to show: whatever a terminal would obey instead of print is written out as an escape.
extension String {
  /// Control characters (but line feed and tab), C1 controls and the marks that reorder text as `\x1b`, `\x9b`, `\u202e`.
  package var visible: String {
    guard utf8.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 }) else {
      return self
    }
    var result = ""
    result.reserveCapacity(utf8.count + 16)
    var scalars = unicodeScalars.makeIterator()
    var current = scalars.next()
    while let scalar = current {
      current = scalars.next()
      // A carriage return that ends a line is dropped, as Ansible does.
      if scalar == "\r" && current == "\n" { continue }
      if scalar.isObeyedByTerminals { result += escape(scalar) } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// Bytes as text, those that are no UTF-8 as `\xff`.
  package init(visible bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self = text.visible
      return
    }
    var text = "", rest = bytes[...]
    while !rest.isEmpty {
      let length = scalarLength(at: rest)
      if length > 0 {
        text += String(decoding: rest.prefix(length), as: UTF8.self)
      } else {
        text += "\\x" + hexadecimal(UInt32(rest.first ?? 0), width: 2)
      }
      rest = rest.dropFirst(length > 0 ? length : 1)
    }
    self.init(text.visible)
  }
}

/// How many bytes the scalar that starts here takes; 0 where none does.
private func scalarLength(at bytes: ArraySlice<UInt8>) -> Int {
  let length = bytes.first.map { $0 < 0x80 ? 1 : $0 >= 0xF0 ? 4 : $0 >= 0xE0 ? 3 : 2 } ?? 0
  guard length <= bytes.count else { return 0 }
  return String(validating: bytes.prefix(length), as: UTF8.self) == nil ? 0 : length
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  if scalar == "\r" { return "\\r" }
  return scalar.value < 0x100 ? "\\x" + hexadecimal(scalar.value, width: 2) : "\\u" + hexadecimal(scalar.value, width: 4)
}

private func hexadecimal(_ number: UInt32, width: Int) -> String {
  let digits = String(number, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Unicode.Scalar {
  fileprivate var isObeyedByTerminals: Bool {
    switch value {
    case 0x0A, 0x09: false
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
