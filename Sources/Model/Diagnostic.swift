/// A message about something a user wrote, with the place where it stands.
///
/// Wording: `message` says what is wrong, in lower case, naming the thing; `advice` says what would be right.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  package var message: String
  package var advice: String?
  /// Nil only for what has no place in a file, such as a missing file given on the command line.
  package var span: SourceSpan?
  /// Ansible would meet the mistake only when the task runs; where a failure is expected, it is a warning.
  package var isMetAtRun = false

  /// Encrypted text that the passwords at hand don't open: the exit status tells it from a mistake in the text.
  package var isLocked = false
  /// The message is about a plugin: where its file is found, it is named.
  package var missingPlugin: MissingPlugin?

  package init(_ severity: Severity, _ message: String, advice: String? = nil, at span: SourceSpan?) {
    self.severity = severity
    self.message = message
    self.advice = advice
    self.span = span
  }

  package static func error(_ message: String, advice: String? = nil, at span: SourceSpan?) -> Diagnostic {
    Diagnostic(.error, message, advice: advice, at: span)
  }

  package static func warning(_ message: String, advice: String? = nil, at span: SourceSpan?) -> Diagnostic {
    Diagnostic(.warning, message, advice: advice, at: span)
  }
}

extension Diagnostic: CustomStringConvertible {
  /// As the terminal shows it:
  ///
  ///     site.yml:12:7: error: unknown parameter 'mod' of module file
  ///        12 |       mod: "0644"
  ///           |       ^^^
  ///       did you mean 'mode'?
  package var description: String {
    let place = span.map { "\($0): " } ?? ""
    var lines = ["\(place)\(severity.rawValue): \(message)"]
    if let span { lines += excerpt(of: span) }
    if let advice { lines.append("  \(advice)") }
    return lines.joined(separator: "\n")
  }

  /// The source line with a caret line under it; tabs are kept in both, so that they align. Of a long line only what is around the place.
  private func excerpt(of span: SourceSpan) -> [String] {
    let line = Array(span.file.shownLine(span.line).unicodeScalars)
    guard !line.isEmpty else { return [] }
    let number = String(span.line)
    let gutter = String(repeating: " ", count: max(0, 5 - number.count)) + number
    let place = min(span.column - 1, line.count)
    let first = line.count <= Self.widthMax ? 0 : max(0, min(place - Self.widthMax / 3, line.count - Self.widthMax))
    let last = min(line.count, first + Self.widthMax)
    let (opening, closing) = (first > 0 ? "…" : "", last < line.count ? "…" : "")
    let before = opening.map { _ in " " }.joined() + line[first..<place].map { $0 == "\t" ? "\t" : " " }.joined()
    let carets = String(repeating: "^", count: max(1, min(span.length, last - place)))
    let shown = opening + String(String.UnicodeScalarView(line[first..<last])) + closing
    return ["\(gutter) | \(shown)", "\(String(repeating: " ", count: gutter.count)) | \(before)\(carets)"]
  }

  private static let widthMax = 160
}

/// Diagnostics in the order in which they were found. Parsing passes one along and never throws.
package struct Diagnostics: Sendable {
  package private(set) var all: [Diagnostic] = []
  private var known: Set<Diagnostic> = []

  package init() {}

  package var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// Adds a diagnostic once: the same message at the same place is not repeated.
  package mutating func add(_ diagnostic: Diagnostic) {
    if known.insert(diagnostic).inserted { all.append(diagnostic) }
  }

  package mutating func add(contentsOf diagnostics: Diagnostics) {
    for diagnostic in diagnostics.all { add(diagnostic) }
  }
}

extension Diagnostics {
  /// Mistakes that Ansible meets only when a task runs, as warnings: what would handle the failure then gets to do so.
  package var tolerated: Diagnostics {
    var tolerated = Diagnostics()
    for var diagnostic in all {
      if diagnostic.isMetAtRun { diagnostic.severity = .warning }
      tolerated.add(diagnostic)
    }
    return tolerated
  }
}
