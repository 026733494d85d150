/// Swift text with every byte of a comment or a string replaced by a space; quotes and line ends stay.
/// Interpolations are blanked with their string.
struct SwiftBlanking {
  private let input: [UInt8]
  private var position = 0
  private var output: [UInt8] = []

  init(_ text: String) {
    input = Array(text.utf8)
    output.reserveCapacity(input.count)
    while position < input.count { step() }
  }

  var blanked: String { String(decoding: output, as: UTF8.self) }

  private mutating func step() {
    switch input[position] {
    case .slash where starts("//"): while position < input.count, input[position] != .newline { blank() }
    case .slash where starts("/*"): blankComment()
    case .hash, .quote:
      if let hashes = hashesOfString() { blankString(hashes: hashes) } else { keep() }
    default: keep()
    }
  }

  private func starts(_ text: StaticString) -> Bool {
    guard position + text.utf8CodeUnitCount <= input.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { input[position + $0] == text.utf8Start[$0] }
  }

  private func starts(_ bytes: [UInt8]) -> Bool {
    position + bytes.count <= input.count && bytes.indices.allSatisfy { input[position + $0] == bytes[$0] }
  }

  private mutating func keep() {
    output.append(input[position])
    position += 1
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < input.count {
      output.append(input[position] == .newline ? .newline : .space)
      position += 1
    }
  }

  private mutating func blankComment() {
    var depth = 0
    repeat {
      if starts("/*") { depth += 1 } else if starts("*/") { depth -= 1 } else { blank(); continue }
      blank(2)
    } while depth > 0 && position < input.count
  }

  /// How many `#` stand before the quote of a string that starts here; nil where none starts.
  private func hashesOfString() -> Int? {
    var quote = position
    while quote < input.count, input[quote] == .hash { quote += 1 }
    return quote < input.count && input[quote] == .quote ? quote - position : nil
  }

  private mutating func blankString(hashes: Int) {
    for _ in 0..<hashes { keep() }
    let quotes = starts("\"\"\"") ? 3 : 1
    for _ in 0..<quotes { keep() }
    let closing = [UInt8](repeating: .quote, count: quotes) + [UInt8](repeating: .hash, count: hashes)
    let escape = [.backslash] + [UInt8](repeating: .hash, count: hashes)
    while position < input.count, !starts(closing) {
      if quotes == 1, input[position] == .newline { return }
      if starts(escape + [.openingParenthesis]) {
        blankInterpolation(escape.count)
      } else {
        blank(starts(escape) ? escape.count + 1 : 1)
      }
    }
    for _ in closing where position < input.count { keep() }
  }

  /// `\(…)` with the strings in it.
  private mutating func blankInterpolation(_ escapeCount: Int) {
    blank(escapeCount)
    var depth = 0
    repeat {
      if let hashes = hashesOfString() {
        let start = output.count
        blankString(hashes: hashes)
        for index in start..<output.count where output[index] != .newline { output[index] = .space }
        continue
      }
      if input[position] == .openingParenthesis { depth += 1 }
      if input[position] == .closingParenthesis { depth -= 1 }
      blank()
    } while depth > 0 && position < input.count
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n"), space = UInt8(ascii: " ")
  fileprivate static let slash = UInt8(ascii: "/"), backslash = UInt8(ascii: "\\")
  fileprivate static let quote = UInt8(ascii: "\""), hash = UInt8(ascii: "#")
  fileprivate static let openingParenthesis = UInt8(ascii: "("), closingParenthesis = UInt8(ascii: ")")
}
