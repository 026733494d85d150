/// A host as inventories and patterns write it: name, IPv4 or IPv6 address, perhaps with a port, perhaps with ranges.
package struct HostAddress: Sendable, Equatable {
  package var host: String
  package var port: Int?

  /// Nil where the text is neither a name nor an address. An IPv6 address has a port only in brackets.
  package init?(_ text: String, allowsRanges: Bool) {
    var address = text[...]
    var port: Int?
    if address.hasPrefix("["), let (inner, number) = Self.splitPort(address), inner.hasSuffix("]"), inner.count > 2 {
      address = inner.dropFirst().dropLast()
      port = number
    }
    if let (inner, number) = Self.splitPort(address), Self.hasClosedBracketsOnly(inner) {
      address = inner
      port = number
    }
    guard Self.isName(address) || Self.isIPv6(address) else { return nil }
    guard allowsRanges || !address.utf8.contains(UInt8(ascii: "[")) else { return nil }
    host = String(address)
    self.port = port
  }

  /// Text before and number after the last colon, where what follows it is digits.
  private static func splitPort(_ text: Substring) -> (Substring, Int)? {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
    let digits = text[text.utf8.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy(isDigit), let number = Int(digits) else { return nil }
    return (text[..<colon], number)
  }

  /// No colon or bracket but in complete brackets.
  private static func hasClosedBracketsOnly(_ text: Substring) -> Bool {
    var isInside = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "[") where !isInside: isInside = true
      case UInt8(ascii: "]"):
        guard isInside else { return false }
        isInside = false
      case UInt8(ascii: ":"), UInt8(ascii: "["):
        guard isInside else { return false }
      default: break
      }
    }
    return !isInside
  }
}

extension HostAddress {
  package static func isIPv4(_ text: some StringProtocol) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) && Int($0)! <= 255 }
  }

  /// An IPv6 address; each of its parts may be a range such as `[1:ff]`.
  package static func isIPv6(_ text: some StringProtocol) -> Bool {
    guard let parts = colonParts(Array(text.utf8)), parts.count >= 3 else { return false }
    let gaps = parts.indices.dropFirst().dropLast().filter { parts[$0].isEmpty }
    let tail = parts.last!.isEmpty ? 0 : (isDottedQuad(parts.last!) ? 2 : 1)
    let named = parts.dropLast().filter { !$0.isEmpty }
    guard named.allSatisfy(isIPv6Part), tail != 1 || isIPv6Part(parts.last!) else { return false }
    if tail == 2, !named.allSatisfy({ $0 == [48] || String(decoding: $0, as: UTF8.self).lowercased() == "ffff" }) {
      return false
    }
    let total = named.count + tail
    let startsEmpty = parts.first!.isEmpty, endsEmpty = parts.last!.isEmpty
    if gaps.isEmpty { return !startsEmpty && !endsEmpty && total == 8 }
    // `::` at either end leaves a second empty part there.
    let emptiesExpected = 1 + (startsEmpty ? 1 : 0) + (endsEmpty ? 1 : 0)
    guard parts.filter(\.isEmpty).count == emptiesExpected, !startsEmpty || parts[1].isEmpty,
      !endsEmpty || parts[parts.count - 2].isEmpty
    else { return false }
    if startsEmpty && endsEmpty { return parts.count == 3 }
    return total <= (startsEmpty || endsEmpty ? 6 : 7)
  }

  private static func colonParts(_ bytes: [UInt8]) -> [[UInt8]]? {
    var parts: [[UInt8]] = [[]], isInside = false
    for byte in bytes {
      switch byte {
      case UInt8(ascii: ":") where !isInside:
        parts.append([])
        continue
      case UInt8(ascii: "["): isInside = true
      case UInt8(ascii: "]"): isInside = false
      default: break
      }
      parts[parts.count - 1].append(byte)
    }
    return isInside ? nil : parts
  }

  private static func isIPv6Part(_ part: [UInt8]) -> Bool {
    if part.first == UInt8(ascii: "[") { return isRange(part, of: isHexDigit) }
    return (1...4).contains(part.count) && part.allSatisfy(isHexDigit)
  }

  private static func isDottedQuad(_ part: [UInt8]) -> Bool {
    let quads = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return quads.count == 4 && quads.allSatisfy { isIPv6Part(Array($0)) }
  }

  /// A host name of labels; each may hold ranges, and none may end in `-` or `_`.
  private static func isName(_ text: Substring) -> Bool {
    var last: UInt8 = UInt8(ascii: "."), range: [UInt8]?
    for byte in text.utf8 {
      if range != nil {
        range!.append(byte)
        guard byte == UInt8(ascii: "]") else { continue }
        guard isLabelRange(range!) else { return false }
        range = nil
        last = byte
        continue
      }
      switch byte {
      case UInt8(ascii: "["): range = [byte]
      case UInt8(ascii: "."):
        guard last != UInt8(ascii: "."), last != UInt8(ascii: "-"), last != UInt8(ascii: "_") else { return false }
        last = byte
      case UInt8(ascii: "-"):
        guard last != UInt8(ascii: ".") else { return false }
        last = byte
      default:
        guard isWordByte(byte) else { return false }
        last = byte
      }
    }
    return range == nil && last != UInt8(ascii: ".") && last != UInt8(ascii: "-") && last != UInt8(ascii: "_")
  }

  private static func isLabelRange(_ range: [UInt8]) -> Bool {
    isRange(range, of: isDigit) || (isRange(range, of: isLetter) && singleLetters(range))
  }

  private static func singleLetters(_ range: [UInt8]) -> Bool {
    range.count >= 5 && range[2] == UInt8(ascii: ":") && (range[4] == UInt8(ascii: ":") || range[4] == UInt8(ascii: "]"))
  }

  /// `[begin:end]` or `[begin:end:step]`.
  private static func isRange(_ text: [UInt8], of isMember: (UInt8) -> Bool) -> Bool {
    guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count >= 5 else { return false }
    let bounds = text.dropFirst().dropLast().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard bounds.count == 2 || bounds.count == 3, bounds.allSatisfy({ !$0.isEmpty }) else { return false }
    return bounds.prefix(2).allSatisfy { $0.allSatisfy(isMember) } && bounds.dropFirst(2).allSatisfy { $0.allSatisfy(isDigit) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
  private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 32) }
  private static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (97...102).contains(byte | 32) }
}
