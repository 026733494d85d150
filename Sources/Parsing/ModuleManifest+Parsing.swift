import OrderedCollections
import Model
import YAML

/// What a `module.yml` says: a module, or that its folder's name is another name for a neighbour.
package enum ModuleDescription: Sendable {
  case manifest(ModuleManifest)
  case alias(of: String, qualifiedNames: [String])
}

extension ModuleManifest {
  /// Reads a `module.yml`. Nil if it is too broken to tell what the module takes; why is in the diagnostics.
  ///
  /// `fragment` gives the text of a shared set of options by its name in `extends_documentation_fragment`.
  package static func parse(
    _ file: SourceFile, name: String, directory: String, fragment: (String) -> SourceFile?,
    into diagnostics: inout Diagnostics
  ) -> ModuleDescription? {
    guard let node = YAMLDocuments.parseSingle(file, into: &diagnostics) else { return nil }
    var reader = ManifestReader(diagnostics: diagnostics)
    defer { diagnostics = reader.diagnostics }
    return reader.read(node, name: name, directory: directory, fragment: fragment)
  }
}

private struct ManifestReader {
  var diagnostics: Diagnostics

  private static let keys = [
    "module", "alias_of", "kind", "qualified_names", "short_description", "description", "notes", "options",
    "extends_documentation_fragment", "free_form", "accepts_any_option", "mutually_exclusive", "required_together",
    "required_one_of", "required_if", "required_by", "missing_texts", "attributes", "action_groups", "uses", "quick", "manages",
    "undo", "examples", "returns",
  ]

  private static let optionKeys = [
    "type", "elements", "required", "default", "choices", "aliases", "no_log", "suboptions", "options", "description",
    "format", "unsupported",
  ]

  mutating func read(
    _ node: YAMLNode, name: String, directory: String, fragment: (String) -> SourceFile?
  ) -> ModuleDescription? {
    guard node.entries != nil else {
      mistake("a module description must be a mapping, not \(node.kindName)", at: node)
      return nil
    }
    checkKeys(node, Self.keys, of: "a module description")
    let qualifiedNames = strings(node["qualified_names"])
    if let other = node["alias_of"]?.string { return .alias(of: other, qualifiedNames: qualifiedNames) }
    var manifest = ModuleManifest(name: name, kind: kind(node["kind"]), directory: directory)
    manifest.qualifiedNames = qualifiedNames
    readTexts(node, into: &manifest)
    for each in strings(node["extends_documentation_fragment"]) {
      guard let file = fragment(each), let shared = YAMLDocuments.parseSingle(file, into: &diagnostics) else {
        mistake("there is no fragment of options called '\(each)'", at: node["extends_documentation_fragment"] ?? node)
        continue
      }
      manifest.options.merge(options(shared["options"])) { own, _ in own }
      manifest.notes += strings(shared["notes"])
      manifest.actionGroups.formUnion(strings(shared["action_groups"]))
    }
    manifest.options.merge(options(node["options"])) { _, own in own }
    readRules(node, into: &manifest)
    return .manifest(manifest)
  }

  private mutating func readTexts(_ node: YAMLNode, into manifest: inout ModuleManifest) {
    manifest.shortDescription = node["short_description"]?.text ?? ""
    manifest.description = strings(node["description"])
    manifest.notes = strings(node["notes"])
    manifest.examples = node["examples"]?.text ?? ""
    manifest.uses = strings(node["uses"])
    manifest.hasQuickLook = flag(node["quick"]) ?? false
    manifest.actionGroups = Set(strings(node["action_groups"]))
    manifest.freeFormOption = node["free_form"]?.text
    manifest.acceptsAnyOption = flag(node["accepts_any_option"]) ?? false
    let checkSupport = node["attributes"]?["check_mode"]?["support"]?.text
    manifest.supportsCheckMode = checkSupport != "none"
    manifest.checksFully = checkSupport == "full"
    let managed = node["manages"]
    manifest.manages = managed?["option"]?.text.map { .named(option: $0) } ?? managed?["file"]?.text.map { .file(option: $0) }
    manifest.changesFilesOnly = node["undo"]?.text == "files"
    for entry in node["returns"]?.entries ?? [] { manifest.returns[entry.key.text ?? ""] = entry.value.value() }
  }

