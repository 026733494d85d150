/// Columns of text as wide as their widest cell, the last one open.
struct TextTable {
  enum Alignment { case left, right }

  var columns: [(title: String, alignment: Alignment)]
  var rows: [[String]] = []

  /// A line per row, without blanks at the end.
  var lines: [String] {
    let cells = [columns.map(\.title)] + rows.map { $0.map(\.visible) }
    let widths = columns.indices.map { column in cells.map { $0[column].displayWidth }.max() ?? 0 }
    return cells.map { row in
      let padded = row.indices.map { pad(row[$0], to: widths[$0], columns[$0].alignment) }
      let line = padded.joined(separator: "  ")
      return line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
    }
  }

  private func pad(_ text: String, to width: Int, _ alignment: Alignment) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.displayWidth))
    return alignment == .left ? text + blanks : blanks + text
  }
}
