import Model

/// A test: what stands behind `is`.
struct TemplateTest: Sendable {
  typealias Body = @Sendable (Object, Arguments, Evaluation) throws -> Bool

  let name: String
  let body: Body
  let acceptsUndefined: Bool

  init(_ name: String, acceptsUndefined: Bool = false, _ body: @escaping Body) {
    self.name = name
    self.acceptsUndefined = acceptsUndefined
    self.body = body
  }

  var asksForDefinition: Bool { name == "defined" || name == "undefined" }

  /// The test of a short or full name.
  static func named(_ name: String) -> TemplateTest? {
    if let test = table[name] { return test }
    guard let dot = name.lastIndex(of: "."), PluginNames.isKnownCollection(name[..<dot]) else { return nil }
    return table[String(name[name.index(after: dot)...])]
  }

  static var names: some Sequence<String> { table.keys }

  static func unknown(_ name: String, _ words: String = "") -> Failure {
    Failure(
      .runtime, "No test named '\(name)'\(words).", advice: nearestName(to: name, among: names).map { "did you mean '\($0)'?" })
  }

  private static let table: [String: TemplateTest] = {
    var table: [String: TemplateTest] = [:]
    for tests in all { for test in tests { table[test.name] = test } }
    for (alias, name) in aliases { table[alias] = table[name] }
    return table
  }()

  private static let aliases = [
    "==": "eq", "equalto": "eq", "!=": "ne", "<": "lt", "lessthan": "lt", "<=": "le", ">": "gt", "greaterthan": "gt",
    ">=": "ge", "change": "changed", "skip": "skipped", "failure": "failed", "success": "succeeded",
    "successful": "succeeded", "issubset": "subset", "issuperset": "superset", "version_compare": "version",
    "is_file": "file", "is_dir": "directory", "is_link": "link", "is_abs": "abs", "is_mount": "mount",
    "is_same_file": "same_file", "isnan": "nan",
  ]

  private static let all: [[TemplateTest]] = [
    typeTests, comparisonTests, resultTests, regexTests, versionTests, textFormTests, addressTests,
  ]
}

extension Evaluation {
  func check(_ test: TemplateTest, _ object: Object, _ arguments: Arguments) throws -> Bool {
    if !test.acceptsUndefined {
      if dialect.undefined == .strict {
        if case .undefined(let undefined) = object { throw undefined.failure }
        try refuseUndefined(arguments)
      }
      return try test.body(reveal(object), revealed(arguments), self)
    }
    return try test.body(object, arguments, self)
  }

  func test(named name: String) throws -> TemplateTest {
    guard let test = TemplateTest.named(name) else { throw TemplateTest.unknown(name) }
    return test
  }
}
