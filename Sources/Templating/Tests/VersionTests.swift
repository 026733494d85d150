/// The `version` test.
extension TemplateTest {
  static let versionTests: [TemplateTest] = [
    TemplateTest("version") { object, arguments, evaluation in
      let other = try evaluation.text(arguments.required(0, "version", of: "version"))
      let symbol = try evaluation.text(arguments, 1, "operator", "eq")
      let strict = arguments[2, "strict"].flatMap { $0.isNone ? nil : $0 }
      let type = try evaluation.string(arguments, 3, "version_type")
      if strict != nil && type != nil { throw Failure.value("Cannot specify both 'strict' and 'version_type'") }
      let kind = try type ?? (strict.map { try evaluation.isTrue($0) } == true ? "strict" : "loose")
      let version = try evaluation.text(object)
      if version.isEmpty { throw Failure.value("Input version value cannot be empty") }
      if other.isEmpty { throw Failure.value("Version parameter to compare against cannot be empty") }
      guard let comparison = operators[symbol] else {
        throw Failure.value(
          "Invalid operator type (\(symbol)). Must be one of '==', '=', 'eq', '<', 'lt', '<=', 'le', '>', 'gt', '>=', 'ge', '!=', '<>', 'ne'"
        )
      }
      do { return try comparison(VersionNumber.compare(version, other, kind)) } catch let error as VersionNumber.Mistake
      {
        throw Failure.value(error.isType ? error.message : "Version comparison failed: \(error.message)")
      }
    }
  ]

  private static let operators: [String: @Sendable (Int) -> Bool] = [
    "==": { $0 == 0 }, "=": { $0 == 0 }, "eq": { $0 == 0 }, "<": { $0 < 0 }, "lt": { $0 < 0 }, "<=": { $0 <= 0 },
    "le": { $0 <= 0 }, ">": { $0 > 0 }, "gt": { $0 > 0 }, ">=": { $0 >= 0 }, "ge": { $0 >= 0 }, "!=": { $0 != 0 },
    "<>": { $0 != 0 }, "ne": { $0 != 0 },
  ]
}

/// Versions as ansible-core compares them.
enum VersionNumber {
  struct Mistake: Error {
    let message: String
    var isType = false
  }

  static func compare(_ left: String, _ right: String, _ kind: String) throws -> Int {
    switch kind {
    case "loose": return try compareLoose(loose(left), loose(right))
    case "strict": return try compareStrict(strict(left), strict(right))
    case "semver", "semantic": return try compareSemantic(semantic(left), semantic(right))
    case "pep440": return try PEP440(left).compare(PEP440(right))
    default:
      throw Mistake(
        message: "Invalid version type (\(kind)). Must be one of 'loose', 'strict', 'semver', 'semantic', 'pep440'",
        isType: true)
    }
  }

  enum Part: Equatable {
    case number(Int)
    case word(String)
  }

  /// Numbers and words, however they are joined.
  private static func loose(_ text: String) -> [Part] {
    var parts: [Part] = []
    var current = ""
    var isNumber: Bool?
    func flush() {
      if !current.isEmpty { parts.append(isNumber == true ? .number(Int(current) ?? .max) : .word(current)) }
      (current, isNumber) = ("", nil)
    }
    for character in text {
      if character == "." {
        flush()
        continue
      }
      let digit = character.isASCII && character.isNumber
      let letter = character.isASCII && character.isLetter && character.isLowercase
      // Only digits and lower-case letters are words of their own; the rest stays between them.
      let kind: Bool? = digit ? true : (letter ? false : nil)
      if kind != isNumber || current.isEmpty { flush() }
      isNumber = kind
      current.append(character)
    }
    flush()
    return parts
  }

  private static func compareLoose(_ left: [Part], _ right: [Part]) throws -> Int {
    for (left, right) in zip(left, right) where left != right {
      switch (left, right) {
      case (.number(let left), .number(let right)): return left < right ? -1 : 1
      case (.word(let left), .word(let right)): return compareText(left, right)
      case (.word, .number): throw Mistake(message: "'<' not supported between instances of 'str' and 'int'")
      case (.number, .word): throw Mistake(message: "'<' not supported between instances of 'int' and 'str'")
      }
    }
    return left.count - right.count
  }

