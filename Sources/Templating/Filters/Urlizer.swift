/// Jinja's `urlize`: links of what looks like an address.
struct Urlizer {
  private let limit: Int?
  private let attributes: String
  private let extraSchemes: [String]

  init(_ arguments: Arguments, _ evaluation: Evaluation) throws {
    limit = try evaluation.integer(arguments, 0, "trim_url_limit")
    var rel: Set<String> = ["noopener"]
    if evaluation.dialect.globals["urlize.rel"] != nil { rel = [] }
    if try evaluation.flag(arguments, 1, "nofollow") { rel.insert("nofollow") }
    if let given = try evaluation.string(arguments, 3, "rel") { rel.formUnion(PythonString.splitAtSpace(given)) }
    let target = try evaluation.string(arguments, 2, "target")
    let relText = rel.isEmpty ? "" : " rel=\"\(Evaluation.escape(rel.sorted().joined(separator: " ")))\""
    attributes = relText + (target.map { " target=\"\(Evaluation.escape($0))\"" } ?? "")
    extraSchemes =
      try arguments[4, "extra_schemes"].map { try evaluation.elements($0).map { try evaluation.text($0) } } ?? []
  }

  func html(of text: String) -> String {
    var result = ""
    var word = ""
    for scalar in Evaluation.escape(text).unicodeScalars {
      if PythonString.isSpace(scalar) {
        result += link(word) + String(scalar)
        word = ""
      } else {
        word.unicodeScalars.append(scalar)
      }
    }
    return result + link(word)
  }

  private func link(_ word: String) -> String {
    var head = ""
    var middle = word
    var tail = ""
    for opener in ["(", "<", "&lt;"] where middle.hasPrefix(opener) {
      head += opener
      middle = String(middle.dropFirst(opener.count))
    }
    for closer in [")", ">", ".", ",", "\n", "&gt;"] {
      while middle.hasSuffix(closer), !isBalanced(middle, closer) {
        tail = closer + tail
        middle = String(middle.dropLast(closer.count))
      }
    }
    guard let address = address(of: middle) else { return word }
    let shown = address.shown
    let trimmed = limit.flatMap {
      PythonString.count(shown) > $0 ? PythonString.slice(shown, Slice(start: 0, stop: $0, step: 1)) + "..." : nil
    }
    let attributes = address.isMail ? "" : attributes
    return "\(head)<a href=\"\(address.target)\"\(attributes)>\(trimmed ?? shown)</a>\(tail)"
  }

  /// A closing bracket belongs to an address that opens it.
  private func isBalanced(_ word: String, _ closer: String) -> Bool {
    guard let opener = [")": "(", ">": "<", "&gt;": "&lt;"][closer] else { return false }
    let opened = PythonString.split(word, by: opener).count
    let closed = PythonString.split(word, by: closer).count
    return opened >= closed
  }

  private func address(of word: String) -> (target: String, shown: String, isMail: Bool)? {
    if word.hasPrefix("https://") || word.hasPrefix("http://") { return (word, word, false) }
    if word.hasPrefix("mailto:"), word.contains("@") { return (word, String(word.dropFirst(7)), true) }
    for scheme in extraSchemes where word.hasPrefix(scheme) && word.count > scheme.count { return (word, word, false) }
    let isHost = word.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "@") }
    if isHost, word.hasPrefix("www.") { return ("https://\(word)", word, false) }
    let host = word.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
    let known = [".com", ".net", ".org", ".int", ".edu", ".gov", ".mil", ".info"].contains {
      host.hasSuffix($0) && host.count > $0.count
    }
    if isHost, known { return ("https://\(word)", word, false) }
    let parts = word.split(separator: "@", omittingEmptySubsequences: false)
    if parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !parts[1].hasPrefix("."), !word.contains(":") {
      return ("mailto:\(word)", word, true)
    }
    return nil
  }
}
