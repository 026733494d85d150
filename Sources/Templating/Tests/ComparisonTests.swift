/// Tests that compare.
extension TemplateTest {
  static let comparisonTests: [TemplateTest] = [
    comparison("eq", .equal), comparison("ne", .notEqual), comparison("lt", .less), comparison("le", .lessOrEqual),
    comparison("gt", .greater), comparison("ge", .greaterOrEqual), comparison("in", .isIn),
    TemplateTest("contains") { object, arguments, evaluation in
      try evaluation.contains(object, arguments.required(0, "item", of: "contains"))
    },
    TemplateTest("sameas") { object, arguments, evaluation in
      isSame(object, try arguments.required(0, "other", of: "sameas"))
    },
    TemplateTest("odd") { object, _, evaluation in try remainder(object, .int(2), evaluation) == 1 },
    TemplateTest("even") { object, _, evaluation in try remainder(object, .int(2), evaluation) == 0 },
    TemplateTest("divisibleby") { object, arguments, evaluation in
      try remainder(object, arguments.required(0, "num", of: "divisibleby"), evaluation) == 0
    },
    TemplateTest("all") { object, _, evaluation in
      try evaluation.elements(object).allSatisfy { try evaluation.isTrue($0) }
    },
    TemplateTest("any") { object, _, evaluation in
      try evaluation.elements(object).contains { try evaluation.isTrue($0) }
    },
    TemplateTest("subset") { object, arguments, evaluation in
      try holds(arguments.required(0, "b", of: "subset"), all: object, evaluation)
    },
    TemplateTest("superset") { object, arguments, evaluation in
      try holds(object, all: arguments.required(0, "b", of: "superset"), evaluation)
    },
    TemplateTest("nan") { object, _, _ in if case .float(let number) = object { number.isNaN } else { false } },
  ]

  /// As Python's sets do, which of a text hold the characters.
  private static func holds(_ whole: Object, all part: Object, _ evaluation: Evaluation) throws -> Bool {
    let whole = Object.list(ListObject(try evaluation.elements(whole)))
    return try evaluation.elements(part).allSatisfy { try evaluation.contains(whole, $0) }
  }

  private static func comparison(_ name: String, _ comparison: Comparison) -> TemplateTest {
    TemplateTest(name) { object, arguments, evaluation in
      try evaluation.holds(comparison, object, arguments.required(0, "other", of: name))
    }
  }

  private static func remainder(_ object: Object, _ divisor: Object, _ evaluation: Evaluation) throws -> Double {
    Number(try evaluation.binary(.modulo, object, divisor))?.double ?? .nan
  }

  /// Python's `is`, as far as it can be told: the same container, or the same small value of the same type.
  private static func isSame(_ left: Object, _ right: Object) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.float(let left), .float(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.list(let left), .list(let right)): left === right
    case (.dict(let left), .dict(let right)): left === right
    case (.instance(let left), .instance(let right)): left === right
    default: false
    }
  }
}
