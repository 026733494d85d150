import Model
import Templating

/// Checks a task's arguments against its module's manifest, as far as they are constant; templates are checked at run time.
struct ArgumentChecks {
  let manifest: ModuleManifest
  let module: ModuleName
  let arguments: TaskArguments
  /// `module_defaults` may supply what is missing.
  let mayBeCompleted: Bool

  func diagnostics() -> [Diagnostic] {
    guard manifest.kind != .executable, arguments.variable == nil, arguments.keyTemplates.isEmpty else { return [] }
    return freeForm() + unknown() + values() + (mayBeCompleted ? [] : missing()) + combinations()
  }

  /// Every spelling of every option.
  private var optionNames: [String] { manifest.options.flatMap { [$0.key] + $0.value.aliases } }

  private func canonicalName(_ written: String) -> String? {
    if manifest.options[written] != nil { return written }
    return manifest.options.first { $0.value.aliases.contains(written) }?.key
  }

  private func freeForm() -> [Diagnostic] {
    guard arguments.freeForm != nil, manifest.freeFormOption == nil, !manifest.acceptsAnyOption else { return [] }
    return [.noFreeForm(module.written, at: arguments.span)]
  }

  private func unknown() -> [Diagnostic] {
    guard !manifest.acceptsAnyOption else { return [] }
    // Names that start with an underscore are Ansible's own, and undocumented.
    return arguments.values.keys.filter { canonicalName($0) == nil && !$0.hasPrefix("_") }.map { name in
      .unknownParameter(name, of: module.written, candidates: optionNames, at: span(name))
    }
  }

  private func values() -> [Diagnostic] {
    arguments.values.compactMap { name, value in
      guard let constant = value.constant, let canonical = canonicalName(name),
        let option = manifest.options[canonical],
        let problem = OptionCheck(name: name, option: option).problem(with: constant)
      else { return nil }
      return .error("module \(module.written): \(problem)", at: span(name))
    }
  }

  private func missing() -> [Diagnostic] {
    manifest.options.filter { $0.value.isRequired && !isGiven($0.key) }.map { name, _ in
      .missing([name], of: module.written, reason: nil, at: module.span)
    }
  }

  private func combinations() -> [Diagnostic] {
    let exclusive = manifest.mutuallyExclusive.compactMap { group -> Diagnostic? in
      let given = group.filter(isSurelyGiven)
      let places = given.map(span).sorted { ($0.line, $0.column) < ($1.line, $1.column) }
      return given.count > 1 ? .exclusive(given, of: module.written, at: places[places.count - 1]) : nil
    }
    guard !mayBeCompleted else { return exclusive }
    return exclusive + requirements()
  }

  private func requirements() -> [Diagnostic] {
    let together = manifest.requiredTogether.compactMap { group -> Diagnostic? in
      let absent = group.filter { !isGiven($0) }
      return absent.isEmpty || absent.count == group.count
        ? nil
        : .missing(
          absent, of: module.written, reason: "they go together with \(Self.list(group.filter(isGiven)))",
          at: module.span)
    }
    let oneOf = manifest.requiredOneOf.compactMap { group -> Diagnostic? in
      group.contains(where: isGiven) ? nil : .missingOne(group, of: module.written, reason: nil, at: module.span)
    }
    let conditional = manifest.requiredIf.compactMap { rule -> Diagnostic? in
      guard value(of: rule.option) == rule.value else { return nil }
      let absent = rule.required.filter { !isGiven($0) }
      let reason = "'\(rule.option)' is '\(rule.value.string ?? "\(rule.value)")'"
      if rule.isAny {
        return absent.count == rule.required.count
          ? .missingOne(rule.required, of: module.written, reason: reason, at: module.span) : nil
      }
      return absent.isEmpty ? nil : .missing(absent, of: module.written, reason: reason, at: module.span)
    }
    let by = manifest.requiredBy.compactMap { name, required -> Diagnostic? in
      let absent = required.filter { !isGiven($0) }
      return isSurelyGiven(name) && !absent.isEmpty
        ? .missing(absent, of: module.written, reason: "'\(name)' is given", at: module.span) : nil
    }
    return together + oneOf + conditional + by
  }

  private func isGiven(_ name: String) -> Bool {
    if arguments.freeForm != nil, manifest.freeFormOption == name { return true }
    return argument(name) != nil
      || manifest.options[name]?.defaultValue != nil && manifest.options[name]?.defaultValue != .null
  }

  /// Written and not null; a template may come to `omit`.
  private func isSurelyGiven(_ name: String) -> Bool {
    if arguments.freeForm != nil, manifest.freeFormOption == name { return true }
    guard let constant = argument(name)?.constant else { return false }
    return constant != .null
  }

  private func argument(_ name: String) -> SourceValue? {
    let spellings = [name] + (manifest.options[name]?.aliases ?? [])
    return spellings.lazy.compactMap { arguments.values[$0] }.first
  }

  private func value(of name: String) -> Value? {
    argument(name).map(\.constant) ?? manifest.options[name]?.defaultValue
  }

  private func span(_ name: String) -> SourceSpan {
    let spellings = [name] + (manifest.options[name]?.aliases ?? [])
    return spellings.lazy.compactMap { arguments.spans[$0] }.first ?? arguments.span
  }

  static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

extension Diagnostic {
  fileprivate static func noFreeForm(_ module: String, at span: SourceSpan) -> Diagnostic {
    .error(
      "\(module) takes no free text", advice: "give its parameters as 'name: value' below it, or as 'name=value'",
      at: span)
  }

  fileprivate static func unknownParameter(
    _ name: String, of module: String, candidates: [String], at span: SourceSpan
  ) -> Diagnostic {
    let advice = nearestName(to: name, among: candidates).map { "did you mean '\($0)'?" }
    return .error("unknown parameter '\(name)' of module \(module)", advice: advice ?? known(candidates), at: span)
  }

  private static func known(_ candidates: [String]) -> String? {
    candidates.isEmpty ? "it takes none" : "it takes \(candidates.sorted().joined(separator: ", "))"
  }

  fileprivate static func missing(
    _ names: [String], of module: String, reason: String?, at span: SourceSpan
  ) -> Diagnostic {
    .error("module \(module) needs \(ArgumentChecks.list(names))\(reason.map { ": \($0)" } ?? "")", at: span)
  }

  fileprivate static func missingOne(
    _ names: [String], of module: String, reason: String?, at span: SourceSpan
  ) -> Diagnostic {
    .error("module \(module) needs one of \(ArgumentChecks.list(names))\(reason.map { ": \($0)" } ?? "")", at: span)
  }

  fileprivate static func exclusive(_ names: [String], of module: String, at span: SourceSpan) -> Diagnostic {
    .error("parameters \(ArgumentChecks.list(names)) of module \(module) exclude each other", at: span)
  }
}
