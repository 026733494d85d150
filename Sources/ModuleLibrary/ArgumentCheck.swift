import OrderedCollections
import Model
import Parsing

/// Rendered arguments that fit their module: by the options' own names, converted, defaults filled in.
package typealias CheckedArguments = OrderedDictionary<String, Value>

/// What is wrong with a step's arguments, worded as ansible-core words it where scripts may read it.
package struct ArgumentProblem: Error, Sendable, Equatable {
  package var message: String

  package init(_ message: String) { self.message = message }
}

/// Checks the rendered arguments of a step against the module's manifest.
package struct ArgumentCheck: Sendable {
  package let manifest: ModuleManifest

  package init(_ manifest: ModuleManifest) { self.manifest = manifest }

  package func checked(_ arguments: Value.Dict) throws(ArgumentProblem) -> CheckedArguments {
    let scope = OptionScope(manifest)
    var values = try scope.resolved(arguments, module: manifest.name)
    try scope.check(&values.known, unknown: values.unknown, path: "")
    try refuseUnsupported(values.known)
    for (name, option) in manifest.options where option.splitsWords {
      // A list has its words already.
      guard let text = values.known[name], text != .null, text.revealed.list == nil else { continue }
      let words = Value.list(try ShellWords.split(text.revealedText).map(Value.string))
      values.known[name] = text.isSecret ? .secret(Secret(words)) : words
    }
    for (name, value) in values.unknown where manifest.acceptsAnyOption { values.known[name] = value }
    return values.known
  }

  private func refuseUnsupported(_ values: CheckedArguments) throws(ArgumentProblem) {
    for (name, value) in values {
      guard let option = manifest.options[name], let reason = option.unsupported else { continue }
      if value == .null || value == option.defaultValue || (option.kind == .bool && value == false) { continue }
      throw ArgumentProblem("parameter '\(name)' of module \(manifest.name) is not supported: \(reason)")
    }
  }
}

/// The rules for one level of arguments: a module's own, or those of an option with suboptions.
private struct OptionScope {
  var options: OrderedDictionary<String, ModuleOption>
  var rules: ModuleManifest?
  var acceptsAny = false

  init(_ manifest: ModuleManifest) {
    options = manifest.options
    rules = manifest
    acceptsAny = manifest.acceptsAnyOption
  }

  init(suboptions: OrderedDictionary<String, ModuleOption>) { options = suboptions }

  struct Resolved {
    var known: CheckedArguments = [:]
    var unknown: CheckedArguments = [:]
    var module: String
  }

  /// Aliases become the names they stand for; what no option has is set aside.
  func resolved(_ arguments: Value.Dict, module: String) throws(ArgumentProblem) -> Resolved {
    var result = Resolved(module: module)
    for (key, value) in arguments {
      if case .omit = value { continue }
      let written = key.revealedText
      if let name = canonicalName(written) {
        // An alias does not overrule the name itself.
        if written == name || result.known[name] == nil { result.known[name] = value }
      } else {
        result.unknown[written] = value
      }
    }
    return result
  }

  private func canonicalName(_ written: String) -> String? {
    if options[written] != nil { return written }
    return options.first { $0.value.aliases.contains(written) }?.key
  }

  /// In ansible-core's order: exclusions, required, types, choices, the other rules, defaults, unknown names last.
  func check(_ values: inout CheckedArguments, unknown: CheckedArguments, path: String) throws(ArgumentProblem) {
    let suffix = path.isEmpty ? "" : " found in \(path)"
    let given = Set(values.filter { $0.value != .null }.keys)
    try checkExclusions(given, suffix)
    let missing = options.filter { name, option in
      // Only what takes any value can make something of null.
      let isGiven = given.contains(name) || (option.kind == .raw && values[name] != nil)
      return option.isRequired && option.defaultValue == nil && !isGiven
    }.keys.sorted()
    guard missing.isEmpty else {
      if path.isEmpty, let text = missing.lazy.compactMap({ rules?.missingTexts[$0] }).first { throw ArgumentProblem(text) }
      throw ArgumentProblem("missing required arguments: \(missing.joined(separator: ", "))\(suffix)")
    }
    try convert(&values, suffix)
    try checkCombinations(values, given, suffix)
    for (name, option) in options {
      if values[name] == nil || values[name] == .null, let preset = option.defaultValue { values[name] = preset }
      try checkSuboptions(of: option, named: name, in: &values, path: path)
    }
    if let problem = strangers(unknown, suffix) { throw problem }
  }