  private static func strict(_ text: String) throws -> ([Int], (String, Int)?) {
    guard let match = try? PythonRegex(#"(\d+)\.(\d+)(\.(\d+))?([ab](\d+))?"#).fullMatch(text) else {
      throw Mistake(message: "invalid version number '\(text)'")
    }
    let numbers = [1, 2, 4].map { Int(match.group($0) ?? "0") ?? 0 }
    let pre = match.group(5).map { (String($0.prefix(1)), Int(match.group(6) ?? "0") ?? 0) }
    return (numbers, pre)
  }

  private static func compareStrict(_ left: ([Int], (String, Int)?), _ right: ([Int], (String, Int)?)) -> Int {
    if left.0 != right.0 { return left.0.lexicographicallyPrecedes(right.0) ? -1 : 1 }
    switch (left.1, right.1) {
    case (nil, nil): return 0
    case (nil, _): return 1
    case (_, nil): return -1
    case (let left?, let right?): return left == right ? 0 : (left < right ? -1 : 1)
    }
  }

  private static func semantic(_ text: String) throws -> (core: [Int], pre: [Part]) {
    let pattern =
      #"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?"#
    guard let match = try? PythonRegex(pattern).fullMatch(text) else {
      throw Mistake(message: "invalid semantic version '\(text)'")
    }
    let pre = match.group(4)?.split(separator: ".").map { Int($0).map { .number($0) } ?? Part.word(String($0)) } ?? []
    return ((1...3).map { Int(match.group($0) ?? "0") ?? 0 }, pre)
  }

  private static func compareSemantic(_ left: (core: [Int], pre: [Part]), _ right: (core: [Int], pre: [Part])) -> Int {
    if left.core != right.core { return left.core.lexicographicallyPrecedes(right.core) ? -1 : 1 }
    if left.pre.isEmpty || right.pre.isEmpty { return (left.pre.isEmpty ? 1 : 0) - (right.pre.isEmpty ? 1 : 0) }
    for (left, right) in zip(left.pre, right.pre) where left != right {
      switch (left, right) {
      case (.number(let left), .number(let right)): return left < right ? -1 : 1
      case (.word(let left), .word(let right)): return compareText(left, right)
      case (.number, .word): return -1
      case (.word, .number): return 1
      }
    }
    return left.pre.count - right.pre.count
  }
}

/// A Python package's version.
struct PEP440 {
  private let epoch: Int
  private let release: [Int]
  /// Development releases before alphas, betas and candidates, those before the release, that before its posts.
  private let phase: [Int]
  private let local: [VersionNumber.Part]

  init(_ text: String) throws {
    let pattern =
      #"(?i)\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*"#
    guard let match = try? PythonRegex(pattern).fullMatch(text) else {
      throw VersionNumber.Mistake(message: "Invalid version: '\(text)'")
    }
    func number(_ group: Int) -> Int { Int(match.group(group) ?? "0") ?? 0 }
    epoch = number(1)
    var numbers = match.group(2)?.split(separator: ".").map { Int($0) ?? 0 } ?? []
    while numbers.count > 1, numbers.last == 0 { numbers.removeLast() }
    release = numbers
    let dev = match.group(8) == nil ? Int.max : number(9)
    let pre = match.group(3).map { ["a": 1, "b": 2][$0.lowercased().prefix(1)] ?? 3 }
    let isPost = match.group(5) != nil || match.group(6) != nil
    let post = isPost ? number(match.group(5) != nil ? 5 : 7) : -1
    let stage = pre ?? (match.group(8) != nil && !isPost ? 0 : 4)
    phase = [stage, pre == nil ? 0 : number(4), post, dev]
    local =
      match.group(10)?.lowercased().split { "-_.".contains($0) }.map {
        Int($0).map { .number($0) } ?? .word(String($0))
      } ?? []
  }

  func compare(_ other: PEP440) -> Int {
    if epoch != other.epoch { return epoch - other.epoch }
    if release != other.release { return release.lexicographicallyPrecedes(other.release) ? -1 : 1 }
    if phase != other.phase { return phase.lexicographicallyPrecedes(other.phase) ? -1 : 1 }
    for (left, right) in zip(local, other.local) where left != right {
      switch (left, right) {
      case (.number(let left), .number(let right)): return left < right ? -1 : 1
      case (.word(let left), .word(let right)): return compareText(left, right)
      case (.number, .word): return 1
      case (.word, .number): return -1
      }
    }
    return local.count - other.local.count
  }
}
