import Model
import Transport

extension ForeignModule {
  /// The result that a response comes to. Text around the JSON object is tolerated.
  package func result(of response: ShellResponse) -> StepResult {
    do throws(StepFailure) {
      guard case .ran(let status, let stdout, let stderr) = try folder.outcome(of: response) else {
        preconditionFailure("a foreign module has no condition under which it is skipped: this is a bug in Martlet")
      }
      return Self.result(status: status, stdout: stdout, stderr: stderr)
    } catch {
      return error.result
    }
  }

  package static func result(status: Int32, stdout: [UInt8], stderr: [UInt8]) -> StepResult {
    let text = String(decoding: stdout, as: UTF8.self)
    guard let object = object(in: text) else {
      let fields: Value.Dict = [
        "changed": false, "module_stdout": .string(text), "module_stderr": .string(String(decoding: stderr, as: UTF8.self)),
        "rc": .int(Int(status)),
      ]
      return .failed("the module did not print a JSON object; see module_stdout and module_stderr", fields)
    }
    return result(of: object)
  }

  /// Lines before the one that begins an object, and after the one that ends it, are noise.
  private static func object(in text: String) -> Value.Dict? {
    let lines = text.split(whereSeparator: \.isNewline)
    guard let first = lines.firstIndex(where: { $0.drop(while: \.isWhitespace).hasPrefix("{") }),
      let last = lines.lastIndex(where: { $0.reversed().drop(while: \.isWhitespace).first == "}" }), first <= last
    else { return nil }
    return (try? Value(json: lines[first...last].joined(separator: "\n")))?.dict
  }

  private static func result(of object: Value.Dict) -> StepResult {
    var fields = object
    let isFailed = truth(fields.removeValue(forKey: "failed")) ?? isBadExit(object["rc"])
    let isSkipped = truth(fields.removeValue(forKey: "skipped")) ?? false
    let isChanged = truth(fields.removeValue(forKey: "changed")) ?? false
    fields["invocation"] = nil
    let diffs = fields.removeValue(forKey: "diff").map { $0.list ?? [$0] } ?? []
    for key in ["stdout", "stderr"] where fields[.string(key + "_lines")] == nil {
      guard let text = fields[.string(key)]?.string else { continue }
      fields[.string(key + "_lines")] = .list(ShellModule.lines(of: text).map(Value.string))
    }
    let status: StepResult.Status = isFailed ? .failed : isSkipped ? .skipped : isChanged ? .changed : .ok
    if isFailed { fields["changed"] = .bool(isChanged) }
    return StepResult(status, fields, diffs: diffs.compactMap { $0.dict.map { FileDiff($0) } })
  }

  /// Modules in shell print `"changed": "true"` as well.
  private static func truth(_ value: Value?) -> Bool? {
    switch value {
    case .bool(let flag)?: flag
    case .int(let number)?: number != 0
    case .string(let text)?: ["true", "yes", "on", "1", "y", "t"].contains(text.lowercased())
    default: nil
    }
  }

  private static func isBadExit(_ status: Value?) -> Bool {
    switch status {
    case .int(let number)?: number != 0
    case .string(let text)?: text != "0"
    default: false
    }
  }
}
