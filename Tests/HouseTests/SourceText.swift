/// A file of the tree as rules see it: its lines as written, and, for Swift, the same lines with the content of
/// comments and strings blanked, so that a rule about code looks at code only.
struct SourceText {
  /// Relative to the top of the tree, such as `Sources/Model/Value.swift`.
  let path: String
  let lines: [String]
  let code: [String]

  init(path: String, text: String) {
    self.path = path
    lines = Self.split(text)
    code = path.hasSuffix(".swift") ? Self.split(SwiftBlanking(text).blanked) : lines
  }

  var isSwift: Bool { path.hasSuffix(".swift") }

  /// `Model` for a file below Sources/Model or Tests/Model; nil elsewhere.
  var target: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && (parts[0] == "Sources" || parts[0] == "Tests") ? String(parts[1]) : nil
  }

  var isSource: Bool { path.hasPrefix("Sources/") }

  /// 1-based numbers and texts of the lines of code that hold one of the words and match; the words are there because
  /// looking for them is a hundred times faster than a regex.
  func code(with words: [String], matching pattern: some RegexComponent) -> [(number: Int, line: String)] {
    code.indices.filter { index in
      words.contains { code[index].contains($0) } && code[index].contains(pattern)
    }.map { ($0 + 1, code[$0]) }
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
