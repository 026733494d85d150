/// Tests of registered results.
extension TemplateTest {
  static let resultTests: [TemplateTest] = [
    result("failed") { try $0("failed") },
    result("succeeded") { try !$0("failed") },
    result("changed") { try $0("changed") },
    result("skipped") { try $0("skipped") },
    result("unreachable") { try $0("unreachable") },
    result("reachable") { try !$0("unreachable") },
    result("finished", standard: true) { try $0("finished") },
    result("started", standard: true) { try $0("started") },
    TemplateTest("timedout") { object, _, evaluation in
      guard case .dict(let dict) = object else { throw Failure.type("The 'timedout' test expects a dictionary") }
      guard case .dict(let timeout)? = try dict.entry(.string("timedout")).map({ evaluation.reveal($0) }),
        let period = try timeout.entry(.string("period"))
      else { return false }
      return try evaluation.isTrue(period)
    },
  ]

  /// `standard` is what a result without the key counts as: one that is not of an async task has started and finished.
  private static func result(
    _ name: String, standard: Bool = false, _ holds: @escaping @Sendable ((String) throws -> Bool) throws -> Bool
  ) -> TemplateTest {
    TemplateTest(name) { object, _, evaluation in
      guard case .dict(let dict) = object else {
        throw Failure.type("The '\(name == "succeeded" ? "failed" : name)' test expects a dictionary")
      }
      return try holds { key in
        if let flag = try dict.entry(.string(key)) { return try evaluation.isTrue(flag) }
        return try key == "changed" ? anyItem(of: dict, changed: evaluation) : standard
      }
    }
  }

  /// A loop's result changed if one of its items did.
  private static func anyItem(of dict: DictObject, changed evaluation: Evaluation) throws -> Bool {
    guard let results = try dict.entry(.string("results")) else { return false }
    return try evaluation.elements(results).contains { item in
      guard case .dict(let dict) = evaluation.reveal(item), let flag = try dict.entry(.string("changed")) else {
        return false
      }
      return try evaluation.isTrue(flag)
    }
  }
}