  private mutating func readRules(_ node: YAMLNode, into manifest: inout ModuleManifest) {
    manifest.mutuallyExclusive = groups(node["mutually_exclusive"])
    manifest.requiredTogether = groups(node["required_together"])
    manifest.requiredOneOf = groups(node["required_one_of"])
    for entry in node["required_by"]?.entries ?? [] {
      manifest.requiredBy[entry.key.text ?? ""] = strings(entry.value)
    }
    for entry in node["missing_texts"]?.entries ?? [] {
      manifest.missingTexts[entry.key.text ?? ""] = entry.value.text
    }
    for rule in node["required_if"]?.items ?? [] {
      guard let parts = rule.items, parts.count == 3 || parts.count == 4, let option = parts[0].text else {
        mistake("an entry of required_if is [option, value, [required options], true if one is enough]", at: rule)
        continue
      }
      manifest.requiredIf.append(ModuleManifest.RequiredIf(
        option: option, value: parts[1].value(), required: strings(parts[2]),
        isAny: parts.count == 4 && flag(parts[3]) == true))
    }
    checkNames(in: manifest, node)
  }

  /// Rules may only speak of options that there are.
  private mutating func checkNames(in manifest: ModuleManifest, _ node: YAMLNode) {
    let groups = manifest.mutuallyExclusive + manifest.requiredTogether + manifest.requiredOneOf
      + manifest.requiredIf.map { [$0.option] + $0.required } + manifest.requiredBy.map { [$0.key] + $0.value }
      + [Array(manifest.missingTexts.keys)] + [manifest.manages.map { [$0.option] } ?? []]
    for name in Set(groups.joined()).union(manifest.freeFormOption.map { [$0] } ?? []).sorted()
    where manifest.options[name] == nil {
      mistake("a rule names the option '\(name)', which is not among the options", at: node)
    }
  }

  private mutating func options(_ node: YAMLNode?) -> OrderedDictionary<String, ModuleOption> {
    var result: OrderedDictionary<String, ModuleOption> = [:]
    for entry in node?.entries ?? [] { result[entry.key.text ?? ""] = option(entry.value) }
    return result
  }

  private mutating func option(_ node: YAMLNode) -> ModuleOption {
    checkKeys(node, Self.optionKeys, of: "an option")
    var option = ModuleOption()
    option.kind = type(node["type"]) ?? .str
    option.elements = type(node["elements"])
    option.isRequired = flag(node["required"]) ?? false
    option.choices = (node["choices"]?.items ?? []).map { choice($0, option) }
    option.aliases = strings(node["aliases"])
    option.isSecret = flag(node["no_log"]) ?? false
    option.suboptions = options(node["suboptions"] ?? node["options"])
    option.description = strings(node["description"])
    option.isFileMode = node["format"]?.text == "file-mode"
    option.splitsWords = node["format"]?.text == "words"
    option.isOneOrMore = node["format"]?.text == "one-or-more"
    option.isRequestBody = node["format"]?.text == "request-body"
    option.unsupported = node["unsupported"]?.text
    if let preset = node["default"], !preset.isNull { option.defaultValue = converted(preset, option) }
    return option
  }

  /// A choice such as `on` is text where the option is.
  private func choice(_ node: YAMLNode, _ option: ModuleOption) -> Value {
    let isText = [.str, .path].contains(option.kind == .list ? option.elements ?? .str : option.kind)
    return isText ? .string(node.text ?? "") : node.value()
  }

  private mutating func converted(_ node: YAMLNode, _ option: ModuleOption) -> Value {
    if option.kind == .str, let text = node.text { return .string(text) }
    do {
      return try option.converted(node.value(), named: "default")
    } catch {
      mistake(error.message, at: node)
      return .null
    }
  }

  private mutating func kind(_ node: YAMLNode?) -> ModuleManifest.Kind {
    guard let node else { return .shell }
    if let kind = node.text.flatMap(ModuleManifest.Kind.init(rawValue:)), kind != .executable { return kind }
    mistake("kind must be shell or action", at: node)
    return .shell
  }

  private mutating func type(_ node: YAMLNode?) -> ModuleOption.Kind? {
    guard let node else { return nil }
    if let kind = node.text.flatMap(ModuleOption.Kind.init(rawValue:)) { return kind }
    mistake("an option has no type '\(node.text ?? node.kindName)'", at: node)
    return nil
  }

  private func flag(_ node: YAMLNode?) -> Bool? { node?.value().bool }

  private func groups(_ node: YAMLNode?) -> [[String]] { (node?.items ?? []).map { strings($0) } }

  /// A list of texts, or one text.
  private func strings(_ node: YAMLNode?) -> [String] {
    guard let node, !node.isNull else { return [] }
    return node.items?.compactMap(\.text) ?? node.text.map { [$0] } ?? []
  }

  private mutating func checkKeys(_ node: YAMLNode, _ known: [String], of what: String) {
    for entry in node.entries ?? [] {
      guard let key = entry.key.text, !known.contains(key) else { continue }
      let meant = nearestName(to: key, among: known)
      diagnostics.add(.error(
        "\(what) has no key '\(key)'", advice: meant.map { "did you mean '\($0)'?" }, at: entry.key.span))
    }
  }

  private mutating func mistake(_ message: String, at node: YAMLNode) {
    diagnostics.add(.error(message, at: node.span))
  }
}
