import Model
import Parsing
import Planning
import Templating
import Testing

/// What templates of a plan see of results that are not there yet.
struct PredictionTests {
  private let scope = LayeredScope([
    "unknown": Prediction.unknown("'unknown' is known after apply: command").variable(nil),
    "change": Prediction.change("the result of 'x' is known after apply").variable(["changed": true, "dest": "/etc/x"]),
  ])

  @Test(arguments: [
    ("change is changed", true), ("change.changed", true), ("change is skipped", false), ("change.dest == '/etc/x'", true),
    ("false and unknown.rc == 0", false), ("true or unknown.rc == 0", true),
  ])
  func `what is known decides`(expression: String, expected: Bool) throws {
    #expect(try value(expression) == .bool(expected))
  }

  @Test(arguments: [
    "unknown.rc == 0", "unknown is defined", "unknown is changed", "unknown | default('x')", "unknown.stdout | default('x')",
    "change.stdout | default('x')", "change.backup_file is defined", "change | to_json", "[unknown] | length > 0 and unknown[0]",
  ])
  func `what is not known is not guessed, and nothing catches it`(expression: String) {
    let error = #expect(throws: TemplateError.self) { try value(expression) }
    #expect(error?.kind == .unknown, "\(error?.diagnostic.message ?? "")")
  }

  private func value(_ expression: String) throws -> Value {
    let span = SourceSpan(file: SourceFile(path: "t", text: expression), line: 1, column: 1, length: 1)
    return try Renderer().value(of: .template(try Template.compileExpression(expression, at: span)), in: scope)
  }
}
