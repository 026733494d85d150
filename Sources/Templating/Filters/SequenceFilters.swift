/// Jinja's filters of sequences.
extension Filter {
  static let sequenceFilters: [Filter] = [
    Filter("length") { object, _, evaluation in
      guard let length = try evaluation.length(object) else {
        throw Failure.type("object of type '\(evaluation.typeName(object))' has no len()")
      }
      return .int(length)
    },
    Filter("list") { object, _, evaluation in .list(try evaluation.elements(object)) },
    Filter("first") { object, _, evaluation in
      try end(of: object, evaluation, "first") { $0.first }
    },
    Filter("last") { object, _, evaluation in
      try end(of: object, evaluation, "last") { $0.last }
    },
    Filter("reverse") { object, _, evaluation in
      if let text = object.plainText {
        return .string(PythonString.slice(text, Slice(start: nil, stop: nil, step: -1)))
      }
      guard let elements = try evaluation.iterable(object) else { throw Failure.value("argument must be iterable") }
      return .list(elements.reversed())
    },
    Filter("join") { object, arguments, evaluation in try join(object, arguments, evaluation) },
    Filter("sort") { object, arguments, evaluation in
      let isReversed = try evaluation.flag(arguments, 0, "reverse")
      let keepsCase = try evaluation.flag(arguments, 1, "case_sensitive")
      let getters = try evaluation.attributeGetters(arguments[2, "attribute"])
      return .list(
        try evaluation.sorted(evaluation.elements(object), isReversed: isReversed) { element in
          let keys = try getters.map { folded(try $0(element), keepsCase) }
          return keys.count == 1 ? keys[0] : .tuple(keys)
        })
    },
    Filter("dictsort") { object, arguments, evaluation in
      let keepsCase = try evaluation.flag(arguments, 0, "case_sensitive")
      let by = try evaluation.string(arguments, 1, "by") ?? "key"
      let isReversed = try evaluation.flag(arguments, 2, "reverse")
      guard by == "key" || by == "value" else {
        throw Failure.value("You can only sort by either \"key\" or \"value\"")
      }
      let pairs = try evaluation.dict(object, "dictsort").all().map { Object.tuple([$0.key, $0.value]) }
      return .list(
        try evaluation.sorted(pairs, isReversed: isReversed) { pair in
          guard case .tuple(let entry) = pair else { return pair }
          return folded(entry[by == "key" ? 0 : 1], keepsCase)
        })
    },
    Filter("min") { object, arguments, evaluation in try extreme(object, arguments, evaluation, isMax: false) },
    Filter("max") { object, arguments, evaluation in try extreme(object, arguments, evaluation, isMax: true) },
    Filter("batch") { object, arguments, evaluation in
      let count = try evaluation.integer(arguments.required(0, "linecount", of: "batch"))
      let fill = arguments[1, "fill_with"] ?? .null
      if count <= 0 { throw Failure.value("batch size must be positive") }
      let elements = try evaluation.elements(object)
      return .list(
        stride(from: 0, to: elements.count, by: count).map { start in
          var row = Array(elements[start..<min(start + count, elements.count)])
          if !fill.isNone { while row.count < count { row.append(fill) } }
          return .list(row)
        })
    },
    Filter("slice") { object, arguments, evaluation in
      let count = try evaluation.integer(arguments.required(0, "slices", of: "slice"))
      if count <= 0 { throw Failure.value("number of slices must be positive") }
      try evaluation.budget.check(elements: count)
      return .list(slices(try evaluation.elements(object), count, fill: arguments[1, "fill_with"]))
    },
    Filter("groupby") { object, arguments, evaluation in try grouped(object, arguments, evaluation) },
    Filter("unique") { object, arguments, evaluation in try unique(object, arguments, evaluation) },
    Filter("items") { object, _, evaluation in
      if object.isUndefined { return .list([Object]()) }
      guard case .dict(let dict) = object else { throw Failure.type("Can only get item pairs from a mapping.") }
      return .list(try dict.all().map { .tuple([$0.key, $0.value]) })
    },
  ]

  private static func end(
    of object: Object, _ evaluation: Evaluation, _ name: String, _ pick: ([Object]) -> Object?
  ) throws -> Object {
    if case .list(let list) = object, list.count > 0 {
      return try list.element(at: name == "first" ? 0 : list.count - 1)
    }
    if let found = pick(try evaluation.elements(object)) { return found }
    let failure = Failure.undefined("No \(name) item, sequence was empty.")
    return .undefined(
      Undefined(name: name, shown: "undefined value printed: \(failure.message)") { failure })
  }

  /// Text without regard to case, unless it is asked for.
  static func folded(_ object: Object, _ keepsCase: Bool) -> Object {
    guard !keepsCase, let text = object.plainText else { return object }
    return .string(text.lowercased())
  }

  private static func join(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let separator = arguments[0, "d"] ?? .string("")
    var elements = try evaluation.elements(object)
    if let attribute = arguments[1, "attribute"], !attribute.isNone {
      elements = try elements.map(evaluation.attributeGetter(attribute))
    }
    let escapes = evaluation.autoescape && (separator.isMarkup || elements.contains { evaluation.unsealed($0).isMarkup })
    var result = ""
    var isFirst = true
    let between = try escapes ? evaluation.escaped(separator) : evaluation.text(separator)
    for element in elements {
      if !isFirst { result += between }
      isFirst = false
      result += try escapes ? evaluation.escaped(element) : evaluation.text(element)
      try evaluation.budget.check(textBytes: result.utf8.count)
    }
    return escapes ? .markup(Markup(result)) : .string(result)
  }

