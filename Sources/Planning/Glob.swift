/// A shell pattern as Python's `fnmatch` has it: `*`, `?`, `[abc]`, `[a-c]`, `[!abc]`; case counts.
package struct Glob: Sendable {
  private enum Piece {
    case scalar(Unicode.Scalar)
    case any
    case anyRun
    case set([ClosedRange<UInt32>], isNegated: Bool)
  }

  private let pieces: [Piece]

  package init(_ pattern: String) {
    var pieces: [Piece] = []
    var rest = Array(pattern.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*":
        if case .anyRun? = pieces.last {} else { pieces.append(.anyRun) }
      case "?": pieces.append(.any)
      case "[":
        if let (set, after) = Self.set(rest) {
          pieces.append(set)
          rest = after
        } else {
          pieces.append(.scalar(scalar))
        }
      default: pieces.append(.scalar(scalar))
      }
    }
    self.pieces = pieces
  }

  /// The set that begins behind a `[`; nil where none ends it.
  private static func set(_ text: ArraySlice<Unicode.Scalar>) -> (Piece, ArraySlice<Unicode.Scalar>)? {
    var rest = text
    let isNegated = rest.first == "!"
    if isNegated { rest = rest.dropFirst() }
    // A bracket in first place is a member.
    guard let close = rest.dropFirst().firstIndex(of: "]") else { return nil }
    var members = rest[..<close]
    var ranges: [ClosedRange<UInt32>] = []
    while let first = members.popFirst() {
      if members.first == "-", let last = members.dropFirst().first {
        members = members.dropFirst(2)
        if first.value <= last.value { ranges.append(first.value...last.value) }
      } else {
        ranges.append(first.value...first.value)
      }
    }
    return (.set(ranges, isNegated: isNegated), rest[rest.index(after: close)...])
  }

  /// True where the pattern stands for the whole text. Takes time in proportion to text times pattern at most.
  package func matches(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    var place = scalars.startIndex, piece = 0
    var retry: (place: String.Index, piece: Int)?
    while true {
      if piece < pieces.count, case .anyRun = pieces[piece] {
        piece += 1
        retry = (place, piece)
        continue
      }
      if place == scalars.endIndex, piece == pieces.count { return true }
      if place < scalars.endIndex, piece < pieces.count, Self.fits(pieces[piece], scalars[place]) {
        place = scalars.index(after: place)
        piece += 1
        continue
      }
      guard let last = retry, last.place < scalars.endIndex else { return false }
      let next = scalars.index(after: last.place)
      retry = (next, last.piece)
      (place, piece) = (next, last.piece)
    }
  }

  private static func fits(_ piece: Piece, _ scalar: Unicode.Scalar) -> Bool {
    switch piece {
    case .scalar(let wanted): wanted == scalar
    case .any: true
    case .anyRun: false
    case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar.value) } != isNegated
    }
  }
}
