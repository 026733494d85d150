/// How long things may be.
extension HouseRule {
  private static let fileLinesMax = 400
  private static let functionLinesMax = 60
  private static let columnsMax = 140

  static let fileLength = HouseRule("a file has at most \(fileLinesMax) lines") { file in
    guard file.isSwift, file.lines.count > fileLinesMax + 1 else { return [] }
    return [Finding(file, fileLinesMax + 1, "\(file.lines.count) lines, \(fileLinesMax) at most: one concept, one file")]
  }

  static let functionLength = HouseRule("a function has at most \(functionLinesMax) lines") { file in
    guard file.isSwift else { return [] }
    return functions(of: file).filter { $0.count > functionLinesMax }.map {
      Finding(file, $0.lowerBound, "a function of \($0.count) lines, \(functionLinesMax) at most")
    }
  }

  /// What stands in string literals and comments does not count: a table of texts reads best with one row a line.
  static let lineLength = HouseRule("a line of Swift has at most \(columnsMax) columns") { file in
    guard file.isSwift else { return [] }
    return file.lines.enumerated().filter { $1.count > columnsMax && file.code[$0].columnsOfCode > columnsMax }.map {
      Finding(file, $0 + 1, "\($1.count) columns, \(columnsMax) at most")
    }
  }

  /// 1-based line ranges of functions, initialisers and subscripts, from their first word to the closing brace.
  static func functions(of file: SourceText) -> [ClosedRange<Int>] {
    let modifiers = #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:[a-z]+(?:\([a-z]+\))?\s+)*(?:func\s|init[?!]?\s*[(<]|subscript\s*[(<])/#
    return file.code(with: ["func ", "init", "subscript"], matching: modifiers).compactMap { number, _ in
      closingLine(of: file, from: number - 1).map { number...$0 + 1 }
    }
  }

  /// The line on which the first brace after a declaration closes; nil for one without a body.
  private static func closingLine(of file: SourceText, from start: Int) -> Int? {
    var braces = 0, parentheses = 0, hasBody = false
    for line in start..<file.code.count {
      for byte in file.code[line].utf8 {
        switch byte {
        case UInt8(ascii: "("): parentheses += 1
        case UInt8(ascii: ")"): parentheses -= 1
        case UInt8(ascii: "{") where parentheses == 0 || hasBody: braces += 1; hasBody = true
        case UInt8(ascii: "}") where hasBody: braces -= 1
        case UInt8(ascii: "}") where parentheses == 0: return nil
        default: break
        }
        if hasBody && braces == 0 { return line }
      }
      if !hasBody, parentheses == 0, line + 1 < file.code.count, file.code[line + 1].startsDeclaration { return nil }
    }
    return nil
  }
}

extension String {
  /// Columns of a blanked line without the long stretches where a literal stood.
  fileprivate var columnsOfCode: Int {
    allSatisfy { $0 == " " } ? 0 : replacing(#/(\S) {8,}/#) { $0.output.1 }.count
  }

  /// A line without a brace is followed by one that starts the next declaration: the one before had no body.
  fileprivate var startsDeclaration: Bool {
    let words = ["func", "init", "var", "let", "struct", "enum", "class", "actor", "extension", "protocol", "case", "subscript"]
    let modifiers = ["package", "public", "private", "fileprivate", "static", "mutating", "nonisolated", "associatedtype"]
    let first = split(separator: " ").lazy.map { $0.prefix { $0.isLetter } }.first { !modifiers.contains(String($0)) }
    return first.map { words.contains(String($0)) } ?? false
  }
}
