/// Jinja's filters of text.
extension Filter {
  static let textFilters: [Filter] = [
    text("upper") { text, _, _ in .string(text.uppercased()) },
    text("lower") { text, _, _ in .string(text.lowercased()) },
    text("capitalize") { text, _, _ in .string(PythonString.capitalized(text)) },
    text("title") { text, _, _ in .string(titled(text)) },
    text("trim") { text, arguments, evaluation in
      .string(PythonString.strip(text, try evaluation.string(arguments, 0, "chars")))
    },
    Filter("replace") { object, arguments, evaluation in try replace(object, arguments, evaluation) },
    text("center") { text, arguments, evaluation in
      let space = (try evaluation.integer(arguments, 0, "width") ?? 80) - PythonString.count(text)
      if space <= 0 { return .string(text) }
      let left = space / 2 + (space & (try evaluation.integer(arguments, 0, "width") ?? 80) & 1)
      return .string(try evaluation.repeated(" ", left) + text + evaluation.repeated(" ", space - left))
    },
    text("indent") { text, arguments, evaluation in .string(try indented(text, arguments, evaluation)) },
    text("truncate") { text, arguments, evaluation in .string(try truncated(text, arguments, evaluation)) },
    text("wordcount") { text, _, _ in .int(words(text)) },
    text("wordwrap") { text, arguments, evaluation in
      let width = try evaluation.integer(arguments, 0, "width") ?? 79
      let breaks = try evaluation.flag(arguments, 1, "break_long_words", true)
      let separator = try evaluation.string(arguments, 2, "wrapstring") ?? "\n"
      let hyphens = try evaluation.flag(arguments, 3, "break_on_hyphens", true)
      if width <= 0 { throw Failure.value("invalid width \(width) (must be > 0)") }
      let wrapper = TextWrapper(width: width, breaksLongWords: breaks, breaksAtHyphens: hyphens)
      return .string(
        PythonString.lines(text).map { wrapper.lines($0).joined(separator: separator) }.joined(separator: separator))
    },
    Filter("string") { object, _, evaluation in
      if case .markup = object { return object }
      return .string(try evaluation.text(object))
    },
    Filter("format") { object, arguments, evaluation in
      if !arguments.positional.isEmpty && !arguments.named.isEmpty {
        throw Failure.value("can't handle positional and keyword arguments at the same time")
      }
      var right = Object.tuple(arguments.positional)
      if !arguments.named.isEmpty {
        let dict = DictObject()
        for (name, value) in arguments.named { dict[.string(name)] = value }
        right = .dict(dict)
      }
      return try evaluation.binary(.modulo, object.plainText == nil ? .string(evaluation.text(object)) : object, right)
    },
    Filter("escape") { object, _, evaluation in .markup(Markup(try evaluation.escaped(object))) },
    Filter("forceescape") { object, _, evaluation in .markup(Markup(Evaluation.escape(try evaluation.text(object)))) },
    Filter("safe") { object, _, evaluation in
      let text = try evaluation.text(object)
      return evaluation.dialect.outcome == .native ? .string(text) : .markup(Markup(text))
    },
    text("striptags") { text, _, _ in .string(withoutTags(text)) },
    Filter("xmlattr") { object, arguments, evaluation in
      try xmlAttributes(
        evaluation.dict(object, "xmlattr"), evaluation.flag(arguments, 0, "autospace", true), evaluation)
    },
    text("urlize") { text, arguments, evaluation in
      let html = try Urlizer(arguments, evaluation).html(of: text)
      return evaluation.autoescape ? .markup(Markup(html)) : .string(html)
    },
    Filter("urlencode") { object, _, evaluation in .string(try urlEncoded(object, evaluation)) },
    Filter("pprint") { object, _, evaluation in .string(try PrettyPrinter(evaluation).text(of: object)) },
  ]

  /// A filter of text, that makes markup of markup.
  static func text(
    _ name: String, _ body: @escaping @Sendable (String, Arguments, Evaluation) throws -> Object
  ) -> Filter {
    Filter(name) { object, arguments, evaluation in
      let result = try body(evaluation.text(object), arguments, evaluation)
      guard case .markup = object, case .string(let text) = result else { return result }
      return .markup(Markup(text))
    }
  }

  /// Jinja's `title`: a word begins after a blank, a bracket or a hyphen, not after an apostrophe.
  private static func titled(_ text: String) -> String {
    var result = ""
    var isStart = true
    for scalar in text.unicodeScalars {
      result += isStart ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
      isStart = PythonString.isSpace(scalar) || "-({[<".unicodeScalars.contains(scalar)
    }
    return result
  }

  private static func replace(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let limit = try evaluation.integer(arguments, 2, "count") ?? -1
    let old = try arguments.required(0, "old", of: "replace")
    let new = try arguments.required(1, "new", of: "replace")
    if case .string(let text) = object, case .string(let old) = old, case .string(let new) = new, !evaluation.autoescape {
      return .string(try evaluation.replaced(old, with: new, in: text, limit: limit))
    }
    guard evaluation.autoescape else {
      let call = Arguments(positional: [
        .string(try evaluation.text(old)), .string(try evaluation.text(new)), .int(limit),
      ])
      guard let method = StringMethods.table["replace"] else { return object }
      return try method(.string(evaluation.text(object)), call, evaluation)
    }
    // Markup on either side makes markup of the text; what is put in is escaped then, what is looked for is not.
    let isMarkup = object.isMarkup || old.isMarkup || new.isMarkup
    let html = isMarkup ? try evaluation.escaped(object) : try evaluation.text(object)
    let replacement = isMarkup ? try evaluation.escaped(new) : try evaluation.text(new)
    let result = try evaluation.replaced(evaluation.text(old), with: replacement, in: html, limit: limit)
    return isMarkup ? .markup(Markup(result)) : .string(result)
  }

