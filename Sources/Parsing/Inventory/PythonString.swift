import Model

/// One string or bytes literal as Python's source code writes it.
struct PythonString {
  let text: String
  let isBytes: Bool

  /// Reads a literal with its prefix and moves `position` past it; nil where none stands there, or it is no UTF-8.
  init?(reading bytes: [UInt8], at position: inout Int) {
    var place = position
    var isRaw = false, isBytes = false
    prefix: while place < bytes.count, place < position + 2 {
      switch bytes[place] | 32 {
      case UInt8(ascii: "r") where !isRaw: isRaw = true
      case UInt8(ascii: "b") where !isBytes: isBytes = true
      case UInt8(ascii: "u") where place == position && !isRaw && !isBytes:
        place += 1
        break prefix
      default: break prefix
      }
      place += 1
    }
    guard place < bytes.count, bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\"") else { return nil }
    var reader = Body(bytes: bytes, place: place, isRaw: isRaw, isBytes: isBytes)
    guard let content = reader.read(), let text = String(validating: content, as: UTF8.self) else { return nil }
    self.text = text
    self.isBytes = isBytes
    position = reader.place
  }

  private struct Body {
    let bytes: [UInt8]
    var place: Int
    let isRaw: Bool
    let isBytes: Bool
    var content: [UInt8] = []

    mutating func read() -> [UInt8]? {
      let quote = bytes[place]
      let isTriple = bytes.dropFirst(place).starts(with: [quote, quote, quote])
      let close = [UInt8](repeating: quote, count: isTriple ? 3 : 1)
      place += close.count
      while place < bytes.count {
        if bytes.dropFirst(place).starts(with: close) {
          place += close.count
          return content
        }
        let byte = bytes[place]
        guard byte != 10 || isTriple, byte < 128 || !isBytes else { return nil }
        place += 1
        if byte != UInt8(ascii: "\\") {
          content.append(byte)
        } else if isRaw {
          guard place < bytes.count else { return nil }
          content += [byte, bytes[place]]
          place += 1
        } else if !escape() {
          return nil
        }
      }
      return nil
    }

    private mutating func escape() -> Bool {
      guard place < bytes.count else { return false }
      let byte = bytes[place]
      place += 1
      switch byte {
      case 10: return true
      case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(byte)
      case UInt8(ascii: "n"): content.append(10)
      case UInt8(ascii: "t"): content.append(9)
      case UInt8(ascii: "r"): content.append(13)
      case UInt8(ascii: "a"): content.append(7)
      case UInt8(ascii: "b"): content.append(8)
      case UInt8(ascii: "f"): content.append(12)
      case UInt8(ascii: "v"): content.append(11)
      case UInt8(ascii: "0")...UInt8(ascii: "7"): return octal(byte)
      case UInt8(ascii: "x"): return hexadecimal(digits: 2)
      case UInt8(ascii: "u") where !isBytes: return hexadecimal(digits: 4)
      case UInt8(ascii: "U") where !isBytes: return hexadecimal(digits: 8)
      // Characters by name are not known here: the text then means itself.
      case UInt8(ascii: "N") where !isBytes: return false
      default: content += [UInt8(ascii: "\\"), byte]
      }
      return true
    }

    private mutating func octal(_ first: UInt8) -> Bool {
      var number = UInt32(first - 48), digits = 1
      while digits < 3, place < bytes.count, (48...55).contains(bytes[place]) {
        number = number * 8 + UInt32(bytes[place] - 48)
        place += 1
        digits += 1
      }
      return append(number)
    }

    private mutating func hexadecimal(digits: Int) -> Bool {
      guard place + digits <= bytes.count else { return false }
      let text = String(decoding: bytes[place..<place + digits], as: UTF8.self)
      guard text.allSatisfy(\.isHexDigit), let number = UInt32(text, radix: 16) else { return false }
      place += digits
      return append(number)
    }

    private mutating func append(_ number: UInt32) -> Bool {
      if isBytes {
        content.append(UInt8(truncatingIfNeeded: number))
        return true
      }
      guard let scalar = Unicode.Scalar(number) else { return false }
      content += Array(String(scalar).utf8)
      return true
    }
  }
}
