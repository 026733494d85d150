import Foundation

/// An encoding of text by its Python name, as far as the C library knows it.
struct TextEncoding {
  let name: String

  init(_ name: String) { self.name = name }

  func encoded(_ text: String) throws(ActionFailure) -> [UInt8] {
    if ["", "utf8", "u8"].contains(plainName) { return Array(text.utf8) }
    let descriptor = iconv_open(libraryName, "UTF-8")
    guard Int(bitPattern: descriptor) != -1 else { throw .message("unknown encoding: \(name)") }
    defer { iconv_close(descriptor) }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: input.count * 4 + 16)
    var inputLeft = input.count, outputLeft = output.count
    let isWhole = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var from = input.baseAddress, to = output.baseAddress
        return iconv(descriptor, &from, &inputLeft, &to, &outputLeft) != -1 && iconv(descriptor, nil, nil, &to, &outputLeft) != -1
      }
    }
    guard isWhole, inputLeft == 0 else {
      let place = text.utf8.count - inputLeft
      throw .message("'\(name)' codec can't encode the character at byte \(place) of the rendered text")
    }
    return output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }
  }

  private var plainName: String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

  private var libraryName: String {
    switch plainName {
    case "latin1", "l1", "iso88591", "88591": "ISO-8859-1"
    case "latin9", "iso885915": "ISO-8859-15"
    case "ascii", "usascii": "ASCII"
    case "utf16": "UTF-16"
    case "utf16le": "UTF-16LE"
    case "utf16be": "UTF-16BE"
    case "utf32": "UTF-32"
    default: name.lowercased().hasPrefix("windows-") ? "CP" + name.dropFirst("windows-".count) : name.replacing("_", with: "-")
    }
  }
}