  private static func indented(_ text: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> String {
    let width = arguments[0, "width"] ?? .int(4)
    let indentation = try width.plainText ?? evaluation.repeated(" ", evaluation.integer(width))
    let first = try evaluation.flag(arguments, 1, "first")
    let blank = try evaluation.flag(arguments, 2, "blank")
    // A line break is added, so that a last one counts as a line of its own.
    let lines = PythonString.lines(text + "\n")
    try evaluation.budget.check(textBytes: text.utf8.count + lines.count * indentation.utf8.count)
    var result = lines.first ?? ""
    if blank {
      result = lines.joined(separator: "\n" + indentation)
    } else {
      for line in lines.dropFirst() { result += "\n" + (line.isEmpty ? "" : indentation + line) }
    }
    return first ? indentation + result : result
  }

  private static func truncated(_ text: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> String {
    let length = try evaluation.integer(arguments, 0, "length") ?? 255
    let killsWords = try evaluation.flag(arguments, 1, "killwords")
    let end = try evaluation.string(arguments, 2, "end") ?? "..."
    let leeway = try evaluation.integer(arguments, 3, "leeway") ?? evaluation.dialect.policies.truncationLeeway
    let endLength = PythonString.count(end)
    if length < endLength { throw Failure.value("expected length >= \(endLength), got \(length)") }
    if PythonString.count(text) <= length + leeway { return text }
    let cut = PythonString.slice(text, Slice(start: 0, stop: length - endLength, step: 1))
    if killsWords { return cut + end }
    let kept =
      PythonString.reverseFind(" ", in: cut).map { String(decoding: cut.utf8.prefix($0), as: UTF8.self) } ?? cut
    return kept + end
  }

  private static func words(_ text: String) -> Int {
    var count = 0
    var isInWord = false
    for scalar in text.unicodeScalars {
      let isWord = scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      if isWord && !isInWord { count += 1 }
      isInWord = isWord
    }
    return count
  }

  private static func withoutTags(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "<") {
      result += rest[..<open]
      let isComment = rest[open...].hasPrefix("<!--")
      let close =
        isComment
        ? rest[open...].range(of: "-->")?.upperBound : rest[open...].firstIndex(of: ">").map { rest.index(after: $0) }
      guard let close else {
        result += rest[open...]
        rest = ""
        break
      }
      rest = rest[close...]
    }
    return HTMLEntities.decoded(PythonString.splitAtSpace(result + rest).joined(separator: " "))
  }

  private static func xmlAttributes(_ dict: DictObject, _ leadsWithSpace: Bool, _ evaluation: Evaluation) throws
    -> Object
  {
    var parts: [String] = []
    for (key, value) in try dict.all() where !value.isNone && !value.isUndefined {
      let name = try evaluation.text(key)
      if name.unicodeScalars.contains(where: { PythonString.isSpace($0) || "/>=".unicodeScalars.contains($0) }) {
        throw Failure.value("Invalid character in attribute name: \(try evaluation.repr(key))")
      }
      parts.append("\(Evaluation.escape(name))=\"\(try evaluation.escaped(value))\"")
    }
    let text = (leadsWithSpace && !parts.isEmpty ? " " : "") + parts.joined(separator: " ")
    return evaluation.autoescape ? .markup(Markup(text)) : .string(text)
  }

  private static func urlEncoded(_ object: Object, _ evaluation: Evaluation) throws -> String {
    switch object {
    case .string, .markup: return PercentEncoding.quoted(try evaluation.text(object), keeping: "/")
    case .dict(let dict):
      return try dict.all().map { try pair($0.key, $0.value, evaluation) }.joined(separator: "&")
    case .list, .tuple:
      return try evaluation.elements(object).map {
        let entry = try evaluation.unpack($0, count: 2)
        return try pair(entry[0], entry[1], evaluation)
      }.joined(separator: "&")
    default: return PercentEncoding.quoted(try evaluation.text(object), keeping: "/")
    }
  }

  private static func pair(_ key: Object, _ value: Object, _ evaluation: Evaluation) throws -> String {
    let name = PercentEncoding.quoted(try evaluation.text(key), keeping: "", spaceAsPlus: true)
    return name + "=" + PercentEncoding.quoted(try evaluation.text(value), keeping: "", spaceAsPlus: true)
  }
}

/// URL quoting, as Python's `urllib.parse`.
enum PercentEncoding {
  static func quoted(_ text: String, keeping kept: String, spaceAsPlus: Bool = false) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      case 0x20 where spaceAsPlus: result += "+"
      case _ where kept.utf8.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%" + String(byte, radix: 16, uppercase: true).leftPadded(to: 2)
      }
    }
    return result
  }

  static func unquoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  func leftPadded(to width: Int, with fill: Character = "0") -> String {
    String(repeating: fill, count: max(0, width - count)) + self
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
