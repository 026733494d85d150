/// Strings as Python sees them: sequences of code points. All work is on scalars and bytes; `Character` plays no part.
enum PythonString {
  static func isASCII(_ text: String) -> Bool { text.utf8.allSatisfy { $0 < 0x80 } }

  static func count(_ text: String) -> Int {
    var text = text
    return text.withUTF8 { bytes in
      var count = 0
      for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
      return count
    }
  }

  static func characters(of text: String) -> [String] { text.unicodeScalars.map { String($0) } }

  static func element(of text: String, at index: Int) -> String? {
    if index >= 0 {
      let scalars = text.unicodeScalars
      guard let position = scalars.index(scalars.startIndex, offsetBy: index, limitedBy: scalars.endIndex),
        position < scalars.endIndex
      else { return nil }
      return String(scalars[position])
    }
    let scalars = text.unicodeScalars
    guard let position = scalars.index(scalars.endIndex, offsetBy: index, limitedBy: scalars.startIndex) else {
      return nil
    }
    return String(scalars[position])
  }

  /// The byte offset where `needle` first stands at or after `start`.
  static func find(_ needle: String, in text: String, from start: Int = 0) -> Int? {
    var needle = needle
    var text = text
    return text.withUTF8 { text in needle.withUTF8 { needle in find(needle, in: text, from: start) } }
  }

  static func find(
    _ needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    if needle.isEmpty { return start <= text.count ? start : nil }
    guard text.count >= needle.count, start <= text.count - needle.count else { return nil }
    let first = needle[0]
    for offset in start...(text.count - needle.count) where text[offset] == first {
      var length = 1
      while length < needle.count && text[offset + length] == needle[length] { length += 1 }
      if length == needle.count { return offset }
    }
    return nil
  }

  static func reverseFind(_ needle: String, in text: String) -> Int? {
    let needle = Array(needle.utf8)
    let text = Array(text.utf8)
    guard text.count >= needle.count else { return nil }
    for offset in stride(from: text.count - needle.count, through: 0, by: -1)
    where text[offset..<(offset + needle.count)].elementsEqual(needle) { return offset }
    return nil
  }

  /// All places where `old` stands become `new`, at most `limit` of them where it is not negative.
  static func replace(_ old: String, with new: String, in text: String, limit: Int = -1) -> String {
    if limit == 0 { return text }
    if old.isEmpty { return interleave(new, in: text, limit: limit) }
    var (old, new, text) = (old, new, text)
    return text.withUTF8 { text in old.withUTF8 { old in new.withUTF8 { replace(old, with: $0, in: text, limit: limit) } } }
  }

  private static func replace(
    _ old: UnsafeBufferPointer<UInt8>, with new: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, limit: Int
  ) -> String {
    var result = TextBuffer()
    var left = limit
    var start = 0
    while left != 0, let offset = find(old, in: text, from: start) {
      result.append(UnsafeBufferPointer(rebasing: text[start..<offset]))
      result.append(new)
      start = offset + old.count
      left -= 1
    }
    result.append(UnsafeBufferPointer(rebasing: text[start...]))
    return result.text
  }

  private static func interleave(_ new: String, in text: String, limit: Int) -> String {
    var result = ""
    var left = limit
    for scalar in text.unicodeScalars {
      if left != 0 {
        result += new
        left -= 1
      }
      result.unicodeScalars.append(scalar)
    }
    return left != 0 ? result + new : result
  }

  static func split(_ text: String, by separator: String, limit: Int = -1) -> [String] {
    var parts: [String] = []
    var left = limit
    var text = text
    var separator = separator
    text.withUTF8 { bytes in
      separator.withUTF8 { separator in
        var start = 0
        while left != 0, let offset = find(separator, in: bytes, from: start) {
          parts.append(String(decoding: bytes[start..<offset], as: UTF8.self))
          start = offset + separator.count
          left -= 1
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
      }
    }
    return parts
  }

  /// Split at runs of white space, without empty parts; what is left after `limit` splits stays whole.
  static func splitAtSpace(_ text: String, limit: Int = -1) -> [String] {
    var parts: [String] = []
    var rest = text.unicodeScalars[...]
    var left = limit
    while true {
      rest = rest.drop(while: isSpace)
      if rest.isEmpty { return parts }
      if left == 0 {
        parts.append(String(rest))
        return parts
      }
      let word = rest.prefix { !isSpace($0) }
      parts.append(String(word))
      rest = rest[word.endIndex...]
      left -= 1
    }
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// Without white space, or the characters given, at the ends asked for.
  static func strip(_ text: String, _ characters: String? = nil, left: Bool = true, right: Bool = true) -> String {
    let set = characters.map { Set($0.unicodeScalars) }
    func goes(_ scalar: Unicode.Scalar) -> Bool { set?.contains(scalar) ?? isSpace(scalar) }
    var rest = text.unicodeScalars[...]
    if left { rest = rest.drop(while: goes) }
    if right { while let last = rest.last, goes(last) { rest.removeLast() } }
    return String(rest)
  }

  /// Python's `splitlines`: at every kind of line end.
  static func lines(_ text: String, keepsEnds: Bool = false) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var scalars = text.unicodeScalars.makeIterator()
    var pending: Unicode.Scalar?
    while let scalar = pending ?? scalars.next() {
      pending = nil
      guard isLineEnd(scalar) else {
        line.append(scalar)
        continue
      }
      if keepsEnds { line.append(scalar) }
      if scalar == "\r" {
        pending = scalars.next()
        if pending == "\n" {
          pending = nil
          if keepsEnds { line.append("\n") }
        }
      }
      lines.append(String(line))
      line = String.UnicodeScalarView()
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }

  static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  static func hasPrefix(_ text: String, _ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }

  static func hasSuffix(_ text: String, _ suffix: String) -> Bool {
    text.utf8.count >= suffix.utf8.count && text.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }

  static func capitalized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "" }
    return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst()).lowercased()
  }

  /// Python's slice of a string, by code points.
  static func slice(_ text: String, _ slice: Slice) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for index in slice.indices(count: scalars.count) { result.append(scalars[index]) }
    return String(result)
  }
}

/// `start:stop:step` of a subscript.
struct Slice {
  var start: Int?
  var stop: Int?
  var step: Int

  func indices(count: Int) -> StrideTo<Int> {
    let bounds = bounds(count: count)
    return stride(from: bounds.from, to: bounds.to, by: step)
  }

  /// The first place, and the one that is not reached any more.
  func bounds(count: Int) -> (from: Int, to: Int) {
    func bounded(_ index: Int, _ low: Int, _ high: Int) -> Int {
      min(max(index < 0 ? index + count : index, low), high)
    }
    if step > 0 {
      return (start.map { bounded($0, 0, count) } ?? 0, stop.map { bounded($0, 0, count) } ?? count)
    }
    return (start.map { bounded($0, -1, count - 1) } ?? count - 1, stop.map { bounded($0, -1, count - 1) } ?? -1)
  }
}
