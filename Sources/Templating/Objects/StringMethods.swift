/// Python's methods of strings.
enum StringMethods {
  static let table: [String: Method] = [
    "upper": method { text, _, _ in .string(text.uppercased()) },
    "lower": method { text, _, _ in .string(text.lowercased()) },
    "casefold": method { text, _, _ in .string(text.lowercased()) },
    "capitalize": method { text, _, _ in .string(PythonString.capitalized(text)) },
    "title": method { text, _, _ in .string(titled(text)) },
    "swapcase": method { text, _, _ in .string(swapped(text)) },
    "strip": method { text, arguments, evaluation in
      .string(PythonString.strip(text, try evaluation.string(arguments, 0, "chars")))
    },
    "lstrip": method { text, arguments, evaluation in
      .string(PythonString.strip(text, try evaluation.string(arguments, 0, "chars"), right: false))
    },
    "rstrip": method { text, arguments, evaluation in
      .string(PythonString.strip(text, try evaluation.string(arguments, 0, "chars"), left: false))
    },
    "split": method { text, arguments, evaluation in try split(text, arguments, evaluation) },
    "rsplit": method { text, arguments, evaluation in try splitFromRight(text, arguments, evaluation) },
    "splitlines": method { text, arguments, evaluation in
      .strings(PythonString.lines(text, keepsEnds: try evaluation.flag(arguments, 0, "keepends")))
    },
    "partition": method { text, arguments, evaluation in
      try partition(text, evaluation.string(arguments.required(0, "sep", of: "partition"), "sep"), fromRight: false)
    },
    "rpartition": method { text, arguments, evaluation in
      try partition(text, evaluation.string(arguments.required(0, "sep", of: "rpartition"), "sep"), fromRight: true)
    },
    "join": method { text, arguments, evaluation in try join(text, arguments, evaluation) },
    "replace": method { text, arguments, evaluation in
      let old = try evaluation.string(arguments.required(0, "old", of: "replace"), "replace() argument 1")
      let new = try evaluation.string(arguments.required(1, "new", of: "replace"), "replace() argument 2")
      let limit = try evaluation.integer(arguments, 2, "count") ?? -1
      return .string(try evaluation.replaced(old, with: new, in: text, limit: limit))
    },
    "startswith": method { text, arguments, evaluation in
      .bool(try matches(text, arguments, evaluation, "startswith", PythonString.hasPrefix))
    },
    "endswith": method { text, arguments, evaluation in
      .bool(try matches(text, arguments, evaluation, "endswith", PythonString.hasSuffix))
    },
    "removeprefix": method { text, arguments, evaluation in
      let prefix = try evaluation.string(arguments.required(0, "prefix", of: "removeprefix"), "prefix")
      return .string(PythonString.hasPrefix(text, prefix) ? String(text.utf8.dropFirst(prefix.utf8.count))! : text)
    },
    "removesuffix": method { text, arguments, evaluation in
      let suffix = try evaluation.string(arguments.required(0, "suffix", of: "removesuffix"), "suffix")
      let cut = PythonString.hasSuffix(text, suffix)
      return .string(cut ? String(text.utf8.dropLast(suffix.utf8.count))! : text)
    },
    "find": method { text, arguments, evaluation in .int(try find(text, arguments, evaluation, "find") ?? -1) },
    "rfind": method { text, arguments, evaluation in .int(try find(text, arguments, evaluation, "rfind") ?? -1) },
    "index": method { text, arguments, evaluation in
      guard let found = try find(text, arguments, evaluation, "find") else {
        throw Failure.value("substring not found")
      }
      return .int(found)
    },
    "rindex": method { text, arguments, evaluation in
      guard let found = try find(text, arguments, evaluation, "rfind") else {
        throw Failure.value("substring not found")
      }
      return .int(found)
    },
    "count": method { text, arguments, evaluation in
      let part = try evaluation.string(arguments.required(0, "sub", of: "count"), "sub")
      let slice = PythonString.slice(text, try bounds(arguments, evaluation))
      return .int(part.isEmpty ? PythonString.count(slice) + 1 : PythonString.split(slice, by: part).count - 1)
    },
    "center": method { text, arguments, evaluation in
      .string(
        try padded(text, arguments, evaluation, "center") { ($0 / 2 + ($0 & $1 & 1), $0 - $0 / 2 - ($0 & $1 & 1)) })
    },
    "ljust": method { text, arguments, evaluation in
      .string(try padded(text, arguments, evaluation, "ljust") { space, _ in (0, space) })
    },
    "rjust": method { text, arguments, evaluation in
      .string(try padded(text, arguments, evaluation, "rjust") { space, _ in (space, 0) })
    },
    "zfill": method { text, arguments, evaluation in
      let width = try evaluation.integer(arguments.required(0, "width", of: "zfill"))
      let zeros = try evaluation.repeated("0", width - PythonString.count(text))
      guard let first = text.unicodeScalars.first, first == "-" || first == "+" else { return .string(zeros + text) }
      return .string(String(first) + zeros + text.unicodeScalars.dropFirst().map { String($0) }.joined())
    },
    "expandtabs": method { text, arguments, evaluation in
      .string(expanded(text, try evaluation.integer(arguments, 0, "tabsize") ?? 8))
    },
    "format": { object, arguments, evaluation in
      if case .markup(let markup) = object {
        return try .markup(Markup(BraceFormat(markup.text, arguments, in: evaluation, escapes: true).result()))
      }
      return try .string(BraceFormat(object.plainText ?? "", arguments, in: evaluation).result())
    },
    "format_map": { object, arguments, evaluation in
      let dict = try evaluation.dict(arguments.required(0, "mapping", of: "format_map"), "mapping")
      let named = try dict.all().map { (name: try evaluation.text($0.key), value: $0.value) }
      let fields = Arguments(positional: [], named: named)
      if case .markup(let markup) = object {
        return try .markup(Markup(BraceFormat(markup.text, fields, in: evaluation, escapes: true).result()))
      }
      return try .string(BraceFormat(object.plainText ?? "", fields, in: evaluation).result())
    },
    "encode": { object, arguments, evaluation in
      let encoding = try evaluation.text(arguments, 0, "encoding", "utf-8")
      return .instance(PythonBytes(try TextEncoding.checkedBytes(object.plainText ?? "", encoding)))
    },
    "translate": method { text, arguments, evaluation in
      .string(try CharacterTable.translated(text, arguments.required(0, "table", of: "translate"), evaluation))
    },
    "maketrans": { _, arguments, evaluation in .dict(try CharacterTable.made(of: arguments, evaluation)) },
    "isdigit": test { $0.properties.numericType == .digit || $0.properties.numericType == .decimal },
    "isdecimal": test { $0.properties.numericType == .decimal },
    "isnumeric": test { $0.properties.numericType != nil },
    "isalpha": test { isLetter($0) },
    "isalnum": test { isLetter($0) || $0.properties.numericType != nil },
    "isspace": test { PythonString.isSpace($0) },
    "isascii": method { text, _, _ in .bool(PythonString.isASCII(text)) },
    "isprintable": method { text, _, _ in .bool(text.unicodeScalars.allSatisfy(isPrintable)) },
    "isupper": method { text, _, _ in .bool(isCased(text) && text == text.uppercased()) },
    "islower": method { text, _, _ in .bool(isCased(text) && text == text.lowercased()) },
    "istitle": method { text, _, _ in .bool(isCased(text) && text == titled(text)) },
    "isidentifier": method { text, _, _ in .bool(isIdentifier(text)) },
  ]

