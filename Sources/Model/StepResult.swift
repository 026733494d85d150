import OrderedCollections

/// What a step came to.
package struct StepResult: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable { case ok, changed, skipped, failed, unreachable }

  package var status: Status
  /// The module's own result keys (`msg`, `rc`, `stdout`, `dest`, `results` …) without those that `status` says. A step that
  /// failed after it changed something keeps `changed`; warnings stand under `warnings` (texts) and `deprecations`.
  package var fields: Value.Dict
  package var diffs: [FileDiff]

  package init(_ status: Status, _ fields: Value.Dict = [:], diffs: [FileDiff] = []) {
    self.status = status
    self.fields = fields
    self.diffs = diffs
  }

  package static func failed(_ message: String, _ fields: Value.Dict = [:]) -> StepResult {
    StepResult(.failed, fields.merging(["msg": .string(message)]) { _, message in message })
  }

  package static func unreachable(_ message: String) -> StepResult {
    StepResult(.unreachable, ["msg": .string(message)])
  }

  package var message: String? { fields["msg"]?.string }

  /// What `no_log` leaves of a result: the status, the attempts, and a note in place of the rest.
  package var censored: StepResult {
    var kept = fields.filter { ["attempts", "retries", "changed"].contains($0.key.string ?? "") }
    kept["censored"] = .string(Self.censorNote)
    return StepResult(status, kept)
  }

  private static let censorNote =
    "the output has been hidden due to the fact that 'no_log: true' was specified for this result"
}

/// What a step would change, or changed, in one file or state: the two sides of `--diff`.
package struct FileDiff: Sendable, Equatable {
  package enum Body: Sendable, Equatable {
    case text(before: String, after: String)
    /// Words instead of a diff: "diff skipped: source file size is greater than …", a secret's mask, a binary file.
    case note(String)
    /// A tool's own prepared text, such as apt's list of packages.
    case prepared(String)
  }

  /// What follows `before: ` in the diff's header, mostly a path; empty for none.
  package var beforeHeader: String
  package var afterHeader: String
  package var body: Body
  /// As the module gave it, with keys and states that the text no longer tells apart: `register` sees this one.
  package var source: Value.Dict?
  /// Of the whole file before, where the body does not hold it.
  package var beforeDigest: String?

  package init(
    beforeHeader: String, afterHeader: String, body: Body, source: Value.Dict? = nil, beforeDigest: String? = nil
  ) {
    self.beforeDigest = beforeDigest
    self.beforeHeader = beforeHeader
    self.afterHeader = afterHeader
    self.body = body
    self.source = source
  }
}

extension FileDiff {
  /// Where a module shows contents and attributes apart, this stands behind the path of the contents.
  package static let contentMark = " (content)"

  /// The file it is of; nil where it is of something else.
  package var path: String? {
    guard beforeHeader.hasPrefix("/") else { return nil }
    return String(beforeHeader.dropLast(beforeHeader.hasSuffix(Self.contentMark) ? Self.contentMark.count : 0))
  }

  /// What `register` sees of it.
  package var registered: Value {
    if let source { return .dict(source) }
    switch body {
    case .text(let before, let after):
      return [
        "before_header": .string(beforeHeader), "after_header": .string(afterHeader), "before": .string(before),
        "after": .string(after),
      ]
    case .note(let text), .prepared(let text): return ["prepared": .string(text)]
    }
  }
}

extension FileDiff {
  /// A diff of two states, such as a mode or an owner, as sorted JSON.
  package static func states(before: Value.Dict, after: Value.Dict) -> FileDiff {
    let encoding = JSONEncoding(indent: 4, sortsKeys: true, itemSeparator: ",")
    func text(_ state: Value.Dict) -> String { encoding.text(of: .dict(state)) + "\n" }
    return FileDiff(beforeHeader: "", afterHeader: "", body: .text(before: text(before), after: text(after)))
  }
}
