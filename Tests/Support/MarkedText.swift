import Model

/// Text as a user could write it, with marks such as 1️⃣ in front of what diagnostics are due about.
package struct MarkedText: Sendable {
  private struct Mark: Sendable {
    var symbol: Character
    var line: Int
    var column: Int
  }

  /// The text without its marks.
  package let text: String
  private let marks: [Mark]

  package init(_ marked: String) {
    var text = ""
    var marks: [Mark] = []
    var line = 1
    var column = 1
    for character in marked {
      if Self.isMark(character) {
        marks.append(Mark(symbol: character, line: line, column: column))
        continue
      }
      text.append(character)
      if character == "\n" { (line, column) = (line + 1, 1) } else { column += character.unicodeScalars.count }
    }
    self.text = text
    self.marks = marks
  }

  package func file(_ path: String = "site.yml") -> SourceFile { SourceFile(path: path, text: text) }

  /// One line per diagnostic, in order: `1️⃣ error: message [advice]`, with `line:column` where no mark stands.
  package func lines(of diagnostics: Diagnostics) -> [String] {
    diagnostics.all.map { diagnostic in
      let advice = diagnostic.advice.map { " [\($0)]" } ?? ""
      return "\(place(of: diagnostic)) \(diagnostic.severity): \(diagnostic.message)\(advice)"
    }
  }

  private func place(of diagnostic: Diagnostic) -> String {
    guard let span = diagnostic.span else { return "nowhere" }
    let mark = marks.first { $0.line == span.line && $0.column == span.column }
    return mark.map { String($0.symbol) } ?? "\(span.line):\(span.column)"
  }

  /// A keycap: a digit, U+FE0F and U+20E3.
  private static func isMark(_ character: Character) -> Bool {
    character.unicodeScalars.count == 3 && character.unicodeScalars.last == "\u{20E3}"
  }
}
