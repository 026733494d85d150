import Model

/// The body of a web request from a `body` argument of any kind, in the format asked for.
enum RequestBody {
  static func bytes(of value: Value, format: String) -> [UInt8] {
    switch format {
    case "json":
      if let text = value.string { return Array(text.utf8) }
      return JSONEncoding(revealingSecrets: true).bytes(of: value.revealed)
    case "form-urlencoded":
      guard let pairs = pairs(of: value) else { return Array(value.revealedText.utf8) }
      return Array(pairs.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&").utf8)
    default:
      return Array(value.revealedText.utf8)
    }
  }

  /// A dict, whose values may be lists, or a list of pairs.
  private static func pairs(of value: Value) -> [(String, String)]? {
    if let entries = value.dict {
      return entries.flatMap { key, value in
        (value.list ?? [value]).map { (key.revealedText, $0.revealedText) }
      }
    }
    return value.list?.compactMap { pair in
      guard let parts = pair.list, parts.count == 2 else { return nil }
      return (parts[0].revealedText, parts[1].revealedText)
    }
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
        return String(UnicodeScalar(byte))
      case UInt8(ascii: " "): return "+"
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" + digits : digits)
      }
    }.joined()
  }
}
