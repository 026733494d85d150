import OrderedCollections

/// Filters of community.general that runbooks use.
extension Filter {
  static let communityFilters: [Filter] = [
    Filter("dict") { object, _, evaluation in
      let dict = DictObject()
      try DictMethods.update(dict, with: object, evaluation)
      return .dict(dict)
    },
    Filter("dict_kv") { object, arguments, evaluation in
      .dict(DictObject([evaluation.reveal(try arguments.required(0, "key", of: "dict_kv")): object]))
    },
    Filter("groupby_as_dict") { object, arguments, evaluation in
      let attribute = try arguments.required(0, "attribute", of: "groupby_as_dict")
      let result = DictObject()
      for element in try evaluation.elements(object) {
        let dict = try evaluation.dict(element, "a sequence element")
        guard let key = try dict.entry(attribute) else {
          throw Failure.value("Attribute \(try evaluation.text(attribute)) not contained in element")
        }
        if result.contains(key) {
          throw Failure.value("Multiple sequence entries have attribute value \(try evaluation.repr(key))")
        }
        result[evaluation.reveal(key)] = element
      }
      return .dict(result)
    },
    Filter("lists_mergeby") { object, arguments, evaluation in
      guard let index = arguments.positional.last else { throw Failure.type("Missing required argument 'index'") }
      var lists: [Object] = []
      for list in [object] + arguments.positional.dropLast() { lists += try evaluation.flattened([list], levels: 10) }
      return .list(try merged(lists, by: index, arguments, evaluation))
    },
    Filter("counter") { object, _, evaluation in
      let result = DictObject()
      for element in try evaluation.elements(object) {
        try evaluation.checkHashable(element)
        let key = evaluation.reveal(element)
        result[key] = .int((try result.entry(key).flatMap { Number($0)?.double }.map { Int($0) } ?? 0) + 1)
      }
      return .dict(result)
    },
    keys("keep_keys", keeps: true), keys("remove_keys", keeps: false),
    Filter("replace_keys") { object, arguments, evaluation in
      let targets = try evaluation.elements(
        arguments[named: "target"] ?? arguments.required(0, "target", of: "replace_keys"))
      let pairs = try targets.map { target in
        let dict = try evaluation.dict(target, "a target")
        return (try evaluation.text(dict.entry(.string("before")) ?? .null), try dict.entry(.string("after")) ?? .null)
      }
      return try mapDicts(object, evaluation) { dict in
        let result = DictObject()
        for (key, value) in dict.unrendered() {
          let name = try evaluation.text(key)
          result[pairs.first { $0.0 == name }?.1 ?? key] = value
        }
        return result
      }
    },
    Filter("version_sort") { object, arguments, evaluation in
      let isReversed = try evaluation.flag(arguments, 0, "reverse")
      let texts = try evaluation.elements(object).map { try evaluation.text($0) }
      let sorted: [String]
      do { sorted = try texts.sorted { try VersionNumber.compare($0, $1, "loose") < 0 } } catch let error as VersionNumber.Mistake {
        throw Failure.type(error.message)
      }
      return .strings(isReversed ? sorted.reversed() : sorted)
    },
    time("to_time_unit", nil), time("to_milliseconds", 0.001), time("to_seconds", 1), time("to_minutes", 60),
    time("to_hours", 3600), time("to_days", 86400), time("to_weeks", 604_800), time("to_months", 2_592_000),
    time("to_years", 31_536_000),
  ]

  private static func merged(
    _ elements: [Object], by index: Object, _ arguments: Arguments, _ evaluation: Evaluation
  ) throws -> [Object] {
    let recurses = try arguments[named: "recursive"].map { try evaluation.isTrue($0) } ?? false
    let merge =
      ListMerge(rawValue: try arguments[named: "list_merge"].map { try evaluation.text($0) } ?? "replace") ?? .replace
    var groups: OrderedDictionary<Object, DictObject> = [:]
    for element in elements {
      let dict = try evaluation.dict(element, "an element")
      guard let key = try dict.entry(index) else { continue }
      groups[key] = try groups[key].map { try evaluation.merged($0, dict, recurses: recurses, merge) } ?? dict
    }
    return try evaluation.sorted(Array(groups.keys)) { $0 }.compactMap { key in groups[key].map { .dict($0) } }
  }

