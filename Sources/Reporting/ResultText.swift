import Model

/// A result as the default output dumps it behind `=>`: sorted keys, without what is internal or already printed.
struct ResultText {
  private static let printedApart: Set<String> = ["exception", "warnings", "deprecations", "failed", "skipped"]
  private static let hiddenInDebug: Set<String> = [
    "changed", "invocation", "skip_reason", "ansible_loop_var", "ansible_index_var", "ansible_loop",
  ]

  let outcome: StepOutcome
  let module: Substring
  let settings: OutputSettings

  /// `debug` and `assert` show their result at any verbosity, facts never do below `-vvv`'s own dumps.
  var isShown: Bool {
    if isNeverVerbose { return false }
    return isAlwaysVerbose || settings.verbosity > 0
  }

  /// In the chosen format, with its leading line break where the format has one.
  var text: String {
    let value = Value.dict(shownFields)
    switch settings.resultFormat {
    case .json:
      let indent = settings.isPretty ?? (isAlwaysVerbose || settings.verbosity > 2) ? 4 : nil
      return value.json(JSONEncoding(ensureASCII: false, indent: indent, sortsKeys: true))
    case .yaml(let dump):
      return "\n" + dump(value).split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
    }
  }

  var shownFields: Value.Dict {
    var fields = outcome.isCensored ? outcome.result.censored.fields : withoutInternalKeys(outcome.result.fields)
    for key in Self.printedApart { fields[.string(key)] = nil }
    if settings.verbosity < 3 {
      fields["invocation"] = nil
      fields["diff"] = nil
    }
    addStatus(to: &fields)
    return module == "debug" && !outcome.isCensored ? debugFields(fields) : fields
  }

  private var isAlwaysVerbose: Bool {
    guard outcome.result.status != .skipped, !outcome.isCensored else { return false }
    let fields = outcome.result.fields
    // A message that could not be made is a mistake like any other.
    if module == "debug" { return outcome.result.status != .failed || fields["failed_when_result"] != nil }
    return module == "assert" && fields["_ansible_verbose_always"] != false
  }

  private var isNeverVerbose: Bool { module == "setup" || module == "gather_facts" }

  private func addStatus(to fields: inout Value.Dict) {
    switch outcome.result.status {
    case .ok: fields["changed"] = false
    case .changed: fields["changed"] = true
    case .skipped, .failed: fields["changed"] = fields["changed"] ?? false
    case .unreachable:
      fields["changed"] = fields["changed"] ?? false
      fields["unreachable"] = true
    }
  }

  /// `msg` stands alone; without it, what is left is the variable that was asked for.
  private func debugFields(_ fields: Value.Dict) -> Value.Dict {
    if let message = fields["msg"] { return ["msg": message] }
    return fields.filter { !Self.hiddenInDebug.contains($0.key.string ?? "") }
  }

  private func withoutInternalKeys(_ fields: Value.Dict) -> Value.Dict {
    var kept = Value.Dict()
    for (key, value) in fields where key.string?.hasPrefix("_ansible_") != true {
      if case .dict(let inner) = value { kept[key] = .dict(withoutInternalKeys(inner)) } else { kept[key] = value }
    }
    return kept
  }
}
