import Model

/// A filter: what stands behind a `|`.
struct Filter: Sendable {
  let name: String
  let body: Method
  /// Most filters fail on an undefined value or argument, with the reason why it is undefined.
  let acceptsUndefined: Bool
  /// Comes to one of its arguments as it is: what was source stays source.
  let isChoice: Bool

  init(_ name: String, acceptsUndefined: Bool = false, isChoice: Bool = false, _ body: @escaping Method) {
    self.name = name
    self.acceptsUndefined = acceptsUndefined
    self.isChoice = isChoice
    self.body = body
  }

  /// The filter of a short or full name.
  static func named(_ name: String) -> Filter? {
    if let filter = table[name] { return filter }
    guard let dot = name.lastIndex(of: "."), PluginNames.isKnownCollection(name[..<dot]) else { return nil }
    return table[String(name[name.index(after: dot)...])]
  }

  static var names: some Sequence<String> { table.keys }

  static func unknown(_ name: String, _ words: String = "") -> Failure {
    Failure(
      .runtime, "No filter named '\(name)'\(words).", advice: nearestName(to: name, among: names).map { "did you mean '\($0)'?" })
  }

  private static let table: [String: Filter] = {
    var table: [String: Filter] = [:]
    for filters in all { for filter in filters { table[filter.name] = filter } }
    for (alias, name) in aliases { table[alias] = table[name] }
    return table
  }()

  private static let aliases = [
    "d": "default", "e": "escape", "count": "length",
  ]

  private static let all: [[Filter]] = [
    textFilters, numberFilters, sequenceFilters, selectionFilters, objectFilters, regexFilters,
    collectionFilters, serializationFilters, hashFilters, pathFilters, utilityFilters, addressFilters, queryFilters,
    communityFilters, vaultFilters, structureFilters, textFormFilters, patchFilters, networkFilters,
  ]
}

extension Evaluation {
  func apply(_ filter: Filter, to object: Object, _ arguments: Arguments) throws -> Object {
    if !filter.acceptsUndefined && dialect.undefined == .strict {
      if case .undefined(let undefined) = object, !undefined.isInlineIf { throw undefined.failure }
      try refuseUndefined(arguments)
    }
    if filter.isChoice { return try filter.body(unsealed(object), arguments.mapped(unsealed), self) }
    return try filter.body(reveal(object), revealed(arguments), self)
  }

  /// Arguments without their marks; functions see what is inside, and the result is secret where a secret went in.
  func revealed(_ arguments: Arguments) -> Arguments {
    guard arguments.positional.contains(where: \.isMarked) || arguments.named.contains(where: \.value.isMarked) else {
      return arguments
    }
    return arguments.mapped(reveal)
  }

  func filter(named name: String) throws -> Filter {
    guard let filter = Filter.named(name) else { throw Filter.unknown(name) }
    return filter
  }
}

/// Collections whose filters, tests and lookups are built in.
enum PluginNames {
  /// A plugin's name without its collection.
  static func short(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), isKnownCollection(name[..<dot]) else { return name }
    return String(name[name.index(after: dot)...])
  }

  static func isKnownCollection<Text: StringProtocol>(_ name: Text) -> Bool {
    ["ansible.builtin", "ansible.utils", "ansible.netcommon", "community.general", "ansible.legacy", "ansible.posix", "ansible._protomatter"]
      .contains(String(name))
  }
}