  private static func method(_ body: @escaping @Sendable (String, Arguments, Evaluation) throws -> Object) -> Method {
    { object, arguments, evaluation in
      let result = try body(object.plainText ?? "", arguments, evaluation)
      guard case .markup = object, case .string(let text) = result else { return result }
      return .markup(Markup(text))
    }
  }

  private static func test(_ holds: @escaping @Sendable (Unicode.Scalar) -> Bool) -> Method {
    { object, _, _ in
      let text = object.plainText ?? ""
      return .bool(!text.isEmpty && text.unicodeScalars.allSatisfy(holds))
    }
  }
}

/// What the methods come to.
extension StringMethods {
  private static func split(_ text: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let limit = try evaluation.integer(arguments, 1, "maxsplit") ?? -1
    guard let separator = arguments[0, "sep"], !separator.isNone else {
      return .strings(PythonString.splitAtSpace(text, limit: limit))
    }
    guard let separator = separator.plainText else {
      throw Failure.type("must be str or None, not \(evaluation.typeName(separator))")
    }
    if separator.isEmpty { throw Failure.value("empty separator") }
    return .strings(PythonString.split(text, by: separator, limit: limit))
  }

  private static func splitFromRight(_ text: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object
  {
    let limit = try evaluation.integer(arguments, 1, "maxsplit") ?? -1
    func reversed(_ text: String) -> String {
      var view = String.UnicodeScalarView()
      for scalar in text.unicodeScalars.reversed() { view.append(scalar) }
      return String(view)
    }
    let backwards = reversed(text)
    let parts: [String]
    if let separator = try evaluation.string(arguments, 0, "sep") {
      if separator.isEmpty { throw Failure.value("empty separator") }
      parts = PythonString.split(backwards, by: reversed(separator), limit: limit)
    } else {
      parts = PythonString.splitAtSpace(backwards, limit: limit)
    }
    return .strings(parts.reversed().map(reversed))
  }

  private static func partition(_ text: String, _ separator: String, fromRight: Bool) throws -> Object {
    if separator.isEmpty { throw Failure.value("empty separator") }
    let found = fromRight ? PythonString.reverseFind(separator, in: text) : PythonString.find(separator, in: text)
    guard let found else {
      return .tuple((fromRight ? ["", "", text] : [text, "", ""]).map { .string($0) })
    }
    let head = String(decoding: text.utf8.prefix(found), as: UTF8.self)
    let tail = String(decoding: text.utf8.dropFirst(found + separator.utf8.count), as: UTF8.self)
    return .tuple([.string(head), .string(separator), .string(tail)])
  }

  private static func join(_ separator: String, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    var parts: [String] = []
    var size = 0
    for (index, element) in try evaluation.elements(arguments.required(0, "iterable", of: "join")).enumerated() {
      guard let part = evaluation.reveal(element).plainText else {
        if case .undefined(let undefined) = element { throw undefined.failure }
        throw Failure.type("sequence item \(index): expected str instance, \(evaluation.typeName(element)) found")
      }
      size += part.utf8.count + separator.utf8.count
      parts.append(part)
    }
    try evaluation.budget.check(textBytes: size)
    return .string(parts.joined(separator: separator))
  }

  fileprivate static func replacedSize(_ text: String, _ old: String, _ new: String) -> Int {
    let size = text.utf8.count
    if new.utf8.count <= old.utf8.count || size < 1 << 16 && new.utf8.count < 1 << 8 { return size }
    let places = old.isEmpty ? size + 1 : PythonString.split(text, by: old).count - 1
    let (added, overflow) = places.multipliedReportingOverflow(by: new.utf8.count)
    return overflow ? .max : size + added
  }

  private static func matches(
    _ text: String, _ arguments: Arguments, _ evaluation: Evaluation, _ name: String,
    _ matches: (String, String) -> Bool
  ) throws -> Bool {
    let wanted = try arguments.required(0, "prefix", of: name)
    var text = text
    if arguments.positional.count > 1 { text = PythonString.slice(text, try bounds(arguments, evaluation)) }
    if case .tuple(let elements) = wanted {
      return try elements.contains { matches(text, try evaluation.string($0, "\(name) first arg")) }
    }
    return matches(text, try evaluation.string(wanted, "\(name) first arg"))
  }

  /// The start and end that come second and third in many methods.
  private static func bounds(_ arguments: Arguments, _ evaluation: Evaluation) throws -> Slice {
    Slice(
      start: try evaluation.integer(arguments, 1, "start"), stop: try evaluation.integer(arguments, 2, "end"), step: 1)
  }

  private static func find(
    _ text: String, _ arguments: Arguments, _ evaluation: Evaluation, _ name: String
  ) throws -> Int? {
    let part = try evaluation.string(arguments.required(0, "sub", of: name), "sub")
    let slice = try bounds(arguments, evaluation)
    let length = PythonString.count(text)
    let start = min(max(slice.start.map { $0 < 0 ? $0 + length : $0 } ?? 0, 0), length)
    let searched = slice.start == nil && slice.stop == nil ? text : PythonString.slice(text, slice)
    let found = name == "find" ? PythonString.find(part, in: searched) : PythonString.reverseFind(part, in: searched)
    return found.map { PythonString.count(String(decoding: searched.utf8.prefix($0), as: UTF8.self)) + start }
  }

  private static func padded(
    _ text: String, _ arguments: Arguments, _ evaluation: Evaluation, _ name: String,
    _ sides: (_ space: Int, _ width: Int) -> (left: Int, right: Int)
  ) throws -> String {
    let width = try evaluation.integer(arguments.required(0, "width", of: name))
    let fill = try evaluation.string(arguments, 1, "fillchar") ?? " "
    let space = width - PythonString.count(text)
    if space <= 0 { return text }
    let (left, right) = sides(space, width)
    return try evaluation.repeated(fill, left) + text + evaluation.repeated(fill, right)
  }

  private static func expanded(_ text: String, _ size: Int) -> String {
    var result = String.UnicodeScalarView()
    var column = 0
    for scalar in text.unicodeScalars {
      if scalar == "\t" {
        let spaces = size > 0 ? size - column % size : 0
        for _ in 0..<spaces { result.append(" ") }
        column += spaces
      } else {
        result.append(scalar)
        column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
      }
    }
    return String(result)
  }

  static func titled(_ text: String) -> String {
    var result = ""
    var isInWord = false
    for scalar in text.unicodeScalars {
      let isCased = scalar.properties.isCased
      result +=
        isCased ? (isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping) : String(scalar)
      isInWord = isCased
    }
    return result
  }

  private static func swapped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result += scalar.properties.isUppercase ? scalar.properties.lowercaseMapping : scalar.properties.uppercaseMapping
    }
    return result
  }

  private static func isCased(_ text: String) -> Bool { text.unicodeScalars.contains { $0.properties.isCased } }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }

  private static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
    return text.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
  }
}

extension Evaluation {
  func replaced(_ old: String, with new: String, in text: String, limit: Int) throws -> String {
    try budget.check(textBytes: StringMethods.replacedSize(text, old, new))
    return PythonString.replace(old, with: new, in: text, limit: limit)
  }
}
