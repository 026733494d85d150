import Glibc
import Model
import OrderedCollections

/// ansible-core's other filters: quoting, comments, sizes, dates, URLs, mathematics.
extension Filter {
  static let utilityFilters: [Filter] = [
    Filter("quote") { object, _, evaluation in
      object.isNone ? .string("''") : .string(ShellText.quoted(try evaluation.text(object)))
    },
    Filter("comment") { object, arguments, evaluation in
      .string(try CommentStyle(arguments, evaluation).comment(evaluation.text(object)))
    },
    Filter("split") { object, arguments, evaluation in
      guard let text = object.plainText, let method = StringMethods.table["split"] else {
        throw Failure.type("'\(evaluation.typeName(object))' object has no attribute 'split'")
      }
      return try method(.string(text), arguments, evaluation)
    },
    Filter("human_readable") { object, arguments, evaluation in
      let unit = try evaluation.string(arguments, 1, "unit")
      return .string(
        try HumanSize.text(size(object, evaluation), isBits: evaluation.flag(arguments, 0, "isbits"), unit: unit))
    },
    Filter("human_to_bytes") { object, arguments, evaluation in
      let unit = try evaluation.string(arguments, 0, "default_unit")
      let isBits = try evaluation.flag(arguments, 1, "isbits")
      return try HumanSize.bytes(evaluation.text(object), standardUnit: unit, isBits: isBits)
    },
    Filter("to_datetime") { object, arguments, evaluation in
      let format = try evaluation.string(arguments, 0, "format") ?? "%Y-%m-%d %H:%M:%S"
      let text = try evaluation.text(object)
      guard let found = TimestampParser.parse(text, format) else {
        throw Failure.value("time data \(PythonText.repr(text)) does not match format \(PythonText.repr(format))")
      }
      return .timestamp(Moment(found))
    },
    Filter("strftime") { object, arguments, evaluation in
      let format = try evaluation.text(object)
      var second = Timestamp.now(isUTC: false).epochMicroseconds
      if let given = arguments[0, "second"], !given.isNone {
        guard let number = PythonNumber.float(try evaluation.text(given)) else {
          throw Failure.value("Invalid value for epoch value (\(try evaluation.text(given)))")
        }
        guard abs(number) < 1e12 else { throw Failure.value("timestamp out of range for platform time_t") }
        second = Int(number * 1_000_000)
      }
      return .string(Timestamp.text(format, epochMicroseconds: second, isUTC: try evaluation.flag(arguments, 1, "utc")))
    },
    Filter("urlsplit") { object, arguments, evaluation in
      let parts = SplitURL(try evaluation.text(object)).parts
      guard let wanted = try evaluation.string(arguments, 0, "query"), !wanted.isEmpty else {
        return .dict(DictObject(OrderedDictionary(uniqueKeysWithValues: parts.map { (.string($0.name), $0.value) })))
      }
      guard let part = parts.first(where: { $0.name == wanted }) else {
        throw Failure.value("urlsplit: unknown URL component: \(wanted)")
      }
      return part.value
    },
    Filter("urldecode") { object, _, evaluation in
      .string(PercentEncoding.unquoted(PythonString.replace("+", with: " ", in: try evaluation.text(object))))
    },
    Filter("log") { object, arguments, evaluation in
      let number = try real(object, evaluation)
      let base = try arguments[0, "base"].map { try real($0, evaluation) }
      if number <= 0 { throw Failure.value("math domain error") }
      switch base {
      case nil: return .float(log(number))
      case 10: return .float(log10(number))
      case let base?: return .float(log(number) / log(base))
      }
    },
    Filter("pow") { object, arguments, evaluation in
      .float(pow(try real(object, evaluation), try real(arguments.required(0, "y", of: "pow"), evaluation)))
    },
    Filter("root") { object, arguments, evaluation in
      let number = try real(object, evaluation)
      let base = try arguments[0, "base"].map { try real($0, evaluation) } ?? 2
      if number < 0 { throw Failure.value("root() can only be used on positive numbers: math domain error") }
      return .float(base == 2 ? sqrt(number) : pow(number, 1 / base))
    },
    Filter("fileglob") { object, _, evaluation in
      let found = try evaluation.outsideLookup("fileglob", [.string(evaluation.text(object))])
      return .list(found)
    },
  ]

