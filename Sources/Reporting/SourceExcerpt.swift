import Model

/// A diagnostic as the default output shows it under `[ERROR]:`: the message, its place, and the lines around it.
struct SourceExcerpt {
  private static let linesBefore = 2
  private static let widthMax = 120

  let diagnostic: Diagnostic
  let settings: OutputSettings

  /// Ends in one line feed where it is a single line, in two otherwise, so that an empty line follows.
  var text: String {
    var lines = [diagnostic.message]
    if let span = diagnostic.span {
      lines.append("Origin: \(settings.absolute(span.file.path)):\(span.line):\(span.column)")
      let excerpt = excerpt(of: span)
      if !excerpt.isEmpty { lines += [""] + excerpt }
    }
    if let advice = diagnostic.advice { lines += ["", advice] }
    let text = lines.joined(separator: "\n")
    return text + (text.contains("\n") ? "\n\n" : "\n")
  }

  private func excerpt(of span: SourceSpan) -> [String] {
    guard !span.file.shownLine(span.line).isEmpty else { return [] }
    let labelWidth = String(span.line).count
    let room = Self.widthMax - labelWidth - 1
    var lines = (max(1, span.line - Self.linesBefore)...span.line).map { number in
      let line = shortened(span.file.line(number), to: room)
      return padded(String(number), to: labelWidth) + (line.isEmpty ? "" : " \(line)")
    }
    if let marker = marker(span.column, room: room) {
      lines.append(String(repeating: " ", count: labelWidth + 1) + marker)
    }
    return lines
  }

  private func shortened(_ line: Substring, to room: Int) -> String {
    let line = line.unicodeScalars.map { $0 == "\t" ? " " : Character($0) }
    return line.count > room ? String(line.prefix(room - 3)) + "..." : String(line)
  }

  /// The caret, with the column's number on the side where there is room.
  private func marker(_ column: Int, room: Int) -> String? {
    guard column >= 1, column <= room else { return nil }
    let label = "column \(column)"
    if column + 1 + label.count <= room { return String(repeating: " ", count: column - 1) + "^ \(label)" }
    return String(repeating: " ", count: max(0, column - 2 - label.count)) + "\(label) ^"
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
