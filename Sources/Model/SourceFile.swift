/// The text of one file that a user wrote, or of something like a file (`-e` on the command line).
package final class SourceFile: Sendable {
  /// As the user would name it in a shell: the path given, or `<command line>`.
  package let path: String
  package let text: String
  /// A vault sealed the file: messages say where something stands, and do not show it.
  package let isSealed: Bool

  package init(path: String, text: String, isSealed: Bool = false) {
    self.path = path
    self.text = text
    self.isSealed = isSealed
  }

  /// A line for a message; empty where it is to stay secret.
  package func shownLine(_ number: Int) -> Substring { isSealed ? "" : line(number) }

  /// The text of a line, counted from 1, without its line break; empty past the end.
  package func line(_ number: Int) -> Substring {
    let line = text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: number, omittingEmptySubsequences: false)
      .dropFirst(number - 1).first ?? ""[...].utf8
    return Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
  }
}

/// A place in a source file. Lines and columns count from 1; columns count Unicode scalars, as libyaml does.
package struct SourceSpan: Sendable {
  package let file: SourceFile
  package var line: Int
  package var column: Int
  /// How many scalars of that line to underline; at least 1.
  package var length: Int

  package init(file: SourceFile, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
  }
}

extension SourceSpan: Hashable, CustomStringConvertible {
  package static func == (left: SourceSpan, right: SourceSpan) -> Bool {
    left.file.path == right.file.path && left.line == right.line && left.column == right.column
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(file.path)
    hasher.combine(line)
    hasher.combine(column)
  }

  /// `site.yml:12:7`.
  package var description: String { "\(file.path):\(line):\(column)" }
}