  private static func real(_ object: Object, _ evaluation: Evaluation) throws -> Double {
    guard let number = Number(object) else {
      throw Failure.type("must be real number, not \(evaluation.typeName(object))")
    }
    return number.double
  }

  private static func size(_ object: Object, _ evaluation: Evaluation) throws -> Double {
    if let number = Number(object) { return number.double }
    guard let number = PythonNumber.float(try evaluation.text(object)) else {
      throw Failure.value("human_readable() can't interpret the input: \(try evaluation.text(object))")
    }
    return number
  }
}

/// Python's `shlex.quote`.
enum ShellText {
  static func quoted(_ text: String) -> String {
    let isSafe =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "_@%+=:,./-".utf8.contains(byte)
      }
    return isSafe ? text : "'" + PythonString.replace("'", with: "'\"'\"'", in: text) + "'"
  }
}

/// Sizes for people, as ansible-core writes and reads them.
enum HumanSize {
  private static let units: [(suffix: String, factor: Double)] = [
    ("Y", 0x1p80), ("Z", 0x1p70), ("E", 0x1p60), ("P", 0x1p50), ("T", 0x1p40), ("G", 0x1p30), ("M", 0x1p20),
    ("K", 0x1p10), ("B", 1),
  ]

  static func text(_ size: Double, isBits: Bool, unit: String?) throws -> String {
    let wanted = unit?.first.map { String($0).uppercased() }
    let found = units.first { wanted == nil ? size >= $0.factor : $0.suffix == wanted } ?? units[units.count - 1]
    var suffix = found.suffix
    if suffix != "B" { suffix += isBits ? "b" : "B" } else { suffix = isBits ? "bits" : "Bytes" }
    return FormatSpecification.printf("%.2f", size / found.factor) + " " + suffix
  }

  static func bytes(_ text: String, standardUnit: String?, isBits: Bool) throws -> Object {
    let trimmed = PythonString.strip(text)
    let digits = trimmed.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits) else {
      throw Failure.value(
        "human_to_bytes() can't interpret the input: human_to_bytes() can't interpret following string: \(text)")
    }
    var unit = PythonString.strip(String(trimmed.dropFirst(digits.count)))
    if unit.isEmpty { unit = standardUnit ?? "" }
    if unit.isEmpty { return Number.float(number.rounded(.toNearestOrEven)).truncated }
    let first = String(unit.prefix(1)).uppercased()
    guard let found = units.first(where: { $0.suffix == first }) else {
      throw Failure.value(
        "human_to_bytes() can't interpret the input: human_to_bytes() failed to convert \(text) (unit = \(unit)). The suffix must be one of Y, Z, E, P, T, G, M, K, B"
      )
    }
    let second = unit.dropFirst()
    let isFine =
      second.isEmpty
      || (first == "B"
        ? ["it", "its", "yte", "ytes", "YTES", "Bytes"].contains(String(second))
        : [isBits ? "b" : "B", isBits ? "bit" : "byte", isBits ? "bits" : "bytes"].contains(String(second)))
    if !isFine {
      throw Failure.value(
        "human_to_bytes() can't interpret the input: human_to_bytes() failed to convert \(text). Value is not a valid string (expect \(first)\(isBits ? "b" : "B") in \(isBits ? "bits" : "bytes"))"
      )
    }
    return Number.float((number * found.factor).rounded(.toNearestOrEven)).truncated
  }
}

/// How `comment` decorates text.
struct CommentStyle {
  private var beginning: String?
  private var prefix: String?, postfix: String?
  private var end: String?
  private var decoration = "# "
  private var prefixCount = 1, postfixCount = 1
  private var newline = "\n"

