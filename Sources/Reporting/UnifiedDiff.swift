import Model

/// The unified diff of two texts: three lines of context, headers and `\ No newline at end of file` as Ansible prints them.
package struct UnifiedDiff: Sendable, Equatable {
  package enum Kind: Sendable { case header, hunk, context, removed, added }

  package struct Line: Sendable, Equatable {
    package var kind: Kind
    /// With the mark before it and the line feed after it.
    package var text: String
  }

  /// Above these, texts are not compared: the diff is a note that says so.
  package static let bytesMax = 4 << 20
  private static let stepsMax = 5_000_000

  package private(set) var lines: [Line] = []
  /// Why there is no diff, where there is none though the texts differ.
  package private(set) var note: String?

  package var isEmpty: Bool { lines.isEmpty && note == nil }

  package init(before: String, after: String, beforeHeader: String, afterHeader: String) {
    self.init(before, after, beforeHeader, afterHeader, stepsMax: Self.stepsMax)
  }

  init(_ before: String, _ after: String, _ beforeHeader: String, _ afterHeader: String, stepsMax: Int) {
    guard before.utf8.count <= Self.bytesMax, after.utf8.count <= Self.bytesMax else {
      note = "diff skipped: more than \(Self.bytesMax >> 20) MiB of text on one side"
      return
    }
    let left = textLines(before), right = textLines(after)
    var numbers: [[UInt8]: Int] = [:]
    func number(_ line: ArraySlice<UInt8>) -> Int {
      let key = Array(line), next = numbers.count
      if let known = numbers[key] { return known }
      numbers[key] = next
      return next
    }
    var matcher = LineMatcher(before: left.map(number), after: right.map(number), stepsMax: stepsMax)
    guard let blocks = matcher.blocks() else {
      note = "diff skipped: \(left.count) lines against \(right.count) with too much repetition to compare"
      return
    }
    let edits = edits(blocks, left.count, right.count)
    let hunks = hunks(edits)
    guard !hunks.isEmpty else { return }
    lines = [Line(kind: .header, text: "--- \(beforeHeader)\n"), Line(kind: .header, text: "+++ \(afterHeader)\n")]
    for hunk in hunks { append(hunk, left, right) }
  }

  private mutating func append(_ hunk: [Edit], _ left: [ArraySlice<UInt8>], _ right: [ArraySlice<UInt8>]) {
    guard let first = hunk.first, let last = hunk.last else { return }
    let before = range(first.before.lowerBound..<last.before.upperBound)
    let after = range(first.after.lowerBound..<last.after.upperBound)
    lines.append(Line(kind: .hunk, text: "@@ -\(before) +\(after) @@\n"))
    for edit in hunk {
      if edit.isEqual {
        for index in edit.before { lines.append(line(.context, " ", left[index])) }
      } else {
        for index in edit.before { lines.append(line(.removed, "-", left[index])) }
        for index in edit.after { lines.append(line(.added, "+", right[index])) }
      }
    }
  }

  private func line(_ kind: Kind, _ mark: String, _ bytes: ArraySlice<UInt8>) -> Line {
    Line(kind: kind, text: mark + String(decoding: bytes, as: UTF8.self))
  }

  private func range(_ lines: Range<Int>) -> String {
    switch lines.count {
    case 1: "\(lines.lowerBound + 1)"
    case 0: "\(lines.lowerBound),0"
    default: "\(lines.lowerBound + 1),\(lines.count)"
    }
  }
}

/// A run of equal lines, or lines replaced by others.
private struct Edit {
  var isEqual: Bool
  var before: Range<Int>, after: Range<Int>
}

private func textLines(_ text: String) -> [ArraySlice<UInt8>] {
  let newline = UInt8(ascii: "\n")
  var bytes = Array(text.utf8)
  if let last = bytes.last, last != newline { bytes += "\n\\ No newline at end of file\n".utf8 }
  let noteLength = bytes.count == text.utf8.count ? 0 : "\\ No newline at end of file\n".utf8.count
  var lines: [ArraySlice<UInt8>] = [], start = 0
  for index in bytes.indices.dropLast(noteLength) where bytes[index] == newline {
    lines.append(bytes[start...index])
    start = index + 1
  }
  // The note belongs to the last line, so that a line with and one without a line feed differ.
  if noteLength > 0, let last = lines.popLast() { lines.append(bytes[last.startIndex...]) }
  return lines
}

private func edits(_ blocks: [LineMatcher.Block], _ beforeCount: Int, _ afterCount: Int) -> [Edit] {
  var edits: [Edit] = [], left = 0, right = 0
  for block in blocks + [LineMatcher.Block(before: beforeCount, after: afterCount, count: 0)] {
    if left < block.before || right < block.after {
      edits.append(Edit(isEqual: false, before: left..<block.before, after: right..<block.after))
    }
    left = block.before + block.count
    right = block.after + block.count
    if block.count > 0 { edits.append(Edit(isEqual: true, before: block.before..<left, after: block.after..<right)) }
  }
  return edits
}

/// Edits grouped so that more than twice the context between changes starts a new group.
private func hunks(_ edits: [Edit], context: Int = 3) -> [[Edit]] {
  guard edits.contains(where: { !$0.isEqual }) else { return [] }
  var hunks: [[Edit]] = [[]]
  for (index, edit) in edits.enumerated() {
    guard edit.isEqual else {
      hunks[hunks.count - 1].append(edit)
      continue
    }
    let count = edit.before.count
    let isFirst = index == 0, isLast = index == edits.count - 1
    if !isFirst && !isLast && count > 2 * context {
      hunks[hunks.count - 1].append(trimmed(edit, head: context))
      hunks.append([trimmed(edit, tail: context)])
    } else if isFirst {
      hunks[hunks.count - 1].append(trimmed(edit, tail: min(context, count)))
    } else {
      hunks[hunks.count - 1].append(isLast ? trimmed(edit, head: min(context, count)) : edit)
    }
  }
  return hunks
}

private func trimmed(_ edit: Edit, head count: Int) -> Edit {
  Edit(isEqual: true, before: edit.before.prefix(count), after: edit.after.prefix(count))
}

private func trimmed(_ edit: Edit, tail count: Int) -> Edit {
  Edit(isEqual: true, before: edit.before.suffix(count), after: edit.after.suffix(count))
}
