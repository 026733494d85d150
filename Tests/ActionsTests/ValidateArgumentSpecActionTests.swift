import Model
import Testing

@testable import Actions

struct ValidateArgumentSpecActionTests {
  private let specification: Value = [
    "port": ["type": "int", "required": true, "version_added": "1.0"], "mode": ["choices": ["fast", "safe"]],
  ]

  @Test func `values that fit pass, those of variables too`() async throws {
    try await ActionBench.with { bench in
      bench.variables = ["port": "80"]
      let result = try await bench.run(
        "validate_argument_spec", ["argument_spec": specification, "provided_arguments": ["mode": "safe"]])
      #expect(result.status == .ok && result.message == "The arg spec validation passed", "\(result)")
    }
  }

  @Test func `everything that does not fit is told at once`() async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run(
        "validate_argument_spec",
        ["argument_spec": specification, "provided_arguments": ["mode": "slow", "more": 1]])
      #expect(result.status == .failed)
      #expect(
        result.fields["argument_errors"] == [
          "missing required arguments: port", "value of mode must be one of: fast, safe, got: slow",
          "more. Supported parameters include: mode, port.",
        ])
    }
  }

  @Test func `what no suboption takes is told by its path`() async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run(
        "validate_argument_spec",
        [
          "argument_spec": ["l": ["type": "list", "elements": "dict", "options": ["name": ["required": true]]]],
          "provided_arguments": ["l": [["name": "a", "nam": "x"], ["nam": "y"]]],
        ])
      #expect(
        result.fields["argument_errors"] == [
          "missing required arguments: name found in l", "l.nam. Supported parameters include: name.",
        ])
    }
  }

  static let nulls: [(Value, String)] = [
    ("int", "\"None\" cannot be converted to an int"), ("float", "<class 'NoneType'> cannot be converted to a float"),
    ("list", "<class 'NoneType'> cannot be converted to a list"), ("bool", "<class 'NoneType'> cannot be converted to a bool"),
  ]

  @Test(arguments: nulls)
  func `null where a value is required is refused in the reference's words`(_ type: Value, _ words: String) async throws {
    try await ActionBench.with { bench in
      let result = try await bench.run(
        "validate_argument_spec",
        ["argument_spec": ["x": ["type": type, "required": true]], "provided_arguments": ["x": .null]])
      let refusal = "argument 'x' is of type NoneType and we were unable to convert to \(type.string ?? ""): \(words)"
      #expect(result.fields["argument_errors"] == [.string(refusal)])
    }
  }
}
