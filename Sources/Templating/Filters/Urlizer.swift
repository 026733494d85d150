import Model

/// Jinja's `urlize`: links of what looks like an address.
struct Urlizer {
  private let limit: Int?
  private let attributes: String
  private let extraSchemes: [String]

  init(_ arguments: Arguments, _ evaluation: Evaluation) throws {
    limit = try evaluation.integer(arguments, 0, "trim_url_limit")
    let policies = evaluation.dialect.policies
    var rel = Set(PythonString.splitAtSpace(policies.linkRelation ?? ""))
    if try evaluation.flag(arguments, 1, "nofollow") { rel.insert("nofollow") }
    if let given = try evaluation.string(arguments, 3, "rel") { rel.formUnion(PythonString.splitAtSpace(given)) }
    let target = try evaluation.string(arguments, 2, "target") ?? policies.linkTarget
    let relText = rel.isEmpty ? "" : " rel=\"\(Evaluation.escape(rel.sorted().joined(separator: " ")))\""
    attributes = relText + (target.map { " target=\"\(Evaluation.escape($0))\"" } ?? "")
    extraSchemes =
      try arguments[4, "extra_schemes"].map { try evaluation.elements($0).map { try evaluation.text($0) } }
      ?? policies.linkSchemes
    for scheme in extraSchemes where (try? Self.scheme.fullMatch(scheme)) == nil {
      throw Failure.value("\(PythonText.repr(scheme)) is not a valid URI scheme prefix.")
    }
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
    let head = (try? Self.opening.match(word))?.group(0) ?? ""
    var middle = String(word.dropFirst(head.count))
    var tail = (try? Self.closing.search(middle))?.group(0) ?? ""
    middle = String(middle.dropLast(tail.count))
    for (opener, closer) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
      balance(&middle, &tail, opener, closer)
    }
    return head + (anchor(middle) ?? middle) + tail
  }

  /// A closing bracket belongs to an address that opens it, with all that is before it.
  private func balance(_ middle: inout String, _ tail: inout String, _ opener: String, _ closer: String) {
    let opened = PythonString.split(middle, by: opener).count - 1
    guard opened > PythonString.split(middle, by: closer).count - 1 else { return }
    for _ in 0..<min(opened, PythonString.split(tail, by: closer).count - 1) {
      guard let found = PythonString.find(closer, in: tail) else { return }
      let end = tail.utf8.index(tail.startIndex, offsetBy: found + closer.utf8.count)
      middle += tail[..<end]
      tail = String(tail[end...])
    }
  }

  private func anchor(_ word: String) -> String? {
    if (try? Self.address.match(word)) != nil {
      let hasScheme = word.hasPrefix("https://") || word.hasPrefix("http://")
      return "<a href=\"\(hasScheme ? "" : "https://")\(word)\"\(attributes)>\(trimmed(word))</a>"
    }
    if word.hasPrefix("mailto:"), isMail(String(word.dropFirst(7))) {
      return "<a href=\"\(word)\">\(word.dropFirst(7))</a>"
    }
    if !word.hasPrefix("www."), !word.hasPrefix("@"), !word.contains(":"), isMail(word) {
      return "<a href=\"mailto:\(word)\">\(word)</a>"
    }
    guard extraSchemes.contains(where: { word != $0 && word.hasPrefix($0) }) else { return nil }
    return "<a href=\"\(word)\"\(attributes)>\(word)</a>"
  }

  private func isMail(_ word: String) -> Bool { (try? Self.mail.match(word)) != nil }

  private func trimmed(_ shown: String) -> String {
    guard let limit, PythonString.count(shown) > limit else { return shown }
    return PythonString.slice(shown, Slice(start: 0, stop: limit, step: 1)) + "..."
  }

  private static func regex(_ pattern: String, _ flags: PythonRegex.Flags = []) -> PythonRegex {
    do { return try PythonRegex(pattern, flags: flags) } catch { preconditionFailure("\(error): this is a bug") }
  }

  private static let opening = regex("([(<]|&lt;)+")
  private static let closing = regex(#"([)>.,\n]|&gt;)+$"#)
  private static let scheme = regex(#"[\w.+-]{2,}:(/){0,2}"#)
  private static let mail = regex(#"\S+@\w[\w.-]*\.\w+$"#)
  private static let address = regex(
    #"""
    ((https?://|www\.)(([\w%-]+\.)+)?([a-z]{2,63}|xn--[\w%]{2,59})
    |([\w%-]{2,63}\.)+(com|net|int|edu|gov|org|info|mil)
    |(https?://)((([\d]{1,3})(\.[\d]{1,3}){3})|(\[([\da-f]{0,4}:){2}([\da-f]{0,4}:?){1,6}])))
    (?::[\d]{1,5})?(?:[/?\x23]\S*)?$
    """#, [.ignoreCase, .verbose])
}
