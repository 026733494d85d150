import Model
import Parsing
import YAML

/// A module's page: what `martlet doc NAME` shows, made of its manifest.
package struct ModulePage {
  private static let width = 80

  private let manifest: ModuleManifest

  package init(_ manifest: ModuleManifest) { self.manifest = manifest }

  package var text: String {
    var lines = ["> \(([manifest.name] + manifest.qualifiedNames).joined(separator: ", "))", ""]
    if !manifest.shortDescription.isEmpty { lines += wrapped(manifest.shortDescription, indent: 2) + [""] }
    for paragraph in manifest.description { lines += wrapped(paragraph, indent: 2) + [""] }
    lines += section("OPTIONS (= is required)", manifest.options.flatMap { optionLines($0.key, $0.value, indent: 0) + [""] })
    lines += section("RULES", rules.flatMap { wrapped($0, indent: 2, mark: "* ") } + [""])
    lines += section("NOT SUPPORTED", unsupported.flatMap { wrapped($0, indent: 2, mark: "* ") } + [""])
    lines += section("NOTES", manifest.notes.flatMap { wrapped($0, indent: 2, mark: "* ") } + [""])
    lines += section("RETURNS", manifest.returns.flatMap { returnLines($0.key, $0.value) } + [""])
    if !manifest.examples.isEmpty {
      let examples = manifest.examples.split(separator: "\n", omittingEmptySubsequences: false)
      lines += ["EXAMPLES:", ""] + examples.map { $0.isEmpty ? "" : "  \($0)" }
    }
    while lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One line of `--list`.
  package static func listing(_ manifests: [ModuleManifest]) -> String {
    let width = manifests.map(\.name.count).max() ?? 0
    return manifests.map { manifest in
      let gap = String(repeating: " ", count: width - manifest.name.count + 2)
      return manifest.shortDescription.isEmpty ? manifest.name : manifest.name + gap + manifest.shortDescription
    }.map { $0 + "\n" }.joined()
  }

  /// For `--json`: the keys of `ansible-doc --json`.
  package var json: Value {
    var doc: Value.Dict = [
      "module": .string(manifest.name), "short_description": .string(manifest.shortDescription),
      "description": .list(manifest.description.map(Value.string)), "filename": .string(manifest.directory),
      "qualified_names": .list(manifest.qualifiedNames.map(Value.string)),
    ]
    var options: Value.Dict = [:]
    for (name, option) in manifest.options { options[.string(name)] = Self.json(option) }
    doc["options"] = .dict(options)
    doc["notes"] = .list(manifest.notes.map(Value.string))
    doc["attributes"] = ["check_mode": ["support": manifest.supportsCheckMode ? "full" : "none"]]
    if !rules.isEmpty { doc["rules"] = .list(rules.map(Value.string)) }
    if !unsupported.isEmpty { doc["unsupported"] = .list(unsupported.map(Value.string)) }
    var returns: Value.Dict = [:]
    for (name, value) in manifest.returns { returns[.string(name)] = value }
    return ["doc": .dict(doc), "examples": .string(manifest.examples), "return": .dict(returns), "metadata": .null]
  }

  // MARK: Parts

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.allSatisfy(\.isEmpty) ? [] : ["\(title):", ""] + lines
  }

  private func optionLines(_ name: String, _ option: ModuleOption, indent: Int) -> [String] {
    let blank = String(repeating: " ", count: indent)
    var lines = ["\(blank)\(option.isRequired ? "=" : "-") \(name)"]
    for paragraph in option.description { lines += wrapped(paragraph, indent: indent + 8) }
    let body = blank + "        "
    lines.append("\(body)type: \(option.kind.rawValue)" + (option.elements.map { ", elements: \($0.rawValue)" } ?? ""))
    if !option.choices.isEmpty { lines.append("\(body)choices: [\(option.choices.map(Self.shown).joined(separator: ", "))]") }
    if let preset = option.defaultValue { lines.append("\(body)default: \(Self.shown(preset))") }
    if !option.aliases.isEmpty { lines.append("\(body)aliases: [\(option.aliases.joined(separator: ", "))]") }
    if option.isSecret { lines.append("\(body)never printed") }
    if let reason = option.unsupported { lines += wrapped("not supported: \(reason)", indent: indent + 8) }
    for (name, suboption) in option.suboptions { lines += optionLines(name, suboption, indent: indent + 8) }
    return lines
  }

  private func returnLines(_ name: String, _ value: Value) -> [String] {
    var lines = ["- \(name)"]
    for text in value["description"].map(Self.texts) ?? [] { lines += wrapped(text, indent: 8) }
    if let returned = value["returned"] { lines += wrapped("returned: \(returned.pythonText)", indent: 8) }
    if let type = value["type"] { lines.append("        type: \(type.pythonText)") }
    if let sample = value["sample"] { lines += wrapped("sample: \(Self.shown(sample))", indent: 8) }
    return lines
  }

  private var rules: [String] {
    var rules = manifest.mutuallyExclusive.map { "only one of \($0.joined(separator: ", ")) may be given" }
    rules += manifest.requiredTogether.map { "\($0.joined(separator: ", ")) go together" }
    rules += manifest.requiredOneOf.map { "one of \($0.joined(separator: ", ")) must be given" }
    rules += manifest.requiredIf.map { rule in
      let wanted = rule.isAny && rule.required.count > 1 ? "one of " : ""
      return "where \(rule.option) is \(rule.value.pythonText), \(wanted)\(rule.required.joined(separator: ", ")) must be given"
    }
    rules += manifest.requiredBy.map { "\($0.key) needs \($0.value.joined(separator: ", "))" }
    if let option = manifest.freeFormOption { rules.append("text without a name is \(option)") }
    if manifest.acceptsAnyOption { rules.append("any further option is taken") }
    return rules
  }

  private var unsupported: [String] {
    let options = manifest.options.compactMap { name, option in option.unsupported.map { "\(name): \($0)" } }
    return options + (manifest.supportsCheckMode ? [] : ["check mode: the task is skipped"])
  }

  private static func json(_ option: ModuleOption) -> Value {
    var entry: Value.Dict = ["type": .string(option.kind.rawValue), "required": .bool(option.isRequired)]
    entry["description"] = .list(option.description.map(Value.string))
    if let elements = option.elements { entry["elements"] = .string(elements.rawValue) }
    if let preset = option.defaultValue { entry["default"] = preset }
    if !option.choices.isEmpty { entry["choices"] = .list(option.choices) }
    if !option.aliases.isEmpty { entry["aliases"] = .list(option.aliases.map(Value.string)) }
    if option.isSecret { entry["no_log"] = true }
    if let reason = option.unsupported { entry["unsupported"] = .string(reason) }
    if !option.suboptions.isEmpty {
      var inner: Value.Dict = [:]
      for (name, suboption) in option.suboptions { inner[.string(name)] = json(suboption) }
      entry["suboptions"] = .dict(inner)
    }
    return .dict(entry)
  }

  private static func shown(_ value: Value) -> String {
    guard let text = value.string else { return value.json(JSONEncoding(ensureASCII: false)) }
    if text.contains(where: \.isNewline) { return text.debugDescription }
    return text.isEmpty ? "''" : text
  }

  private static func texts(_ value: Value) -> [String] { value.list?.map(\.pythonText) ?? [value.pythonText] }

  private func wrapped(_ text: String, indent: Int, mark: String = "") -> [String] {
    let blank = String(repeating: " ", count: indent), rest = blank + String(repeating: " ", count: mark.count)
    var lines: [String] = [], line = blank + mark
    var isEmpty = true
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !isEmpty, line.count + 1 + word.count > Self.width {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return isEmpty ? lines : lines + [line]
  }
}