  /// Whether a key is one of those named, as `matching_parameter` has it.
  private static func matches(
    _ key: String, _ targets: [String], _ arguments: Arguments, _ evaluation: Evaluation
  ) throws -> Bool {
    switch try arguments[named: "matching_parameter"].map({ try evaluation.text($0) }) ?? "equal" {
    case "starts_with": return targets.contains { PythonString.hasPrefix(key, $0) }
    case "ends_with": return targets.contains { PythonString.hasSuffix(key, $0) }
    case "regex":
      return try targets.contains { target in
        let regex = try evaluation.regex(target, [])
        return try evaluation.run { try regex.match(key) } != nil
      }
    case "equal": return targets.contains(key)
    case let other: throw Failure.value("matching_parameter must be equal, starts_with, ends_with or regex, not '\(other)'")
    }
  }

  private static func keys(_ name: String, keeps: Bool) -> Filter {
    Filter(name) { object, arguments, evaluation in
      let target = try arguments[named: "target"] ?? arguments.required(0, "target", of: name)
      let names = try target.plainText.map { [$0] } ?? evaluation.elements(target).map { try evaluation.text($0) }
      return try mapDicts(object, evaluation) { dict in
        DictObject(
          OrderedDictionary(
            uniqueKeysWithValues: try dict.unrendered().filter { entry in
              try matches(evaluation.text(entry.key), names, arguments, evaluation) == keeps
            }.map { ($0.key, $0.value) }))
      }
    }
  }

  private static func mapDicts(_ object: Object, _ evaluation: Evaluation, _ body: (DictObject) throws -> DictObject)
    throws -> Object
  {
    if case .dict(let dict) = object {
      _ = try dict.all()
      return .dict(try body(dict))
    }
    return .list(
      try evaluation.elements(object).map { element in
        let dict = try evaluation.dict(element, "an element")
        _ = try dict.all()
        return .dict(try body(dict))
      })
  }

  private static let timeUnits: [(names: [String], seconds: Double)] = [
    (["ms", "msec", "msecs", "millisecond", "milliseconds"], 0.001), (["s", "sec", "secs", "second", "seconds"], 1),
    (["m", "min", "mins", "minute", "minutes"], 60), (["h", "hour", "hours"], 3600), (["d", "day", "days"], 86400),
    (["w", "week", "weeks"], 604_800), (["mo", "month", "months"], 2_592_000), (["y", "year", "years"], 31_536_000),
  ]

  /// A time such as `1h 30m` in another unit.
  private static func time(_ name: String, _ seconds: Double?) -> Filter {
    Filter(name) { object, arguments, evaluation in
      var unit = seconds
      if unit == nil {
        let wanted = try evaluation.text(arguments, 0, "unit", "ms").lowercased()
        unit = timeUnits.first { $0.names.contains(wanted) }?.seconds
        if unit == nil { throw Failure.value("to_time_unit() can not convert to the following unit: \(wanted)") }
      }
      var total = 0.0
      for part in PythonString.splitAtSpace(try evaluation.text(object)) {
        let digits = part.prefix { $0.isNumber || $0 == "." || $0 == "-" }
        let suffix = part.dropFirst(digits.count).lowercased()
        guard let number = Double(digits),
          let factor = suffix.isEmpty ? 0.001 : timeUnits.first(where: { $0.names.contains(suffix) })?.seconds
        else {
          throw Failure.value("to_time_unit() can not interpret following string: \(try evaluation.text(object))")
        }
        total += number * factor
      }
      return .float((total / (unit ?? 1) * 1e12).rounded() / 1e12)
    }
  }
}
