import Model
import Parsing

/// One pattern of a `hosts:` or `--limit` list: what it names, and what that does to the selection.
package struct HostPattern: Sendable, Equatable {
  package enum Effect: Sendable, Equatable {
    /// Adds hosts.
    case plain
    /// `&`: keeps only these.
    case intersection
    /// `!`: takes these out.
    case exclusion
  }

  /// `[2]`, `[-1]`, `[1:3]`, `[1:]`: which of the matches count.
  package enum Subscript: Sendable, Equatable {
    case element(Int)
    /// Both ends count; nil is the last.
    case range(Int, Int?)
  }

  package var effect: Effect
  /// Without `&` or `!`, but with its subscript.
  package var text: String
  /// Without subscript.
  package var expression: String
  package var subscripted: Subscript?

  package init(_ written: String) {
    effect = written.hasPrefix("&") ? .intersection : written.hasPrefix("!") ? .exclusion : .plain
    text = effect == .plain ? written : String(written.dropFirst())
    (expression, subscripted) = Self.splitSubscript(text)
  }

  package var isRegex: Bool { expression.hasPrefix("~") }

  /// A glob, or a name with a dot, is compared with hosts even where it matches groups.
  var looksAtHostsAnyway: Bool { isRegex || expression.utf8.contains { ".?*[".utf8.contains($0) } }

  var isGlob: Bool { expression.utf8.contains { "?*[".utf8.contains($0) } }

  private static func splitSubscript(_ text: String) -> (String, Subscript?) {
    guard !text.hasPrefix("~"), text.hasSuffix("]"), let open = text.lastIndex(of: "["), open > text.startIndex else {
      return (text, nil)
    }
    let inner = text[text.index(after: open)...].dropLast()
    let found: Subscript?
    if let index = Int(inner), !inner.hasPrefix("+") {
      found = .element(index)
    } else {
      let bounds = inner.split(separator: inner.contains(":") ? ":" : "-", omittingEmptySubsequences: false)
      guard bounds.count == 2, let first = digits(bounds[0]), bounds[1].isEmpty || digits(bounds[1]) != nil else {
        return (text, nil)
      }
      found = .range(first, digits(bounds[1]))
    }
    return (String(text[..<open]), found)
  }

  private static func digits(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }
}