  private static let styles: [String: CommentStyle] = {
    func style(_ decoration: String, _ beginning: String? = nil, _ end: String? = nil) -> CommentStyle {
      var style = CommentStyle()
      (style.decoration, style.beginning, style.end) = (decoration, beginning, end)
      return style
    }
    return [
      "plain": style("# "), "erlang": style("% "), "c": style("// "), "cblock": style(" * ", "/*", " */"),
      "xml": style(" - ", "<!--", "-->"),
    ]
  }()

  private init() {}

  init(_ arguments: Arguments, _ evaluation: Evaluation) throws {
    let name = try evaluation.text(arguments, 0, "style", "plain")
    guard let style = Self.styles[name] else { throw Failure.value("Invalid style '\(name)'.") }
    self = style
    if let text = try evaluation.string(arguments, 99, "decoration") { decoration = text }
    if let text = try evaluation.string(arguments, 99, "beginning") { beginning = text }
    if let text = try evaluation.string(arguments, 99, "end") { end = text }
    if let text = try evaluation.string(arguments, 99, "newline") { newline = text }
    prefix = try evaluation.string(arguments, 99, "prefix")
    postfix = try evaluation.string(arguments, 99, "postfix")
    if let count = try evaluation.integer(arguments, 99, "prefix_count") { prefixCount = count }
    if let count = try evaluation.integer(arguments, 99, "postfix_count") { postfixCount = count }
  }

  func comment(_ text: String) -> String {
    var bare = decoration
    while bare.last?.isWhitespace == true { bare.removeLast() }
    // Where a line is empty, its decoration loses the spaces at its end; not the last line, as in ansible-core.
    let lines = PythonString.split(text, by: newline)
    let body = lines.dropLast().map { ($0.isEmpty ? bare : decoration + $0) + newline }.joined() + decoration + (lines.last ?? "")
    let before = beginning.map { $0.isEmpty ? "" : $0 + newline } ?? ""
    let after = end.map { $0.isEmpty ? "" : newline + $0 } ?? ""
    let prefix = prefix ?? bare
    let opening = prefix.isEmpty ? "" : prefix == newline ? newline : prefix + newline
    return before + repeated(opening, prefixCount) + body + repeated(newline + (postfix ?? bare), postfixCount) + after
  }

  private func repeated(_ line: String, _ count: Int) -> String {
    String(repeating: line, count: max(0, min(count, 10_000)))
  }
}

/// Python's `urlsplit`, with the parts that ansible-core's filter names.
struct SplitURL {
  let parts: [(name: String, value: Object)]

  init(_ text: String) {
    var rest = Substring(text)
    var scheme = ""
    var location: Substring = ""
    var query = ""
    var fragment = ""
    if let colon = rest.firstIndex(of: ":"), let first = rest.first, first.isLetter,
      rest[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
    {
      scheme = rest[..<colon].lowercased()
      rest = rest[rest.index(after: colon)...]
    }
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      location = rest.prefix { !"/?#".contains($0) }
      rest = rest[location.endIndex...]
    }
    if let mark = rest.firstIndex(of: "#") {
      fragment = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    if let mark = rest.firstIndex(of: "?") {
      query = String(rest[rest.index(after: mark)...])
      rest = rest[..<mark]
    }
    var host = location
    var user: Object = .null
    var password: Object = .null
    var port: Object = .null
    if let at = host.lastIndex(of: "@") {
      let credentials = host[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      user = .string(String(credentials[0]))
      if credentials.count > 1 { password = .string(String(credentials[1])) }
      host = host[host.index(after: at)...]
    }
    if host.hasPrefix("["), let close = host.firstIndex(of: "]") {
      port = Int(host[close...].dropFirst(2)).map { .int($0) } ?? .null
      host = host.dropFirst()[..<close]
    } else if let colon = host.firstIndex(of: ":") {
      port = Int(host[host.index(after: colon)...]).map { .int($0) } ?? .null
      host = host[..<colon]
    }
    parts = [
      ("fragment", .string(fragment)), ("hostname", host.isEmpty ? .null : .string(host.lowercased())),
      ("netloc", .string(String(location))), ("password", password), ("path", .string(String(rest))), ("port", port),
      ("query", .string(query)), ("scheme", .string(scheme)), ("username", user),
    ]
  }
}