  private func convert(_ values: inout CheckedArguments, _ suffix: String) throws(ArgumentProblem) {
    for (name, value) in values {
      guard let option = options[name] else { continue }
      do {
        let converted = try option.converted(value, named: name)
        values[name] = option.isSecret && converted != .null ? .secret(Secret(converted)) : converted
      } catch {
        throw ArgumentProblem(error.message + suffix)
      }
    }
  }

  private func checkExclusions(_ given: Set<String>, _ suffix: String) throws(ArgumentProblem) {
    for group in rules?.mutuallyExclusive ?? [] where group.count(where: given.contains) > 1 {
      throw ArgumentProblem("parameters are mutually exclusive: \(group.joined(separator: "|"))\(suffix)")
    }
  }

  private func checkCombinations(
    _ values: CheckedArguments, _ given: Set<String>, _ suffix: String
  ) throws(ArgumentProblem) {
    guard let rules else { return }
    for group in rules.requiredTogether {
      let count = group.count(where: given.contains)
      if count > 0, count < group.count {
        throw ArgumentProblem("parameters are required together: \(group.joined(separator: ", "))\(suffix)")
      }
    }
    for group in rules.requiredOneOf where !group.contains(where: given.contains) {
      if let text = group.lazy.compactMap({ rules.missingTexts[$0] }).first { throw ArgumentProblem(text) }
      throw ArgumentProblem("one of the following is required: \(group.joined(separator: ", "))\(suffix)")
    }
    for rule in rules.requiredIf where (values[rule.option] ?? options[rule.option]?.defaultValue) == rule.value {
      let missing = rule.required.filter { !given.contains($0) && options[$0]?.defaultValue == nil }
      guard !missing.isEmpty, !rule.isAny || missing.count == rule.required.count else { continue }
      let which = rule.isAny ? "any" : "all"
      throw ArgumentProblem(
        "\(rule.option) is \(rule.value.revealedText) but \(which) of the following are missing: "
          + "\(missing.joined(separator: ", "))\(suffix)")
    }
    for (option, required) in rules.requiredBy where given.contains(option) {
      let missing = required.filter { !given.contains($0) }
      guard !missing.isEmpty else { continue }
      throw ArgumentProblem(
        "missing parameter(s) required by '\(option)': \(missing.joined(separator: ", "))\(suffix)")
    }
  }

  private func checkSuboptions(
    of option: ModuleOption, named name: String, in values: inout CheckedArguments, path: String
  ) throws(ArgumentProblem) {
    guard !option.suboptions.isEmpty, let value = values[name], value != .null else { return }
    let scope = OptionScope(suboptions: option.suboptions), inner = path.isEmpty ? name : "\(path) -> \(name)"
    let entries = value.list ?? [value]
    let checked = try entries.map { entry throws(ArgumentProblem) in
      let dict: Value
      do {
        dict = try ModuleOption.Kind.dict.converted(entry)
      } catch {
        throw ArgumentProblem("value of '\(name)' must be of type dict or list of dicts")
      }
      var resolved = try scope.resolved(dict.dict ?? [:], module: inner)
      try scope.check(&resolved.known, unknown: resolved.unknown, path: inner)
      return Value.dict(Value.Dict(uniqueKeysWithValues: resolved.known.map { (.string($0.key), $0.value) }))
    }
    values[name] = value.list == nil ? checked[0] : .list(checked)
  }

  private func strangers(_ unknown: CheckedArguments, _ suffix: String) -> ArgumentProblem? {
    guard !acceptsAny, !unknown.isEmpty else { return nil }
    let names = unknown.keys.sorted()
    let aliases = options.values.flatMap(\.aliases).sorted()
    let module = rules.map { "(\($0.name)) module" } ?? "suboption"
    var message = "Unsupported parameters for \(module): \(names.joined(separator: ", "))\(suffix)."
    message += " Supported parameters include: \(options.keys.sorted().joined(separator: ", "))"
    message += aliases.isEmpty ? "." : " (\(aliases.joined(separator: ", ")))."
    if let meant = nearestName(to: names[0], among: Array(options.keys) + aliases) {
      message += " Did you mean '\(meant)'?"
    }
    return ArgumentProblem(message)
  }
}
