import Model
import Parsing

/// A JSON schema (draft 2020-12) of runbooks for editors, made of keyword lists and module manifests.
///
/// Where a keyword or an option takes a template, the schema takes any text with `{{` or `{%` in it. Rules between options
/// (`required_if` and its like) are not in it: `martlet run --syntax-check` tells those.
package struct RunbookSchema {
  private let manifests: [ModuleManifest]

  package init(_ manifests: [ModuleManifest]) { self.manifests = manifests }

  package var value: Value {
    [
      "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "runbook", "type": "array",
      "items": ["anyOf": [Self.reference("play"), Self.reference("import_playbook")]], "$defs": .dict(definitions),
    ]
  }

  private var definitions: Value.Dict {
    var definitions: Value.Dict = [
      "template": ["type": "string", "pattern": "\\{\\{|\\{%|\\{#"],
      "flag": ["anyOf": [["type": "boolean"], ["enum": .list(Self.flagWords)], Self.reference("template")]],
      "number": ["anyOf": [["type": "number"], ["type": "string", "pattern": "^\\s*-?[0-9.]+\\s*$"], Self.reference("template")]],
      "text": ["type": ["string", "number", "boolean", "null"]],
      "words": ["anyOf": [Self.reference("text"), ["type": "array", "items": Self.reference("text")]]],
      "variables": Self.anyOf(
        ["type": "object"], ["type": "array", "items": ["type": "object"]], ["type": "null"], Self.reference("template")),
      "conditions": ["anyOf": [Self.scalar, ["type": "array", "items": Self.scalar]]],
      "tasks": Self.listOf("block", "task"), "handlers": Self.listOf("block", "handler"),
      "loop_control": Self.object(KeywordNames.loopControl), "vars_prompt": Self.object(KeywordNames.varsPrompt, required: ["name"]),
      "play": Self.object(KeywordNames.play, required: ["hosts"]),
      "block": Self.object(KeywordNames.block, required: ["block"]),
      "role": ["anyOf": [["type": "string"], ["type": "object", "properties": .dict(Self.properties(KeywordNames.roleUse))]]],
    ]
    definitions["import_playbook"] = Self.object(
      KeywordNames.importPlaybook.union(["import_playbook", "ansible.builtin.import_playbook"]), isClosed: true)
    definitions["task"] = task(KeywordNames.task)
    definitions["handler"] = task(KeywordNames.handler)
    for manifest in manifests { definitions[.string("module_\(manifest.name)")] = Self.module(manifest) }
    return definitions
  }

  /// A task: keywords, `with_…`, and each module under all its names. What is neither is a mistake.
  private func task(_ keywords: Set<String>) -> Value {
    var properties = Self.properties(keywords)
    for manifest in manifests {
      for name in [manifest.name] + manifest.qualifiedNames where !keywords.contains(name) {
        properties[.string(name)] = Self.reference("module_\(manifest.name)")
      }
    }
    return [
      "type": "object", "properties": .dict(properties), "patternProperties": ["^with_[a-z_.]+$": true],
      "additionalProperties": false,
    ]
  }

  // MARK: Modules

  private static func module(_ manifest: ModuleManifest) -> Value {
    var properties: Value.Dict = [:], required: [Value] = []
    for (name, option) in manifest.options {
      for each in [name] + option.aliases { properties[.string(each)] = self.option(option) }
      if option.isRequired { required.append(["anyOf": .list(([name] + option.aliases).map { ["required": .list([.string($0)])] })]) }
    }
    var arguments: Value.Dict = [
      "type": "object", "properties": .dict(properties), "additionalProperties": .bool(manifest.acceptsAnyOption),
    ]
    if !required.isEmpty { arguments["allOf"] = .list(required) }
    // Text is k=v words, or what the module runs; nothing leaves all to `args` and defaults.
    return [
      "description": .string(manifest.shortDescription),
      "anyOf": .list([.dict(arguments), ["type": "string"], ["type": "null"]]),
    ]
  }

  private static func option(_ option: ModuleOption) -> Value {
    var schema = option.choices.isEmpty || option.kind == .list ? type(option.kind, option) : choice(option)
    var text = option.description.joined(separator: " ")
    if let reason = option.unsupported { text += " Not supported: \(reason)" }
    if !text.isEmpty { schema["description"] = .string(text) }
    if let preset = option.defaultValue { schema["default"] = preset }
    return .dict(schema)
  }

  private static func choice(_ option: ModuleOption) -> Value.Dict {
    // YAML reads `yes` and `no` without quotes as booleans; the choice is meant.
    let words = Set(option.choices.compactMap { $0.string?.lowercased() })
    let isFlag = option.kind == .bool || !words.isDisjoint(with: ["yes", "no", "on", "off", "true", "false"])
    return ["anyOf": .list([["enum": .list(option.choices)], reference("template")] + (isFlag ? [reference("flag")] : []))]
  }

  private static func type(_ kind: ModuleOption.Kind, _ option: ModuleOption) -> Value.Dict {
    switch kind {
    case .bool: return ["$ref": "#/$defs/flag"]
    case .int, .float: return ["$ref": "#/$defs/number"]
    case .str, .path, .bytes, .bits: return ["$ref": "#/$defs/text"]
    case .raw, .json, .jsonarg: return [:]
    case .dict: return ["anyOf": [suboptions(option), ["type": "string"], ["type": "null"]]]
    case .list:
      var items = Value.Dict()
      if let elements = option.elements {
        items = elements == .dict ? ["anyOf": [suboptions(option), ["type": "string"]]] : type(elements, option)
      }
      return ["anyOf": [["type": "array", "items": .dict(items)], reference("text")]]
    }
  }

  private static func suboptions(_ option: ModuleOption) -> Value {
    guard !option.suboptions.isEmpty else { return ["type": "object"] }
    var properties: Value.Dict = [:]
    for (name, suboption) in option.suboptions {
      for each in [name] + suboption.aliases { properties[.string(each)] = self.option(suboption) }
    }
    return ["type": "object", "properties": .dict(properties), "additionalProperties": false]
  }

  // MARK: Keywords

  private static let flagWords: [Value] = ["yes", "no", "on", "off", "true", "false", "y", "n", 0, 1]
  private static let scalar: Value = ["type": ["string", "number", "boolean", "null"]]

  private static func reference(_ name: String) -> Value { ["$ref": .string("#/$defs/\(name)")] }

  private static func anyOf(_ schemas: Value...) -> Value { ["anyOf": .list(schemas)] }

  private static func listOf(_ names: String...) -> Value {
    anyOf(["type": "array", "items": ["anyOf": .list(names.map(reference))]], ["type": "null"])
  }

  private static func object(_ keywords: Set<String>, required: [String] = [], isClosed: Bool = true) -> Value {
    var schema: Value.Dict = ["type": "object", "properties": .dict(properties(keywords)), "additionalProperties": .bool(!isClosed)]
    if !required.isEmpty { schema["required"] = .list(required.map(Value.string)) }
    return .dict(schema)
  }

  private static func properties(_ keywords: Set<String>) -> Value.Dict {
    var properties: Value.Dict = [:]
    for name in keywords.sorted() { properties[.string(name)] = keyword(name) }
    return properties
  }

  private static func keyword(_ name: String) -> Value {
    if flags.contains(name) { return reference("flag") }
    if numbers.contains(name) { return reference("number") }
    if conditions.contains(name) { return reference("conditions") }
    if words.contains(name) { return reference("words") }
    if let reference = own[name] { return reference }
    return reference("text")
  }

  private static let flags: Set<String> = [
    "any_errors_fatal", "become", "check_mode", "diff", "ignore_errors", "ignore_unreachable", "no_log", "run_once",
    "delegate_facts", "gather_facts", "force_handlers", "extended", "extended_allitems", "private", "confirm", "unsafe",
    "retry_safe",
  ]
  private static let numbers: Set<String> = [
    "port", "throttle", "timeout", "async", "poll", "retries", "delay", "gather_timeout", "pause", "salt_size",
  ]
  private static let conditions: Set<String> = ["when", "changed_when", "failed_when", "until", "break_when"]
  private static let words: Set<String> = [
    "tags", "hosts", "notify", "listen", "collections", "needs", "gather_subset", "serial", "max_fail_percentage",
  ]
  private static let own: [String: Value] = [
    "vars": reference("variables"), "environment": reference("variables"), "module_defaults": reference("variables"),
    "args": ["anyOf": [["type": "object"], reference("template")]], "action": ["type": ["string", "object"]],
    "local_action": ["type": ["string", "object"]], "loop": ["anyOf": [["type": "array"], ["type": "string"], ["type": "object"]]],
    "loop_control": reference("loop_control"), "block": reference("tasks"), "rescue": reference("tasks"),
    "always": reference("tasks"), "rollback": reference("tasks"), "tasks": reference("tasks"), "pre_tasks": reference("tasks"),
    "post_tasks": reference("tasks"), "handlers": reference("handlers"),
    "roles": ["anyOf": [["type": "array", "items": reference("role")], ["type": "null"]]], "on_failure": ["enum": ["rollback"]],
    "vars_files": ["anyOf": [["type": "array", "items": reference("words")], reference("text")]],
    "vars_prompt": ["anyOf": [["type": "array", "items": reference("vars_prompt")], reference("vars_prompt")]],
    "strategy": ["anyOf": [["enum": ["linear", "free", "host_pinned"]], ["type": "string"]]],
    "order": ["anyOf": [["enum": ["inventory", "reverse_inventory", "sorted", "reverse_sorted", "shuffle"]], reference("template")]],
    "canary": ["anyOf": [object(KeywordNames.canary), ["type": "null"]]],
    "become_method": ["anyOf": [["enum": ["sudo", "su", "doas"]], ["type": "string"]]],
    "default": [:], "label": [:],
  ]
}
