/// The character references that templates meet.
enum HTMLEntities {
  private static let names: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "\u{A9}", "raquo": "\u{BB}",
    "laquo": "\u{AB}", "hellip": "\u{2026}", "mdash": "\u{2014}", "ndash": "\u{2013}", "euro": "\u{20AC}",
  ]

  static func decoded(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = Substring(text)
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[rest.index(after: mark)...]
      let name = rest.prefix { $0 != ";" && $0 != "&" && $0 != " " }
      guard name.endIndex < rest.endIndex, rest[name.endIndex] == ";", let character = character(String(name)) else {
        result += "&"
        continue
      }
      result += character
      rest = rest[rest.index(after: name.endIndex)...]
    }
    return result + rest
  }

  private static func character(_ name: String) -> String? {
    guard name.hasPrefix("#") else { return names[name] }
    let isHex = name.dropFirst().first == "x" || name.dropFirst().first == "X"
    let code = isHex ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
    return code.flatMap(Unicode.Scalar.init).map { String($0) }
  }
}