  private static func extreme(
    _ object: Object, _ arguments: Arguments, _ evaluation: Evaluation, isMax: Bool
  ) throws -> Object {
    let keepsCase = try evaluation.flag(arguments, 0, "case_sensitive")
    let getter = try evaluation.attributeGetter(arguments[1, "attribute"])
    var best: Object?
    var bestKey: Object?
    for element in try evaluation.elements(object) {
      let key = folded(try getter(element), keepsCase)
      if let known = bestKey {
        guard try isMax ? evaluation.isLess(known, key) : evaluation.isLess(key, known) else { continue }
      }
      (best, bestKey) = (element, key)
    }
    if let best { return best }
    let failure = Failure.undefined("No aggregated item, sequence was empty.")
    return .undefined(Undefined(name: "min", failure: failure))
  }

  private static func slices(_ elements: [Object], _ count: Int, fill: Object?) -> [Object] {
    let size = elements.count / count
    let extra = elements.count % count
    var offset = 0
    return (0..<count).map { index in
      let start = offset + index * size
      if index < extra { offset += 1 }
      var slice = Array(elements[start..<(offset + (index + 1) * size)])
      if let fill, !fill.isNone, index >= extra { slice.append(fill) }
      return .list(slice)
    }
  }

  private static func grouped(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let attribute = try arguments.required(0, "attribute", of: "groupby")
    let getter = try evaluation.attributeGetter(attribute, standard: arguments[1, "default"])
    let keepsCase = try evaluation.flag(arguments, 2, "case_sensitive")
    let sorted = try evaluation.sorted(evaluation.elements(object)) { folded(try getter($0), keepsCase) }
    var groups: [(key: Object, shown: Object, elements: [Object])] = []
    for element in sorted {
      let shown = try getter(element)
      let key = folded(shown, keepsCase)
      if let last = groups.last, try evaluation.equal(last.key, key) {
        groups[groups.count - 1].elements.append(element)
      } else {
        groups.append((key, shown, [element]))
      }
    }
    return .list(groups.map { .instance(GroupTuple($0.shown, .list($0.elements))) })
  }

  private static func unique(_ object: Object, _ arguments: Arguments, _ evaluation: Evaluation) throws -> Object {
    let keepsCase = try evaluation.flag(arguments, 0, "case_sensitive")
    let getter = try evaluation.attributeGetter(arguments[1, "attribute"])
    var seen: Set<Object> = []
    var unhashable: [Object] = []
    var kept: [Object] = []
    for element in try evaluation.elements(object) {
      let key = folded(evaluation.reveal(try getter(element)), keepsCase)
      if (try? evaluation.checkHashable(key)) != nil {
        if seen.insert(key).inserted { kept.append(element) }
      } else if try !unhashable.contains(where: { try evaluation.equal($0, key) }) {
        unhashable.append(key)
        kept.append(element)
      }
    }
    return .list(kept)
  }
}

/// A group of `groupby`: a pair that also has names for its halves.
final class GroupTuple: Instance {
  private let grouper: Object, list: Object

  init(_ grouper: Object, _ list: Object) {
    self.grouper = grouper
    self.list = list
  }

  override var typeName: String { "tuple" }

  override func attribute(_ name: String, in evaluation: Evaluation) throws -> Object? {
    switch name {
    case "grouper": grouper
    case "list": list
    default: nil
    }
  }

  override func item(_ key: Object, in evaluation: Evaluation) throws -> Object? {
    guard case .int(let index) = key else { return nil }
    return switch index {
    case 0, -2: grouper
    case 1, -1: list
    default: nil
    }
  }

  override func elements(in evaluation: Evaluation) throws -> [Object]? { [grouper, list] }
  override func plain(in evaluation: Evaluation) throws -> Object? { .tuple([grouper, list]) }
  override func text(in evaluation: Evaluation) throws -> String { try evaluation.repr(.tuple([grouper, list])) }
}

extension Evaluation {
  /// Reads what an `attribute` argument names: `a.b.0`, an index, or the element itself.
  func attributeGetter(_ attribute: Object?, standard: Object? = nil) throws -> (Object) throws -> Object {
    guard let attribute, !attribute.isNone else { return { $0 } }
    let keys: [Object] =
      try attribute.plainText.map { text in
        text.split(separator: ".", omittingEmptySubsequences: false).map { part in
          Int(part).map { .int($0) } ?? .string(String(part))
        }
      } ?? [.int(integer(attribute))]
    return { [self] element in
      var object = element
      for key in keys {
        object = try item(object, key)
        if object.isUndefined, let standard, !standard.isNone { object = standard }
      }
      return object
    }
  }

  /// As `attributeGetter`, for several attributes with commas between.
  func attributeGetters(_ attribute: Object?) throws -> [(Object) throws -> Object] {
    guard let text = attribute?.plainText else { return [try attributeGetter(attribute)] }
    return try text.split(separator: ",").map { try attributeGetter(.string(String($0))) }
  }
}
