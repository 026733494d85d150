/// Why the bytes of a file are no UTF-8 text: where the first wrong one is, and how to mend it.
package func reasonNotText(_ bytes: [UInt8]) -> String {
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    return "it is UTF-16, not UTF-8 text (iconv -f UTF-16 -t UTF-8 converts it)"
  }
  let valid = validLength(bytes)
  guard valid < bytes.count else { return "it is not UTF-8 text" }
  let line = bytes[..<valid].reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
  return "it is not UTF-8 text: line \(line) has the byte 0x\(String(bytes[valid], radix: 16)) (iconv -f LATIN1 -t UTF-8 converts what is Latin-1)"
}

/// How many bytes at the start are whole characters.
private func validLength(_ bytes: [UInt8]) -> Int {
  var iterator = bytes.makeIterator()
  var decoder = UTF8()
  var length = 0
  while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
  return length
}
