/// Tests of what something is.
extension TemplateTest {
  static let typeTests: [TemplateTest] = [
    TemplateTest("defined", acceptsUndefined: true) { object, _, _ in !object.isUndefined },
    TemplateTest("undefined", acceptsUndefined: true) { object, _, _ in object.isUndefined },
    TemplateTest("none") { object, _, _ in object.isNone },
    TemplateTest("boolean") { object, _, _ in if case .bool = object { true } else { false } },
    TemplateTest("true") { object, _, _ in if case .bool(true) = object { true } else { false } },
    TemplateTest("false") { object, _, _ in if case .bool(false) = object { true } else { false } },
    TemplateTest("integer") { object, _, _ in
      switch object {
      case .int, .bigInt: true
      default: false
      }
    },
    TemplateTest("float") { object, _, _ in if case .float = object { true } else { false } },
    TemplateTest("number") { object, _, _ in Number(object) != nil },
    TemplateTest("string") { object, _, _ in object.plainText != nil },
    TemplateTest("mapping") { object, _, _ in if case .dict = object { true } else { false } },
    TemplateTest("sequence") { object, _, evaluation in
      switch object {
      case .list, .tuple, .dict, .string, .markup, .range: return true
      case .instance: return try evaluation.iterable(object) != nil
      case .undefined: return true
      default: return false
      }
    },
    TemplateTest("iterable") { object, _, evaluation in
      switch object {
      case .list, .tuple, .dict, .string, .markup, .range: return true
      default: return try evaluation.iterable(object) != nil
      }
    },
    TemplateTest("callable") { object, _, _ in
      switch object {
      case .instance(let instance): instance.isCallable
      // Python's class of undefined values can be called, to say what is undefined.
      case .undefined: true
      default: false
      }
    },
    TemplateTest("escaped") { object, _, _ in if case .markup = object { true } else { false } },
    TemplateTest("upper") { object, _, evaluation in
      let text = try evaluation.text(object)
      return text.unicodeScalars.contains { $0.properties.isCased } && text == text.uppercased()
    },
    TemplateTest("lower") { object, _, evaluation in
      let text = try evaluation.text(object)
      return text.unicodeScalars.contains { $0.properties.isCased } && text == text.lowercased()
    },
    TemplateTest("filter") { object, _, evaluation in Filter.named(try evaluation.text(object)) != nil },
    TemplateTest("test") { object, _, evaluation in TemplateTest.named(try evaluation.text(object)) != nil },
    TemplateTest("truthy") { object, arguments, evaluation in
      try truth(object, convert: evaluation.flag(arguments, 0, "convert_bool"), evaluation)
    },
    TemplateTest("falsy") { object, arguments, evaluation in
      try !truth(object, convert: evaluation.flag(arguments, 0, "convert_bool"), evaluation)
    },
  ]

  private static func truth(_ object: Object, convert: Bool, _ evaluation: Evaluation) throws -> Bool {
    guard convert, let text = object.plainText?.lowercased() else { return try evaluation.isTrue(object) }
    if ["y", "yes", "on", "1", "true", "t"].contains(text) { return true }
    if ["n", "no", "off", "0", "false", "f"].contains(text) { return false }
    return !text.isEmpty
  }
}
